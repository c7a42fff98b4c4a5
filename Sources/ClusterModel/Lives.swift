import DiscreteEvent
import Randomness
import RedisCluster
import SystemModel

/// A process's lives: death, exit, start, freeze.
extension ClusterSimulation {
    /// The process is gone now. `goodbye`: its kernel closes its sockets; otherwise its host vanished with it.
    /// `isOrderly`: it has saved what it saves at a shutdown.
    func die(_ p: Int, goodbye: Bool, isOrderly: Bool = false) {
        guard processes[p].isAlive else { return }
        passQuietTicks(p, until: events.now)
        let time = events.now
        settleReplicas(of: p, at: time)
        settleOffset(p, at: time)
        leaveUnwritten(p, machineIsLost: !goodbye, isOrderly: isOrderly, at: time)
        if isOrderly, processes[p].state == .running, model.conf.savePoints {
            links[p].savedHistory = links[p].history
            links[p].savedOffset = links[p].offset
        }
        let closing = goodbye ? flushAtDeath(p) : time
        processes[p].state = .absent
        processes[p].generation &+= 1
        processes[p].shutdownRequested = false
        processes[p].shutdownWaitSince = 0
        dropDeferred(of: p)
        closeAllConnections(of: p, goodbye: goodbye && closing < ClusterSimulation.never, at: closing)
        replicationLost(p, goodbye: goodbye && closing - time < ClusterSimulation.longWait, at: closing)
        if goodbye {
            if !lingerOnStorage(p, at: closing) { pods?.processEnded(self, p) }
        } else {
            leaveBehind(p)
        }
        recorder.note(time - faultTime, p, goodbye ? "process exits" : "process vanishes with its host")
        watch.note(goodbye ? .refuses : .silent, p, time - faultTime)
        servingChanged(at: time)
    }

    /// SIGSTOP: the kernel goes on accepting and buffering, the process does nothing.
    func freeze(_ p: Int, for duration: Int64?) {
        guard processes[p].state == .running else { return }
        passQuietTicks(p, until: events.now)
        settleOffset(p, at: events.now)
        processes[p].state = .frozen
        recorder.note(events.now - faultTime, p, "process frozen")
        watch.note(.silent, p, events.now - faultTime)
        servingChanged(at: events.now)
        if let duration {
            events.schedule(.resume(Int16(p), generation: processes[p].generation), at: events.now + duration)
        }
    }

    /// SIGCONT: the overdue timer runs first, then what the kernel buffered is read.
    func resume(_ p: Int) {
        guard processes[p].state == .frozen else { return }
        processes[p].state = .running
        processes[p].busyUntil = max(processes[p].busyUntil, events.now)
        processes[p].wakePending = false
        recorder.note(events.now - faultTime, p, "process continues")
        watch.note(.answers, p, events.now - faultTime)
        servingChanged(at: events.now)
        iterateInterrupted(p, at: events.now)
        completeConnects(p)
    }

    /// Connects that succeeded while the process could not look.
    private func completeConnects(_ p: Int) {
        for slot in 0..<connections.used {
            let id = ConnectionID(slot)
            let connection = connections[id]
            guard connection.state == .established, Int(connection.opener) == p, connection.openerOpen,
                nodes[p].table.peers[Int(connection.openerPeer)].link == .connecting
            else { continue }
            connectDone(id, connection.generation, succeeded: true)
        }
    }

    // MARK: Start

    /// Brings a dead process back after `delay`.
    func scheduleStart(_ p: Int, after delay: Int64, newAddress: Bool) {
        if newAddress { vacate(p) }
        events.schedule(.start(Int16(p), generation: processes[p].generation), at: events.now + delay)
    }

    /// The address is nobody's from now on.
    func vacate(_ p: Int) {
        residents[Int(processes[p].address)] = -1
        processes[p].address = noAddress
    }

    /// exec: nodes.conf is locked and read, the ports open, the dataset loads.
    func startProcess(_ p: Int) {
        guard processes[p].state == .absent, pods?.mayRun(p) ?? true else { return }
        guard openVolume(p) else { return }
        processes[p].generation &+= 1
        if processes[p].address == noAddress { processes[p].address = mintAddress(for: p) }
        residents[Int(processes[p].address)] = Int16(p)
        vanished.removeAll { $0 == processes[p].address }
        processes[p].state = .loading
        processes[p].busyUntil = 0
        processes[p].wakePending = false
        // What an earlier life waited for or had paused went with it.
        processes[p].writesPausedUntil = 0
        processes[p].stalledUntil = 0
        processes[p].fsyncEnds = 0
        processes[p].postponedSince = 0
        recorder.note(events.now - faultTime, p, "process starts at \(wire.addresses[Int(processes[p].address)].ip)")
        watch.note(.loading, p, events.now - faultTime)
        loadConfig(p)
        let opened = storage.openEnd(p, at: events.now, now: events.now, &dice[p].storage)
        let loading = model.environment.process.startUp.sample(&dice[p].loop) + clockCalibration(p)
        events.schedule(.loaded(Int16(p), generation: processes[p].generation), at: opened + loading)
    }

