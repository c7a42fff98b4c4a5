/// What the control plane does about a node that falls silent. All times in ns.
///
/// v1.17 pkg/controller/nodelifecycle and kubelet defaults; the grace period is 50 s since 1.32.
package struct NodeLifecycle: Sendable, Equatable {
    package static let second: Int64 = 1_000_000_000

    /// The controller looks at all nodes this often.
    package var monitorPeriod = 5 * second
    /// A lease that was last renewed longer ago than this makes the node Unknown.
    package var monitorGrace: Int64
    /// Admission gives every pod that says nothing tolerations of this length for not-ready and unreachable.
    package var defaultToleration = 300 * second

    package init(version: KubernetesVersion) {
        monitorGrace = (version == .v117 ? 40 : 50) * Self.second
    }

    /// When the pass of the monitor happens that finds the node silent; passes are at `monitorPhase` + k × the period.
    ///
    /// In that pass all pods of the node become not ready and leave Endpoints, and the NoSchedule taint is set.
    package func unknownAt(lastRenewal: Int64, monitorPhase: Int64) -> Int64 {
        let due = lastRenewal &+ monitorGrace &+ 1
        guard monitorPeriod > 0 else { return due }
        let since = due &- monitorPhase
        let passes = since <= 0 ? 0 : (since &- 1) / monitorPeriod &+ 1
        return monitorPhase &+ passes &* monitorPeriod
    }

    /// When the NoExecute taint is queued: one pass after the node became Unknown, since the pass that flips the
    /// condition still sees the old one. It is applied as soon as the zone's rate limiter has a token.
    package func taintQueuedAt(unknownAt: Int64) -> Int64 { unknownAt &+ monitorPeriod }

    /// How long after the taint the pod is deleted: the shortest toleration that matches; nil where it stays for ever.
    package func toleration(of pod: PodSpec, to taint: Taint) -> Int64? {
        let matching = pod.tolerations.filter { $0.tolerates(taint) }
        guard !matching.isEmpty else {
            let hasDefault = taint.key == Self.unreachable.key || taint.key == Self.notReady.key
            return hasDefault ? defaultToleration : 0
        }
        return matching.compactMap(\.seconds).map { Int64(clamping: max($0, 0)).multipliedClamping(by: Self.second) }
            .min()
    }

    package static let unreachable = Taint(key: "node.kubernetes.io/unreachable", effect: .noExecute)
    package static let notReady = Taint(key: "node.kubernetes.io/not-ready", effect: .noExecute)
}

extension Int64 {
    fileprivate func multipliedClamping(by other: Int64) -> Int64 {
        let (product, overflow) = multipliedReportingOverflow(by: other)
        return overflow ? .max : product
    }
}

/// The tokens by which the controller starts evictions of a zone's nodes: one at once, then one every 1/rate.
///
/// client-go flowcontrol's token bucket with burst 1.
package struct EvictionLimiter: Sendable, Equatable {
    private var freeAt: Int64 = .min

    package init() {}

    /// When a node that is queued at `time` (ns) has its taint applied; nil while the rate is 0. Takes the token.
    package mutating func admit(at time: Int64, perSecond rate: Double) -> Int64? {
        guard rate > 0 else { return nil }
        let admitted = max(time, freeAt)
        freeAt = admitted &+ Int64(min(1e9 / rate, 9e18))
        return admitted
    }
}
