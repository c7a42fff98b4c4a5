package enum KubernetesVersion: String, Sendable, CaseIterable { case v117 = "1.17", current }

package struct ClusterObjects: Sendable {
    package init() {}
}
