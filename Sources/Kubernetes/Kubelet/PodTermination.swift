/// The end of a pod's containers after a graceful delete (v1.17 kuberuntime_container.go). All times in ns.
package struct PodTermination: Sendable, Equatable {
    /// What is left of the grace period after preStop is never less than this.
    package static let minimumWindow: Int64 = 2_000_000_000

    /// When SIGTERM is sent: after preStop.
    package let sigterm: Int64
    /// When SIGKILL follows if the process still runs.
    package let sigkill: Int64

    /// - Parameters:
    ///   - deletedAt: when the kubelet sees the deletion.
    ///   - grace: `terminationGracePeriodSeconds` or the delete call's own, in ns; 0 kills after the minimum window.
    ///   - preStop: how long the hook runs; it is cut off at the end of the grace period.
    package init(deletedAt: Int64, grace: Int64, preStop: Int64 = 0) {
        let grace = max(grace, 0)
        let hook = min(max(preStop, 0), grace)
        sigterm = deletedAt &+ hook
        sigkill = sigterm &+ max(grace &- hook, Self.minimumWindow)
    }
}
