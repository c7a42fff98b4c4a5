import DiscreteEvent
import Randomness
import RedisCluster
import SystemModel

/// replication.c as far as failover needs it: link state, offsets, partial and full resynchronisation.
extension ClusterSimulation {
    /// Bytes one write adds to the replication stream and to the AOF: a SET of a short key and value.
    static let bytesPerWrite = 100.0
    /// A replication PING is `*1\r\n$4\r\nPING\r\n`: 14 bytes.
    static let replicationPing: Int64 = 14
    /// What a long-established stream carried before the rehearsal: pings, no writes.
    static let initialOffset = replicationPing * 200

    func mintHistory() -> UInt32 {
        nextHistory += 1
        return nextHistory
    }

    /// The state of a long-established pair.
    func beginReplication(_ p: Int, following master: Int?) {
        links[p].offset = ClusterSimulation.initialOffset
        links[p].acknowledgedOffset = links[p].offset
        nodes[p].replication.offset = links[p].offset
        guard let master else {
            links[p].history = UInt32(p + 1000)
            return
        }
        links[p].state = .connected
        links[p].source = Int16(master)
        links[p].sourceGeneration = processes[master].generation
        links[p].history = UInt32(master + 1000)
        nodes[p].replication.following = processes[master].address
        nodes[p].replication.linkUp = true
        nodes[p].replication.lastInteraction = wall(0) / 1000
        links[p].acknowledgedTo = Int16(master)
        refreshGoodReplicas(master, at: 0)
    }

    // MARK: min-replicas-to-write

    /// A good replica's last acknowledgement is at most min-replicas-max-lag whole seconds old; 0 of either switches
    /// the rule off (refreshGoodSlavesCount).
    private var wantsGoodReplicas: Bool {
        model.conf.minReplicasToWrite > 0 && model.conf.minReplicasMaxLagSeconds > 0
    }

    /// Otherwise writes are answered with NOREPLICAS.
    func hasGoodReplicas(_ p: Int) -> Bool {
        !wantsGoodReplicas || Int(links[p].goodReplicas) >= model.conf.minReplicasToWrite
    }

    /// Counts again: once a second, and when a replica comes or goes. Whoever calls looks at who serves.
    func refreshGoodReplicas(_ p: Int, at time: Int64) {
        guard wantsGoodReplicas else { return }
        var good: Int32 = 0
        for r in 0..<count where Int(links[r].acknowledgedTo) == p {
            let lag = wall(time) / 1000 - wall(links[r].acknowledgedAt) / 1000
            if lag <= model.conf.minReplicasMaxLagSeconds { good += 1 }
        }
        links[p].goodReplicas = good
    }

    /// The source's kernel knows that this replica's connection is gone.
    private func forgetReplica(_ r: Int, at time: Int64) {
        let source = Int(links[r].acknowledgedTo)
        links[r].acknowledgedTo = -1
        if source >= 0 { refreshGoodReplicas(source, at: time) }
    }

    // MARK: Offsets

    var writeBytesPerNanosecond: Double { model.environment.load * ClusterSimulation.bytesPerWrite / 1e9 }

    /// A master's produced or a replica's processed offset.
    func offset(of p: Int, at time: Int64) -> Int64 {
        if links[p].state == .connected, links[p].source >= 0 {
            let source = Int(links[p].source)
            guard processes[source].isAlive, processes[p].state == .running,
                time >= links[p].streamHeldUntil, reachability.cutUntil(p, source, at: time) == nil
            else { return links[p].offset }
            return max(links[p].offset, offset(of: source, at: time - replicationLag) - links[source].unsent)
        }
        guard serving.grows(p) else { return links[p].offset }
        return links[p].offset + Int64(Double(max(0, time - links[p].offsetTime)) * writeBytesPerNanosecond)
    }

    /// How far a replica trails: the stream's way through two kernels and an event loop.
    private var replicationLag: Int64 { 500_000 }

