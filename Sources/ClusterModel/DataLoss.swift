import DiscreteEvent
import Randomness
import RedisCluster
import SystemModel

/// Acknowledged writes that are gone: those a deposed master's successor never got, and those that were in no file yet
/// when a master died and came back as the master.
extension ClusterSimulation {
    // MARK: To a successor

    /// From here on the winner's history is the shard's; what else the deposed master acknowledged, or goes on to
    /// acknowledge because it does not know yet, is lost when it follows the winner.
    func depose(_ deposed: Int, for winner: Int) {
        guard deposed >= 0, deposed != winner, underLoad else { return }
        let surviving = offset(of: winner, at: events.now)
        links[deposed].survivingOffset = surviving
        // WAIT 1 took any replica's word for it: what another replica had and the winner has not is lost all the same.
        let confirmed = replicas(of: deposed).map { offset(of: $0, at: events.now) }.max() ?? surviving
        outcome.confirmedWritesLost += wholeWrites(in: confirmed - surviving, of: deposed)
        links[deposed].unwritten = 0
    }

    /// Writes that process `p` acknowledged as a master and its successor never got.
    func countLoss(of p: Int) {
        guard links[p].survivingOffset >= 0 else { return }
        let missing = links[p].offset - links[p].survivingOffset
        links[p].survivingOffset = -1
        outcome.writesLost += wholeWrites(in: missing, of: p)
    }

    /// Writes that end within a stretch of process `p`'s stream. Offsets grow evenly, so a stretch begins anywhere
    /// within a write: it holds one more or less than its length, and their mean is the length.
    private func wholeWrites(in bytes: Int64, of p: Int) -> Double {
        guard bytes > 0 else { return 0 }
        var dice = stream(.workload, p)
        return (Double(bytes) / ClusterSimulation.bytesPerWrite + dice.uniform()).rounded(.down)
    }

    // MARK: To a death

    /// A master dies: what of its stream is in no file that it will find when it starts again.
    ///
    /// - Parameters:
    ///   - machineIsLost: what the kernel had not flushed is gone as well.
    ///   - isOrderly: it has saved what it saves at a shutdown.
    func leaveUnwritten(_ p: Int, machineIsLost: Bool, isOrderly: Bool, at time: Int64) {
        guard underLoad, nodes[p].isMaster, nodes[p].table.peers[0].ownsSlots, links[p].survivingOffset < 0 else {
            return
        }
        // A second death before it took writes again adds nothing to what the first has lost.
        let bytes = max(links[p].unwritten, unwrittenBytes(p, machineIsLost, isOrderly, at: time))
        links[p].unwritten = min(bytes, everything(of: p))
        links[p].unwrittenHistory = links[p].history
    }

    /// All that the rehearsal's clients have written to it.
    private func everything(of p: Int) -> Int64 { max(0, links[p].offset - ClusterSimulation.initialOffset) }

    private func unwrittenBytes(_ p: Int, _ machineIsLost: Bool, _ isOrderly: Bool, at time: Int64) -> Int64 {
        if processes[p].volumeLost { return everything(of: p) }
        if isOrderly, model.conf.appendOnly || model.conf.savePoints { return 0 }
        // No RDB file is newer than the rehearsal.
        guard model.conf.appendOnly else { return everything(of: p) }
        let since = machineIsLost ? lastDurable(p, at: time) : lastWritten(p, at: time)
        return Int64(Double(max(0, time - since)) * writeBytesPerNanosecond)
    }

    /// The kernel keeps what a killed process has written; only a postponed write is still in the process's own buffer.
    private func lastWritten(_ p: Int, at time: Int64) -> Int64 {
        guard storage.appends, processes[p].postponedSince != 0, processes[p].fsyncEnds > time else { return time }
        return max(processes[p].fsyncBegan, start(ofSecond: processes[p].postponedSince))
    }

    /// Until when everything was on stable storage.
    private func lastDurable(_ p: Int, at time: Int64) -> Int64 {
        switch model.conf.appendFsync {
        case .always: return time
        case .no:
            // The kernel writes back what has been dirty for 30 s, and looks every 5 s (vm.dirty_expire_centisecs and
            // vm.dirty_writeback_centisecs, defaults).
            let cycle = 30e9 + 5e9 * dice[p].storage.uniform()
            return time - Int64(dice[p].storage.uniform() * cycle)
        case .everysec where storage.appends:
            return processes[p].fsyncEnds > time ? processes[p].fsyncBefore : processes[p].fsyncBegan
        case .everysec:
            // A local disk's background fsync: it begins with the first write of each second of the wall clock.
            let second = start(ofSecond: wall(time) / 1000)
            let first = second + Distribution.exponential(mean: 1e9 / model.environment.load).sample(&dice[p].storage)
            let end = first + model.environment.disk.sync.sample(&dice[p].storage)
            return time >= end ? min(first, time) : second - 1_000_000_000
        }
    }

    /// It takes writes again, and its replicas follow it into the past.
    func countUnwritten(_ p: Int) {
        guard links[p].unwritten > 0 else { return }
        outcome.writesLost += wholeWrites(in: links[p].unwritten, of: p)
        links[p].unwritten = 0
    }

    /// At the horizon: it is back as the master of its slots, or nobody else has what it had.
    func countUnwrittenAtHorizon(_ p: Int) {
        guard links[p].unwritten > 0 else { return }
        let isBack = processes[p].isAlive && nodes[p].isMaster && nodes[p].table.peers[0].ownsSlots
        let history = links[p].unwrittenHistory
        let isKept = (0..<count).contains { r in
            r != p && processes[r].isAlive && (links[r].history == history || links[r].previousHistory == history)
        }
        if isBack || !isKept { countUnwritten(p) }
    }
}
