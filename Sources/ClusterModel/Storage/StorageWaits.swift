import DiscreteEvent
import Randomness
import RedisCluster
import SystemModel

/// What a process waits for storage for, and what the world sees of it.
extension ClusterSimulation {
    /// Longer waits are outages for the clients, and are told; shorter ones are part of every write's latency.
    static let longWait: Int64 = 100_000_000

    /// Writes nodes.conf on the main thread; returns when the thread is free again.
    func save(_ p: Int, fsync: Bool, at time: Int64) -> Int64 {
        let end = writeConfig(p, fsync: fsync, at: time)
        stall(p, from: time, until: end)
        return end
    }

    private func writeConfig(_ p: Int, fsync: Bool, at time: Int64) -> Int64 {
        nodes[p].save(into: &disks[p])
        var bytes = 0
        var shrinks = false
        if storage.onNFS {
            bytes = configLength(p)
            shrinks = bytes < storage.volumes[p].configLength
            storage.volumes[p].configLength = bytes
        }
        if rules.replacesNodesConf {
            storage.volumes[p].lock.leaveReplacedFile()
            return storage.replaceEnd(p, bytes: bytes, fsync: fsync, at: time, now: events.now, &dice[p].storage)
        }
        return storage.saveEnd(
            p, bytes: bytes, shrinks: shrinks, fsync: fsync, at: time, now: events.now, &dice[p].storage)
    }

    /// pauseClients: a look at who serves is due when the pause ends by itself.
    func pauseWrites(_ p: Int, until end: Int64, at time: Int64) {
        processes[p].writesPausedUntil = end
        servingChanged(at: time)
        if !rules.endsPause { scheduleThaw(p, at: end) }
    }

    /// The main thread waits for storage: its clients do too.
    func stall(_ p: Int, from time: Int64, until end: Int64) {
        guard end - time > ClusterSimulation.longWait else { return }
        // What its clients wrote in this loop iteration has been executed, and has not left for the replicas. Under
        // `always` it has not been answered either.
        if underLoad, serving.grows(p), model.conf.appendFsync != .always {
            advanceOffset(p, by: Int64(ClusterSimulation.bytesPerWrite), at: time)
            links[p].unsent = Int64(ClusterSimulation.bytesPerWrite)
        }
        tallyStall(p, from: time, until: end)
        processes[p].stalledUntil = end
        recorder.note(time - faultTime, p, "waits for storage")
        servingChanged(at: time)
        scheduleThaw(p, at: end)
    }

    /// Waits that follow one another without a turn of the loop between them are one.
    private func tallyStall(_ p: Int, from time: Int64, until end: Int64) {
        if processes[p].stalledUntil != time { processes[p].stalledSince = time }
        guard faultTime > 0, time <= horizon, min(end, horizon) > faultTime, !stepTargets.isEmpty else { return }
        if !processes[p].hasStalled { outcome.stalledServers += 1 }
        processes[p].hasStalled = true
        outcome.longestStall = max(outcome.longestStall, min(end, horizon) - processes[p].stalledSince)
    }

    private func scheduleThaw(_ p: Int, at end: Int64) {
        guard end < ClusterSimulation.never else { return }
        events.schedule(.thaw(Int16(p), generation: processes[p].generation), at: max(end, events.now))
    }

    /// Storage has answered: what was queued leaves.
    func thaw(_ p: Int) {
        if processes[p].stalledUntil != 0, processes[p].stalledUntil <= events.now {
            processes[p].stalledUntil = 0
            links[p].unsent = 0
            recorder.note(events.now - faultTime, p, "storage answers")
            servingChanged(at: events.now)
        }
        if processes[p].writesPausedUntil != 0, processes[p].writesPausedUntil <= events.now {
            processes[p].writesPausedUntil = 0
            servingChanged(at: events.now)
        }
        guard !storage.deferred.isEmpty else { return }
        let due = storage.deferred.filter { Int($0.process) == p && $0.at <= events.now }
        storage.deferred.removeAll { Int($0.process) == p && $0.at <= events.now }
        for send in due { transmit(send.message, from: p, at: events.now) }
    }

    /// Messages that leave after a long wait are kept until then: the process may be killed before, or its peers may
    /// close the connection.
    func deferSends(_ p: Int, until time: Int64) {
        for position in outgoing.indices {
            let message = outgoing[position]
            if time < ClusterSimulation.never {
                storage.deferred.append(DeferredSend(process: Int16(p), at: time, message: message))
            } else {
                wire.release(message.message)
            }
        }
        scheduleThaw(p, at: time)
    }

    /// The process is gone: what it would have said is not said.
    func dropDeferred(of p: Int) {
        guard !storage.deferred.isEmpty else { return }
        for send in storage.deferred where Int(send.process) == p { wire.release(send.message.message) }
        storage.deferred.removeAll { Int($0.process) == p }
    }