    /// What the stream has brought to the replicas of `p` so far: called before it is interrupted, by a death or a cut.
    /// A replica has all that its source had handed to the kernel, not only what it has acknowledged.
    func settleReplicas(of p: Int, at time: Int64) {
        guard underLoad else { return }
        for r in 0..<count where follows(r, p) { settleOffset(r, at: time) }
    }

    func settleOffset(_ p: Int, at time: Int64) {
        links[p].offset = offset(of: p, at: time)
        links[p].offsetTime = time
        nodes[p].replication.offset = links[p].offset
    }

    func advanceOffset(_ p: Int, by bytes: Int64, at time: Int64) {
        settleOffset(p, at: time)
        links[p].offset += bytes
        nodes[p].replication.offset = links[p].offset
    }

    /// A replica of `p` whose last acknowledgement is behind: one that is not in sync yet, or whose machine has gone
    /// without a word, counts as well until repl-timeout (isReadyToShutdown: all of server.slaves).
    func replicaLags(_ p: Int, at time: Int64) -> Bool {
        let produced = offset(of: p, at: time)
        let timeout = model.conf.replicationTimeoutSeconds * 1_000_000_000
        for r in 0..<count where r != p {
            if links[r].state == .transfer, Int(links[r].source) == p { return true }
            if Int(links[r].acknowledgedTo) == p, links[r].acknowledgedOffset < produced,
                time - links[r].acknowledgedAt <= timeout
            {
                return true
            }
        }
        return false
    }

    func follows(_ replica: Int, _ source: Int) -> Bool {
        links[replica].state == .connected && Int(links[replica].source) == source
    }

    // MARK: Once a second

    /// replicationCron: acknowledgements, PINGs, timeouts, reconnects.
    func replicationCron(_ p: Int, at time: Int64) {
        let timeout = model.conf.replicationTimeoutSeconds
        if wantsGoodReplicas, nodes[p].isMaster {
            refreshGoodReplicas(p, at: time)
            servingChanged(at: time)
        }
        switch links[p].state {
        case .connected: acknowledge(p, at: time, timeout)
        case .connect: attempt(p, at: time)
        case .handshake, .transfer:
            if time - links[p].since > timeout * 1_000_000_000 { loseSource(p, at: time) }
        case .off: break
        }
        let period = model.conf.replicationPingPeriodSeconds
        guard nodes[p].table.peers[0].flags.has(.master), period > 0, processes[p].secondsRun % period == 0,
            processes[p].writesPausedUntil <= time, hasReplicas(p)
        else { return }
        advanceOffset(p, by: ClusterSimulation.replicationPing, at: time)
        for r in 0..<count where follows(r, p) { hear(r, from: p, at: time) }
    }

    private func hasReplicas(_ p: Int) -> Bool {
        for r in 0..<count where follows(r, p) { return true }
        return false
    }

    private func acknowledge(_ p: Int, at time: Int64, _ timeout: Int64) {
        let source = Int(links[p].source)
        if processes[source].state == .running, processes[source].stalledUntil <= time {
            if underLoad, passes(&links[p].streamHeldUntil, from: source, to: p, at: time) {
                nodes[p].replication.lastInteraction = wall(time) / 1000
            }
            if passes(&links[p].acknowledgementsHeldUntil, from: p, to: source, at: time) {
                settleOffset(p, at: time)
                links[p].acknowledgedOffset = links[p].offset
                links[p].acknowledgedAt = time
            }
        }
        if wall(time) / 1000 - nodes[p].replication.lastInteraction > timeout { loseSource(p, at: time) }
    }

    /// Data of the master arrives at a replica.
    private func hear(_ r: Int, from p: Int, at time: Int64) {
        guard processes[r].state == .running, passes(&links[r].streamHeldUntil, from: p, to: r, at: time) else {
            return
        }
        links[r].offset = max(links[r].offset, links[p].offset)
        links[r].offsetTime = time
        nodes[r].replication.offset = links[r].offset
        nodes[r].replication.lastInteraction = wall(time) / 1000
    }

    // MARK: Links