    /// Three sleeps of 10 ms, each of which ends late.
    private func clockCalibration(_ p: Int) -> Int64 {
        guard rules.calibratesClock else { return 0 }
        return (0..<3).reduce(0) { sum, _ in sum + 10_000_000 + costs.wakeUp.sample(&dice[p].loop) }
    }

    private func loadConfig(_ p: Int) {
        if processes[p].volumeLost {
            processes[p].volumeLost = false
            links[p].savedHistory = 0
            let name = NodeName(
                high: nodeDice[p].table.next(), middle: nodeDice[p].table.next(),
                low: UInt32(truncatingIfNeeded: nodeDice[p].table.next()))
            processes[p].nodeID = wire.mint(name)
            recorder.rename(processes[p].nodeID, to: p)
            nodes[p].startFresh(id: processes[p].nodeID, &nodeDice[p], &wire)
            nodes[p].save(into: &disks[p])
        } else {
            nodes[p].start(from: disks[p], at: wall(events.now), &nodeDice[p], &wire)
        }
        nodes[p].replication = ReplicationView()
        links[p].state = .off
        links[p].childStart = 0
        loadHistory(p)
    }

    /// loadDataFromDisk: an RDB tells a replica where it was, and since 7.0 a master up to where its replicas may have
    /// followed it. After an AOF the history is a new one, and no partial resynchronisation will fit.
    private func loadHistory(_ p: Int) {
        let (saved, end) = (links[p].savedHistory, links[p].savedOffset)
        links[p].previousHistory = 0
        links[p].backlogStart = 0
        guard saved != 0, !model.conf.appendOnly else {
            links[p].history = mintHistory()
            return
        }
        if nodes[p].isReplica {
            links[p].history = saved
            links[p].offset = end
            links[p].offsetTime = events.now
            nodes[p].replication.offset = end
            return
        }
        links[p].history = mintHistory()
        guard rules.restoresMastersHistory else { return }
        links[p].previousHistory = saved
        links[p].previousEnd = end + 1
        links[p].backlogStart = end
    }

    /// "Ready to accept connections": the first tick follows within a millisecond.
    func beginLoop(_ p: Int) {
        guard processes[p].state == .loading else { return }
        processes[p].state = .running
        watch.note(.answers, p, events.now - faultTime)
        processes[p].timerDue = events.now
        processes[p].tickAt = events.now + 500_000
        alarms.set(p, at: .max)
        processes[p].untilReplicationCron = 0
        processes[p].secondsRun = 0
        nodes[p].schedule(.updateState)
        ensureTick(p)
        servingChanged(at: events.now)
    }

    // MARK: SIGTERM

    func terminate(_ p: Int) {
        guard processes[p].isAlive else { return }
        passQuietTicks(p, until: events.now)
        processes[p].shutdownRequested = true
        recorder.note(events.now - faultTime, p, "SIGTERM")
        switch processes[p].state {
        case .running: ensureTick(p)
        // Looked for every 2 MB that are loaded; nothing is saved (whileBlockedCron, sigShutdownHandler).
        case .loading: events.schedule(.exit(Int16(p), generation: processes[p].generation), at: events.now)
        case .absent, .frozen: break
        }
    }

    /// The end of a shutdown; the process comes back if the scenario says so.
    func exit(_ p: Int) {
        let delay = processes[p].returnDelay
        processes[p].returnDelay = -1
        die(p, goodbye: true, isOrderly: true)
        if delay >= 0 { scheduleStart(p, after: delay, newAddress: processes[p].returnsElsewhere) }
    }

    /// prepareForShutdown, at a serverCron: wait for replicas that lag, then save and exit. True if the tick ends here.
    func shutdownStep(_ p: Int, _ time: inout Int64) -> Bool {
        let limit = model.conf.shutdownTimeoutSeconds * 1_000_000_000
        if rules.waitsForReplicas, limit > 0, replicaLags(p, at: time) {
            if processes[p].shutdownWaitSince == 0 {
                processes[p].shutdownWaitSince = time
                // REPLCONF GETACK itself moves the offset, so only the replica's next periodic ACK ends the wait.
                advanceOffset(p, by: 37, at: time)
                processes[p].writesPausedUntil = ClusterSimulation.never
                servingChanged(at: time)
            }
            if time - processes[p].shutdownWaitSince < limit { return false }
        }
        // The AOF is fsynced and an RDB written on the main thread, then every descriptor is closed.
        time = shutdownWrites(p, at: time)
        handOver(p, at: time)
        processes[p].busyUntil = time
        if time < ClusterSimulation.never {
            events.schedule(.exit(Int16(p), generation: processes[p].generation), at: time)
        }
        processes[p].timerDue = ClusterSimulation.never
        processes[p].tickAt = ClusterSimulation.never
        return true
    }
}
