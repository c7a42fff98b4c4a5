import SystemModel

extension Storage {
    /// A time in which the server, or the path to it from some mounts, does not work as usual.
    ///
    /// Its end is known when it begins, so a request that meets it is answered at an instant that is known too.
    struct Outage {
        var kind: NFSFault
        var from: Int64
        var until: Int64
        /// Processes whose mount it hits.
        var hits: [Bool]
        /// It is the host of these processes that is cut off: whoever starts elsewhere is out of it.
        var isOfHost: Bool
        /// When the server works again: `until` and what its file system or its service takes to come back.
        var resumes: Int64
        /// When opens and locks are granted again; later than `resumes` if a client never reclaims.
        var opensResume: Int64
        /// Per process, while packets vanish: when the connection's first lost packet was sent; -1 if none is lost.
        var firstLost: [Int64]

        init(kind: NFSFault, from: Int64, until: Int64, hits: [Bool], isOfHost: Bool = false) {
            self.kind = kind
            self.from = from
            self.until = until
            self.hits = hits
            self.isOfHost = isOfHost
            resumes = until
            opensResume = until
            firstLost = Array(repeating: -1, count: kind == .drop ? hits.count : 0)
        }

        /// True where requests of `p` get no answer at `time`; a slow server is not away.
        func holds(_ p: Int, at time: Int64) -> Bool {
            guard hits[p], from <= time, time < until else { return false }
            if case .slow = kind { return false }
            return true
        }

        /// When the packets of `p` that left at `sent` get through: with TCP's next retransmission, whose times are
        /// 0.22 (2^k - 1) s after the packet that was lost first (measured on Linux 6.1); all packets of the connection
        /// wait for that one. `rtt` is part of the retransmission timeout.
        mutating func retransmission(of p: Int, sent: Int64, rtt: Int64) -> Int64 {
            let lost = max(sent, from)
            if firstLost[p] < 0 || lost < firstLost[p] { firstLost[p] = lost }
            return Retransmission.attempt(
                after: until, since: firstLost[p], initial: Retransmission.initial + rtt)
        }
    }
}