    /// replicationSetMaster: drop what was followed, connect at once.
    func follow(_ p: Int, _ node: NodeID, _ address: Address, at time: Int64) {
        settleOffset(p, at: time)
        forgetReplica(p, at: time)
        // Freeing the master's client dates the loss: without that a replica that moves could not stand for decades.
        if links[p].state == .connected { nodes[p].replication.downSince = wall(time) / 1000 }
        nodes[p].replication.linkUp = false
        links[p].state = .connect
        links[p].source = -1
        attempt(p, at: time)
        servingChanged(at: time)
    }

    /// What it holds is of another shard: on the bus it has nothing until it is in sync.
    func forgetOffset(_ p: Int, at time: Int64) {
        links[p].offset = 0
        links[p].offsetTime = time
        nodes[p].replication.offset = 0
    }

    /// replicationUnsetMaster: a new history; the old one stays valid up to here, so that siblings resynchronise
    /// partially.
    func stopFollowing(_ p: Int, at time: Int64) {
        settleOffset(p, at: time)
        links[p].state = .off
        links[p].source = -1
        links[p].step &+= 1
        forgetReplica(p, at: time)
        links[p].previousHistory = links[p].history
        links[p].previousEnd = links[p].offset + 1
        links[p].history = mintHistory()
        dropReplicas(of: p, at: time)
    }

    /// Replicas of `p` lose their link and ask again.
    private func dropReplicas(of p: Int, at time: Int64) {
        for r in 0..<count where Int(links[r].source) == p && links[r].state != .off { loseSource(r, at: time) }
    }

    /// A process died: its replicas' links break, if its kernel could say so, and its own are gone.
    func replicationLost(_ p: Int, goodbye: Bool, at time: Int64) {
        links[p].state = .off
        links[p].source = -1
        links[p].step &+= 1
        if goodbye {
            forgetReplica(p, at: time)
            dropReplicas(of: p, at: time)
        }
    }

    /// The link broke: cache the master, try again at once, then once a second.
    private func loseSource(_ r: Int, at time: Int64) {
        guard processes[r].isAlive else { return }
        settleOffset(r, at: time)
        forgetReplica(r, at: time)
        if links[r].state == .connected {
            nodes[r].replication.downSince = wall(time) / 1000
            recorder.note(time - faultTime, r, "loses its link to the master")
        }
        nodes[r].replication.linkUp = false
        links[r].state = .connect
        links[r].source = -1
        attempt(r, at: time)
    }

    /// connectWithMaster and the handshake up to PSYNC.
    private func attempt(_ r: Int, at time: Int64) {
        let address = nodes[r].replication.following
        links[r].step &+= 1
        links[r].streamHeldUntil = 0
        links[r].acknowledgementsHeldUntil = 0
        guard address != noAddress else { return }
        let q = Int(residents[Int(address)])
        guard q >= 0, processes[q].isAlive else { return }
        links[r].state = .handshake
        links[r].since = time
        links[r].source = Int16(q)
        links[r].sourceGeneration = processes[q].generation
        // PING, AUTH or not, REPLCONF twice, PSYNC: five round trips through two event loops.
        let near = processes[r].host == processes[q].host
        var duration: Int64 = 0
        for _ in 0..<10 { duration += (near ? costs.withinHost : costs.betweenHosts).sample(&dice[r].replication) }
        let answered = passage(from: r, to: q, at: time, initial: Retransmission.initialSyn)
        if answered < ClusterSimulation.never { scheduleStep(r, at: answered + duration) }
    }

    private func scheduleStep(_ r: Int, at time: Int64) {
        events.schedule(
            .replication(Int16(r), generation: processes[r].generation, step: links[r].step), at: max(time, events.now))
    }

