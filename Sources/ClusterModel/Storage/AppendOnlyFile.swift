import DiscreteEvent
import Randomness
import RedisCluster
import SystemModel

/// The AOF: flushAppendOnlyFile on the main thread.
///
/// Under `appendfsync everysec` the fsync is on another thread: with each new second of the wall clock the first write
/// hands it one. While one runs, writes are postponed, for up to two seconds by whole-second reckoning; then the write is
/// made anyway, meets pages under writeback, and blocks the process until the fsync is done. Under `always` the main
/// thread makes an fsync after each write and waits for it; under `no` there is none.
extension ClusterSimulation {
    /// flushAppendOnlyFile, at the end of a loop iteration and, for a postponed write, in serverCron.
    func flushAppendOnly(_ p: Int, _ time: inout Int64) {
        switch model.conf.appendFsync {
        case .everysec: flushEverySecond(p, &time)
        case .always: flushAlways(p, &time)
        case .no: return
        }
    }

    /// The writes since the process was last seen, each answered after its fsync; those that arrive during one share
    /// the next. Only a fsync that still runs matters to what comes now, so no more than the last ones are followed.
    private func flushAlways(_ p: Int, _ time: inout Int64) {
        let window = Int64(min(100e6, 64e9 / model.environment.load))
        if processes[p].appendDue < time - window { processes[p].appendDue = time - window + untilNextWrite(p) }
        while processes[p].appendDue <= time, writesReach(p) {
            let start = processes[p].appendDue
            let end = storage.syncEnd(
                p, bytes: Int(ClusterSimulation.bytesPerWrite), at: start, now: events.now, &dice[p].storage)
            processes[p].appendDue = min(end, ClusterSimulation.never) + untilNextWrite(p)
            guard end > time else { continue }
            stall(p, from: time, until: end)
            time = end
            return
        }
    }

    private func flushEverySecond(_ p: Int, _ time: inout Int64) {
        var second = wallSecond(time)
        if processes[p].fsyncEnds > time {
            guard mustWrite(p, time, second) else { return }
            blockOnWrite(p, &time)
            second = wallSecond(time)
            processes[p].appendDue = time
        } else {
            if processes[p].postponedSince != 0 { processes[p].appendDue = time }
            processes[p].postponedSince = 0
            if second > processes[p].appendSecond { expectWrite(p, time, second) }
        }
        guard second > processes[p].fsyncSecond, processes[p].appendDue <= time else { return }
        beginSync(p, at: max(processes[p].appendDue, processes[p].fsyncEnds), second)
    }

    /// A write meets a running fsync: it is postponed, unless it has been for two seconds.
    private func mustWrite(_ p: Int, _ time: Int64, _ second: Int64) -> Bool {
        if processes[p].postponedSince == 0 {
            guard writesReach(p) else { return false }
            processes[p].postponedSince = second
            let limit = start(ofSecond: second + 2) + untilNextWrite(p)
            if processes[p].fsyncEnds > limit, limit > events.now {
                events.schedule(.wake(Int16(p), generation: processes[p].generation), at: limit)
            }
            return false
        }
        return second - processes[p].postponedSince >= 2
    }

    private func blockOnWrite(_ p: Int, _ time: inout Int64) {
        processes[p].postponedSince = 0
        stall(p, from: time, until: processes[p].fsyncEnds)
        time = processes[p].fsyncEnds
    }

    /// The first write of a new second; at least the first since the process was last seen.
    private func expectWrite(_ p: Int, _ time: Int64, _ second: Int64) {
        guard writesReach(p) else { return }
        processes[p].appendSecond = second
        processes[p].appendDue = start(ofSecond: second) + untilNextWrite(p)
    }

    /// The fsync begins with the write, which may have been a moment ago: nothing waits for it before its end.
    private func beginSync(_ p: Int, at start: Int64, _ second: Int64) {
        processes[p].fsyncSecond = second
        guard start < ClusterSimulation.never else { return }
        let span = min(max(start - processes[p].fsyncBegan, 0), 60_000_000_000)
        let bytes = max(1, Int(Double(span) * writeBytesPerNanosecond))
        processes[p].fsyncBefore = processes[p].fsyncBegan
        processes[p].fsyncBegan = start
        processes[p].dirtySince = start
        processes[p].fsyncEnds = storage.syncEnd(p, bytes: bytes, at: start, now: events.now, &dice[p].storage)
        if storage.volumes[p].strayReturns >= 0 { storage.volumes[p].appendedBesideStray = true }
    }

    /// An outage began while an fsync was on its way: it is answered when the outage is over.
    func prolongSync(_ p: Int) {
        guard processes[p].fsyncEnds > events.now else { return }
        let retried = storage.syncEnd(p, bytes: 1, at: events.now, now: events.now, &dice[p].storage)
        processes[p].fsyncEnds = max(processes[p].fsyncEnds, retried)
    }

    /// Bytes that the kernel holds and the server does not: all since the last fsync.
    func dirtyBytes(_ p: Int, at time: Int64) -> Int {
        guard storage.appends, processes[p].state == .running, model.conf.appendFsync != .always else { return 0 }
        return Int(Double(min(max(time - processes[p].dirtySince, 0), 60_000_000_000)) * writeBytesPerNanosecond)
    }

    /// A master that takes writes, or a replica in sync with one: the replication stream goes to its AOF too.
    private func writesReach(_ p: Int) -> Bool {
        if links[p].state == .connected, links[p].source >= 0 { return serving.grows(Int(links[p].source)) }
        return serving.grows(p)
    }

    /// Writes come as they please: the time to the next is exponential.
    private func untilNextWrite(_ p: Int) -> Int64 {
        storage.nextWrite.sample(&dice[p].storage)
    }

    private func wallSecond(_ time: Int64) -> Int64 { wall(time) / 1000 }

    func start(ofSecond second: Int64) -> Int64 { second * 1_000_000_000 - wallOffset }
}
