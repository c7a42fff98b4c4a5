/// Replication's TCP connections under a cut: what is lost is sent again at growing intervals, so that a stream goes on
/// some time after its path does. A cut of 20 s keeps it for up to 28 s.
extension ClusterSimulation {
    /// When bytes that are ready at `time` get through; `never` if the cut has no end.
    ///
    /// - Parameter initial: the first interval, ns.
    func passage(from: Int, to: Int, at time: Int64, initial: Int64) -> Int64 {
        guard let end = reachability.cutUntil(from, to, at: time) else { return time }
        return end < ClusterSimulation.never
            ? Retransmission.attempt(after: end, since: time, initial: initial) : ClusterSimulation.never
    }

    /// Whether bytes of an established stream get through at `time`. The first that do not begin a series of
    /// retransmissions, and hold back those behind them until `heldUntil`.
    func passes(_ heldUntil: inout Int64, from: Int, to: Int, at time: Int64) -> Bool {
        guard time >= heldUntil else { return false }
        let passed = passage(from: from, to: to, at: time, initial: Retransmission.initial)
        if passed > time { heldUntil = passed }
        return passed == time
    }

    /// A cut begins: streams that never rest lose their first bytes at once, others when they next have some.
    func stallBusyStreams(at time: Int64) {
        guard underLoad else { return }
        for r in 0..<count where links[r].state == .connected {
            _ = passes(&links[r].streamHeldUntil, from: Int(links[r].source), to: r, at: time)
        }
    }
}