    /// PSYNC's answer, or the end of a full transfer.
    func replicationStep(_ r: Int) {
        let q = Int(links[r].source)
        guard q >= 0, processes[q].isAlive, processes[q].generation == links[r].sourceGeneration else {
            links[r].state = .connect
            return
        }
        let passed = passage(from: q, to: r, at: events.now, initial: Retransmission.initial)
        guard passed == events.now else {
            if passed < ClusterSimulation.never { scheduleStep(r, at: passed) }
            return
        }
        if processes[q].state == .loading {
            // -LOADING is an error of the handshake: the next replicationCron tries again.
            links[r].state = .connect
            return
        }
        guard processes[q].state == .running, processes[r].state == .running,
            processes[q].stalledUntil <= events.now, processes[r].stalledUntil <= events.now
        else {
            // The peer's kernel took the connection, but nobody answers: look again until repl-timeout.
            scheduleStep(r, at: events.now + 10_000_000)
            return
        }
        if links[r].state == .transfer {
            connected(r, q, partial: false)
            return
        }
        // NOMASTERLINK: a replica that is not in sync itself serves nobody.
        if nodes[q].isReplica, !nodes[q].replication.linkUp {
            links[r].state = .connect
            return
        }
        if canContinue(r, from: q) {
            connected(r, q, partial: true)
            return
        }
        links[r].state = .transfer
        links[r].since = events.now
        scheduleStep(r, at: events.now + fullSyncDuration(r, from: q))
    }

    /// masterTryPartialResynchronization: a known history, and an offset inside the backlog.
    private func canContinue(_ r: Int, from q: Int) -> Bool {
        let wanted = links[r].offset
        let produced = offset(of: q, at: events.now)
        guard wanted <= produced + 1, produced - wanted <= model.conf.replicationBacklogBytes,
            wanted >= links[q].backlogStart
        else { return false }
        if links[r].history == links[q].history { return true }
        return links[r].history == links[q].previousHistory && wanted + 1 <= links[q].previousEnd
    }

    private func fullSyncDuration(_ r: Int, from q: Int) -> Int64 {
        let duration = model.environment.process.startUp.sample(&dice[r].replication)
        return duration + disklessDelay(r, from: q)
    }

    /// It counts whole seconds and is looked at once a second: 4 to 6 s for a delay of 5, nothing for 0. All that have
    /// come meanwhile are served by the child that the longest waiting one gets (shouldStartChildReplication).
    private func disklessDelay(_ r: Int, from q: Int) -> Int64 {
        guard model.conf.disklessSync, model.conf.disklessSyncDelaySeconds > 0 else { return 0 }
        if links[q].childStart <= events.now {
            let delay = Double(model.conf.disklessSyncDelaySeconds) - 1 + 2 * dice[r].replication.uniform()
            links[q].childStart = events.now + Int64(delay * 1e9)
        }
        return links[q].childStart - events.now
    }

    private func connected(_ r: Int, _ q: Int, partial: Bool) {
        links[r].state = .connected
        // Its own replicas belong to another history now: they lose their link and ask again.
        if links[r].history != links[q].history { dropReplicas(of: r, at: events.now) }
        links[r].history = links[q].history
        if partial { links[r].partialSyncs += 1 } else { links[r].fullSyncs += 1 }
        links[r].offset = offset(of: q, at: events.now)
        links[r].offsetTime = events.now
        links[r].connectedAt = events.now
        // Only the end of a diskless transfer is acknowledged at once (readSyncBulkPayload); else replicationCron does.
        links[r].acknowledgedOffset = !partial && model.conf.disklessSync ? links[r].offset : -1
        links[r].acknowledgedAt = events.now
        links[r].acknowledgedTo = Int16(q)
        nodes[r].replication.linkUp = true
        nodes[r].replication.downSince = 0
        nodes[r].replication.lastInteraction = wall(events.now) / 1000
        nodes[r].replication.offset = links[r].offset
        recorder.note(events.now - faultTime, r, partial ? "in sync (partial)" : "in sync (full)")
        if wantsGoodReplicas {
            refreshGoodReplicas(q, at: events.now)
            servingChanged(at: events.now)
        }
        if processes[r].isVictim { outcome[.resynchronised] = events.now - faultTime }
    }
}
