/// How long the kubelet waits before it starts a container again: 0, 10, 20, 40, 80, 160, 300, 300... s.
///
/// client-go util/flowcontrol/backoff.go with the kubelet's 10 s and 300 s. A wait is counted from the container's end.
/// What the wait is, is decided by the last start: more than 10 minutes between that and the end, and there is none;
/// more than 10 minutes between two starts, and the doubling begins anew.
package struct RestartBackOff: Sendable, Equatable {
    package static let initial: Int64 = 10_000_000_000
    package static let maximum: Int64 = 300_000_000_000
    /// Twice the maximum without a restart forgets what was before.
    package static let expiry = 2 * maximum

    private var backOff: Int64?
    private var lastStart: Int64 = 0

    package init() {}

    /// The instant (ns) at which a container that ended at `end` starts again. Records that start.
    package mutating func restart(endedAt end: Int64) -> Int64 {
        guard let current = backOff else {
            record(Self.initial, end)
            return end
        }
        let start = end &- lastStart > Self.expiry ? end : end &+ current
        let isForgotten = start &- lastStart > Self.expiry
        record(isForgotten ? Self.initial : min(current * 2, Self.maximum), start)
        return start
    }

    private mutating func record(_ next: Int64, _ start: Int64) {
        backOff = next
        lastStart = start
    }
}
