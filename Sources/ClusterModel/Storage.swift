import DiscreteEvent
import Randomness
import RedisCluster
import SystemModel

/// The volumes under nodes.conf and the AOF: a local disk, or mounts of one NFS server.
///
/// Redis feels storage only through what its main thread waits for: saves of nodes.conf, and an AOF write while an
/// fsync is stuck. Outages have ends that are known when they begin, so a wait's end is computed when it begins.
struct Storage {
    let environment: Environment
    let onNFS: Bool
    private(set) var outages: [Outage] = []

    struct Outage {
        var kind: NFSFault
        var from: Int64
        var until: Int64
        /// Processes whose mount it hits.
        var hits: [Bool]
    }

    init(model: SystemModel) {
        environment = model.environment
        switch model.deployment {
        case .processes(let deployment): onNFS = deployment.storage == .nfs
        case .kubernetes(let deployment): onNFS = deployment.dataOnNFS
        }
    }

    mutating func removeAll() { outages.removeAll(keepingCapacity: true) }

    mutating func add(_ outage: Outage) { outages.append(outage) }

    /// When a save of nodes.conf that begins at `time` is done: open, write in place, [fsync], close.
    func saveEnd(_ p: Int, fsync: Bool, at time: Int64, _ dice: inout RandomStream) -> Int64 {
        guard onNFS else {
            var end = time + environment.disk.save.sample(&dice)
            if fsync { end += environment.disk.sync.sample(&dice) }
            return end
        }
        // Measured: two round trips with or without fsync, as close-to-open flushes at close what fsync did not.
        let opened = requestEnd(p, at: time, commits: false, &dice)
        return requestEnd(p, at: opened, commits: true, &dice)
    }

    /// When a background fsync of the AOF that begins at `time` is done: one round trip and the server's commit.
    func syncEnd(_ p: Int, at time: Int64, _ dice: inout RandomStream) -> Int64 {
        guard onNFS else { return time + environment.disk.sync.sample(&dice) }
        return requestEnd(p, at: time, commits: true, &dice)
    }

    /// When the mount of `p` can be used, from `time` on: mounts and unmounts hang while the server is away.
    func usableAfter(_ p: Int, _ time: Int64) -> Int64 {
        var usable = time
        for outage in outages where onNFS && outage.hits[p] && outage.from <= usable && usable < outage.until {
            if case .slow = outage.kind { continue }
            usable = outage.until
        }
        return usable
    }

    /// One request to the server, from its first transmission to its reply.
    private func requestEnd(_ p: Int, at time: Int64, commits: Bool, _ dice: inout RandomStream) -> Int64 {
        guard time < ClusterSimulation.never else { return time }
        let nfs = environment.nfs
        var duration = nfs.rtt.sample(&dice) + nfs.service.sample(&dice)
        if commits, nfs.export == .sync { duration += nfs.commit.sample(&dice) }
        var end = time + duration
        for outage in outages where outage.hits[p] && outage.from <= end && time < outage.until {
            end = max(end, returning(from: outage, at: time, duration, &dice))
        }
        return end
    }

    /// When a request that meets an outage is answered. The three kinds come back differently (measured).
    private func returning(from outage: Outage, at time: Int64, _ duration: Int64, _ dice: inout RandomStream) -> Int64 {
        guard outage.until < ClusterSimulation.never else { return ClusterSimulation.never }
        switch outage.kind {
        case .slow(let delay): return time + duration + delay
        case .stall: return outage.until + Int64(dice.uniform() * 200e6) + duration
        case .drop:
            let sent = max(time, outage.from)
            return Retransmission.attempt(after: outage.until, since: sent, initial: Retransmission.initial) + duration
        case .restart: return outage.until + environment.nfs.grace.sample(&dice) + duration
        }
    }
}

extension ClusterSimulation {
    /// Writes nodes.conf on the main thread; returns when the thread is free again.
    func save(_ p: Int, fsync: Bool, at time: Int64) -> Int64 {
        nodes[p].save(into: &disks[p])
        let end = storage.saveEnd(p, fsync: fsync, at: time, &dice[p].storage)
        stall(p, from: time, until: end)
        return end
    }

    /// The main thread waits for storage: its clients do too.
    func stall(_ p: Int, from time: Int64, until end: Int64) {
        // Shorter waits are part of every write's latency, not an outage of the slots.
        guard end - time > 100_000_000 else { return }
        processes[p].stalledUntil = end
        recorder.note(time - faultTime, p, "waits for storage")
        servingChanged(at: time)
        if end < ClusterSimulation.never {
            events.schedule(.thaw(Int16(p), generation: processes[p].generation), at: max(end, events.now))
        }
    }

    func thaw(_ p: Int) {
        recorder.note(events.now - faultTime, p, "storage answers")
        servingChanged(at: events.now)
    }

    // MARK: AOF under everysec

    /// Writes flow, so the AOF has something to write in every second.
    var appendsUnderLoad: Bool { underLoad && model.conf.appendOnly && storage.onNFS }

    /// flushAppendOnlyFile once a tick: with everysec an fsync starts with each new second of the wall clock; while one
    /// runs, writes are postponed for up to two seconds by whole-second reckoning, then made anyway, and block.
    func flushAppendOnly(_ p: Int, _ time: inout Int64) {
        let second = wall(time) / 1000
        if processes[p].fsyncEnds > time {
            if processes[p].postponedSince == 0 { processes[p].postponedSince = second }
            guard second - processes[p].postponedSince >= 2 else { return }
            processes[p].postponedSince = 0
            stall(p, from: time, until: processes[p].fsyncEnds)
            time = processes[p].fsyncEnds
            return
        }
        processes[p].postponedSince = 0
        if second > processes[p].fsyncSecond {
            processes[p].fsyncSecond = second
            processes[p].fsyncEnds = storage.syncEnd(p, at: time, &dice[p].storage)
        }
    }

    /// SIGTERM's last writes: the AOF is fsynced, and an RDB saved if save points exist.
    func shutdownWrites(_ p: Int, at time: Int64) -> Int64 {
        var end = time
        if model.conf.appendOnly { end = storage.syncEnd(p, at: end, &dice[p].storage) }
        if model.conf.savePoints { end = storage.saveEnd(p, fsync: true, at: end, &dice[p].storage) }
        return end
    }

    // MARK: Locks and lingering descriptors

    /// How long a start has to wait for nodes.conf's lock; nil if it is free.
    func lockDelay(_ p: Int) -> Int64? { nil }

    /// A dying process's NFS files are released one by one, a round trip each, before its bus port closes; so peers
    /// that reconnect meanwhile succeed, and ping a process that never answers.
    func lingerOnStorage(_ p: Int, at time: Int64) {
        guard storage.onNFS else { return }
        let end = storage.saveEnd(p, fsync: false, at: time, &dice[p].storage)
        processes[p].portOpenUntil = end
        if end < ClusterSimulation.never {
            events.schedule(.portClosed(Int16(p), generation: processes[p].generation), at: end)
        }
    }
}
