/// Whose rules the control plane follows.
///
/// `v117` is the release line of the reference deployment (v1.17); `current` was read from v1.34.1.
package enum KubernetesVersion: String, Sendable, CaseIterable {
    case v117 = "1.17"
    case current
}