    /// SIGTERM's last writes: the AOF is fsynced, and an RDB saved if save points exist; Valkey saves nodes.conf too.
    func shutdownWrites(_ p: Int, at time: Int64) -> Int64 {
        var end = time
        if model.conf.appendOnly {
            let bytes = max(1, dirtyBytes(p, at: time))
            end = storage.syncEnd(p, bytes: bytes, at: end, now: events.now, &dice[p].storage)
        }
        if model.conf.savePoints {
            end = storage.fileEnd(p, bytes: Storage.pageBytes, at: end, now: events.now, &dice[p].storage)
        }
        return rules.savesAtShutdown ? writeConfig(p, fsync: true, at: end) : end
    }

    // MARK: The end of a process, its files, and its successor

    /// When the kernel has flushed what a dying process wrote: before any of its sockets is closed (exit_files flushes
    /// every file in turn; what remains of a socket is torn down afterwards).
    func flushAtDeath(_ p: Int) -> Int64 {
        storage.flushEnd(
            p, bytes: dirtyBytes(p, at: events.now), at: events.now, now: events.now, &dice[p].storage)
    }

    /// Descriptors are released newest first: the links, then the AOF with a CLOSE, and only then the bus port, which
    /// was opened before it. So peers that reconnect meanwhile succeed, and ping a process that never answers (inferred
    /// from measured failovers on 7.0.15). The lock on nodes.conf goes last. False if the process is gone at once.
    func lingerOnStorage(_ p: Int, at time: Int64) -> Bool {
        guard storage.onNFS else { return false }
        let closed = storage.closeEnd(p, dirty: 0, at: time, now: events.now, &dice[p].storage)
        let unlocked = storage.closeEnd(p, dirty: 0, at: closed, now: events.now, &dice[p].storage)
        storage.volumes[p].lock.release(at: unlocked)
        processes[p].portOpenUntil = closed
        if closed < ClusterSimulation.never {
            events.schedule(.portClosed(Int16(p), generation: processes[p].generation), at: closed)
        }
        return true
    }

    /// The process's host is not heard of any more. Where only the network is cut the process goes on, unfenced.
    func leaveBehind(_ p: Int) {
        guard storage.onNFS else { return }
        let stillRuns = storage.isCutOff(p, at: events.now)
        storage.volumes[p].lock.fallSilent(
            at: storage.awaySince(p, at: events.now), stillRuns: stillRuns, model.environment.nfs, &dice[p].storage)
        if stillRuns { storage.volumes[p].strayReturns = storage.usableAfter(p, events.now) }
    }

    /// A host that was not heard of is up again, its processes gone.
    func hostReturned(_ host: Int) {
        for p in 0..<count where storage.onNFS && Int(storage.volumes[p].lock.host) == host {
            storage.volumes[p].lock.hostReturned(at: events.now, model.environment.nfs, &dice[p].storage)
        }
    }

    /// No packet of these processes' hosts gets through, none to the NFS server either.
    func cutStorage(_ targets: [Int], until end: Int64) {
        guard storage.onNFS, !targets.isEmpty else { return }
        storage.add(
            Storage.Outage(kind: .drop, from: events.now, until: end, hits: mask(targets), isOfHost: true))
        for p in targets { prolongSync(p) }
    }

    /// A starting process opens and locks nodes.conf. True if it may go on now; otherwise it tries again when it can,
    /// or is done for.
    func openVolume(_ p: Int) -> Bool {
        guard storage.onNFS else { return true }
        if processes[p].host != storage.volumes[p].lock.host { storage.leaveOutagesOfHost(p) }
        let usable = storage.usableAfter(p, events.now)
        guard usable == events.now else {
            recorder.note(events.now - faultTime, p, "hangs opening nodes.conf: storage is away")
            retryStart(p, at: usable)
            return false
        }
        guard !storage.volumes[p].isDamaged(at: events.now) else {
            recorder.note(
                events.now - faultTime, p, "refuses to start: two servers wrote to its AOF, which is damaged")
            return false
        }
        return lockVolume(p)
    }

    /// How long a supervisor waits before it starts a server again that has refused to run, where no kubelet does.
    private static let supervisorDelay: Int64 = 500_000_000

    private func lockVolume(_ p: Int) -> Bool {
        let host = processes[p].host
        let stray = storage.volumes[p].lock.holderStillRuns
        switch storage.volumes[p].lock.request(by: host, at: events.now, model.environment.nfs, &dice[p].storage) {
        case .granted:
            if !stray { storage.volumes[p].strayReturns = -1 }
            storage.volumes[p].lock.take(by: host, createdFile: processes[p].volumeLost)
            return true
        case .hangs(let end):
            recorder.note(events.now - faultTime, p, "hangs opening nodes.conf: the server waits for a lost client")
            retryStart(p, at: end)
            return false
        case .refused:
            recorder.note(
                events.now - faultTime, p,
                "refuses to start: nodes.conf is already used by a different Redis Cluster node")
            if let pods {
                pods.processEnded(self, p)
            } else {
                retryStart(p, at: events.now + ClusterSimulation.supervisorDelay)
            }
            return false
        }
    }

    private func retryStart(_ p: Int, at time: Int64) {
        guard time < ClusterSimulation.never else { return }
        events.schedule(.start(Int16(p), generation: processes[p].generation), at: time)
    }
}
