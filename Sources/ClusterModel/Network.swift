/// Who can reach whom. Cuts and delays have ends that are known when they begin, so a packet's fate is decided when it
/// is sent: it arrives, or its retransmission does.
struct Reachability {
    /// A cut between two sets of hosts or processes, or a delay.
    struct Fault {
        var from: Int64
        var until: Int64
        /// Bit sets over processes: packets between the two sides are hit.
        var left: [Bool]
        var right: [Bool]
        /// Extra one-way delay in ns; nil where packets vanish.
        var delay: Int64?
    }

    private(set) var faults: [Fault] = []

    mutating func removeAll() { faults.removeAll(keepingCapacity: true) }

    mutating func add(_ fault: Fault) { faults.append(fault) }

    /// Until when packets from `a` to `b` sent at `time` vanish; nil if they pass.
    func cutUntil(_ a: Int, _ b: Int, at time: Int64) -> Int64? {
        var end: Int64?
        for fault in faults where fault.delay == nil && fault.from <= time && time < fault.until {
            if (fault.left[a] && fault.right[b]) || (fault.left[b] && fault.right[a]) {
                end = max(end ?? 0, fault.until)
            }
        }
        return end
    }

    func extraDelay(_ a: Int, _ b: Int, at time: Int64) -> Int64 {
        var total: Int64 = 0
        for fault in faults where fault.from <= time && time < fault.until {
            guard let delay = fault.delay else { continue }
            if (fault.left[a] && fault.right[b]) || (fault.left[b] && fault.right[a]) { total += delay }
        }
        return total
    }
}

/// When TCP tries again.
enum Retransmission {
    /// Linux: the first retransmission timeout on a short path is 200 ms plus a few of variance, then it doubles, up to
    /// 120 s (tcp_rto_min, TCP_RTO_MAX). Measured through NFS: 0.22 (2^k - 1) s after the packet that was lost first.
    static let initial: Int64 = 220_000_000
    static let longest: Int64 = 120_000_000_000
    /// A SYN is sent again after 1 s, doubling.
    static let initialSyn: Int64 = 1_000_000_000

    /// The first attempt at or after `time` of a series that began at `start`.
    static func attempt(after time: Int64, since start: Int64, initial: Int64) -> Int64 {
        var at = start
        var gap = initial
        while at < time, gap < longest {
            at += gap
            gap = min(gap * 2, longest)
        }
        if at < time { at += (time - at + longest - 1) / longest * longest }
        return at
    }
}
