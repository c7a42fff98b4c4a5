import DiscreteEvent
import Randomness
import RedisCluster
import SystemModel

/// How a replication begins: a cluster that has been up for long, at a random moment of its life.
extension ClusterSimulation {
    package func prepare(_ index: Int) {
        outcome = Outcome(replication: index)
        resetWorld()
        var clock = stream(.wallClock, 0)
        let drawn = ClusterSimulation.epoch + Int64(clock.uniform() * 1e10)
        wallOffset = beginning.map { $0.wallClock * 1000 } ?? drawn
        faultDice = stream(.fault, 0)
        pods?.prepare(self)
        for p in 0..<count { prepareProcess(p) }
        nameShards()
        creation = Creation()
        let members = (0..<count).filter { isMember($0) }
        for p in 0..<count { if beginsUncreated || !isMember(p) { leaveAlone(p) } else { fillTable(p, members) } }
        if !beginsUncreated {
            for p in members {
                for q in members where p != q { join(p, q) }
            }
        }
        for p in 0..<count { if isMember(p) { startRunning(p) } else { standAside(p) } }
        servingChanged(at: 0)
        let settle = model.conf.nodeTimeout * 1_000_000 + ClusterSimulation.warmUp
        faultTime = beginning?.lead ?? settle + Int64(faultDice.uniform() * 2e9)
        horizon = faultTime + (scenario?.horizon ?? 0)
        scheduleTimeline()
        pods?.retryPending(self)
    }

    /// What a cluster lives through before the fault, beside a node timeout, ns. Nodes learn of pongs by gossip, in
    /// whole seconds, and so come to ping the same peers together: on 7.0.15 the phases of pings were found in step
    /// after about a minute, whatever they were at first. The fault itself strikes at a random phase.
    package static let warmUp: Int64 = 60_000_000_000

    /// 2022-07-04, when the reference deployment was observed; any date will do.
    static let epoch: Int64 = 1_656_911_837_000_000_000

    private func resetWorld() {
        events.removeAll()
        alarms.silenceAll()
        wire.reset()
        connections.removeAll()
        held.removeAll()
        refusals.removeAll()
        inboxes.removeAll()
        residents.removeAll()
        residents.append(-1)
        vanished.removeAll(keepingCapacity: true)
        effects.removeAll()
        outgoing.removeAll()
        reachability.removeAll()
        storage.reset(stream(.storage, count))
        serving.reset(parts: wire.slots.layout.parts.count)
        recorder.reset()
        stepTargets.removeAll(keepingCapacity: true)
        outbound.update(repeating: -1, count: count * peerStride)
        nextHistory = 1
    }

    private func prepareProcess(_ p: Int) {
        let generation = processes[p].generation &+ 1
        processes[p] = RedisProcess()
        processes[p].generation = generation
        var names = stream(.identity, p)
        let drawn = NodeName(high: names.next(), middle: names.next(), low: UInt32(truncatingIfNeeded: names.next()))
        processes[p].nodeID = wire.mint(model.standing.nodeIDs?[p] ?? drawn)
        processes[p].host = Int16(initialHost(p))
        processes[p].address = mintAddress(for: p)
        links[p] = ReplicaLink()
        nodeDice[p] = NodeDice(
            gossip: stream(.gossip, p), election: stream(.election, p), table: stream(.nodeTable, p))
        dice[p] = ProcessDice(
            loop: stream(.loop, p), network: stream(.network, p), storage: stream(.storage, p),
            replication: stream(.replication, p))
    }

    /// A shard has the id that its master drew when it first started, after its node id.
    private func nameShards() {
        var keys = [UInt64](repeating: 0, count: wire.slots.layout.parts.count)
        for p in 0..<shape.masters {
            var names = stream(.identity, p)
            for _ in 0..<3 { _ = names.next() }
            if let part = model.standing.part(ofMaster: p) { keys[part] = names.next() }
        }
        wire.nameShards(keys)
    }

    private func initialHost(_ p: Int) -> Int {
        switch model.deployment {
        case .processes(let deployment): deployment.placement[p]
        case .kubernetes: pods?.worker(of: p) ?? 0
        }
    }

    /// A new address, and its resident.
    func mintAddress(for p: Int) -> Address {
        let text = addressText(for: p)
        let address = wire.mint(ip: text.ip, port: text.port)
        residents.append(Int16(p))
        return address
    }

    private func addressText(for p: Int) -> (ip: String, port: Int) {
        switch model.deployment {
        case .processes:
            // One loopback address for each life of each process.
            let number = wire.addresses.count
            return ("127.0.\(number / 250).\(number % 250 + 1)", model.conf.port)
        case .kubernetes:
            return (pods?.nextAddress(of: p) ?? "", model.conf.port)
        }
    }

    // MARK: Tables

    /// Whether the process has been running: a pod that no worker takes has never started, and no node has met it.
    private func isMember(_ p: Int) -> Bool { pods.map { $0.worker(of: p) >= 0 } ?? true }

    private func standAside(_ p: Int) {
        processes[p].isStranger = true
        vacate(p)
    }

    /// The master that `p` follows in the cluster as it stands. A replica whose master has never started follows nobody
    /// and owns nothing.
    private func standingMaster(of p: Int) -> Int? { shape.master(of: p).flatMap { isMember($0) ? $0 : nil } }

    /// A table as it is after `redis-cli --cluster create`, or as the model says: masters in their epochs, replicas
    /// attached.
    private func fillTable(_ p: Int, _ members: [Int]) {
        nodes[p].conf = model.conf
        nodes[p].startFresh(id: processes[p].nodeID, &nodeDice[p], &wire)
        let time = wall(0)
        var others: [Peer] = []
        for q in members where q != p {
            var peer = Peer(id: processes[q].nodeID, flags: standingMaster(of: q) == nil ? .master : .replica)
            peer.address = processes[q].address
            peer.createdTime = time - 3_600_000
            peer.linkCreated = time - 3_600_000
            peer.link = .connected
            // Ages as in a steady state; the first seconds before the fault make them exact.
            let drawn = nodeDice[p].gossip.uniform() * Double(min(model.conf.nodeTimeout / 2, 2500))
            peer.pongReceived = time - (beginning?.pongAges[p * count + q] ?? Int64(drawn))
            peer.dataReceived = peer.pongReceived
            peer.configEpoch = initialEpoch(q)
            others.append(peer)
        }
        nodes[p].table.add(contentsOf: others, &nodeDice[p].table)
        nodes[p].table.peers[0].address = processes[p].address
        nodes[p].table.peers[0].configEpoch = standingMaster(of: p) == nil ? initialEpoch(p) : 0
        nodes[p].currentEpoch = model.standing.currentEpoch(shape)
        assignRoles(p, members)
        nodes[p].stateIsOk = true
        nodes[p].size = members.count { $0 < shape.masters && model.standing.part(ofMaster: $0) != nil }
        nodes[p].firstStateCall = time - 3_600_000
        nodes[p].ticksUntilRandomPing = 1 + nodeDice[p].gossip.below(10)
        nodes[p].save(into: &disks[p])
    }

    private func initialEpoch(_ q: Int) -> UInt64 {
        model.standing.configEpoch(ofMaster: standingMaster(of: q) ?? q)
    }

    private func assignRoles(_ p: Int, _ members: [Int]) {
        for q in members {
            let index = nodes[p].table.index(of: processes[q].nodeID)
            if let master = standingMaster(of: q) {
                if q == p {
                    nodes[p].table.peers[0].flags.remove(.master)
                    nodes[p].table.peers[0].flags.insert(.replica)
                }
                nodes[p].setMaster(of: index, to: nodes[p].table.index(of: processes[master].nodeID))
            } else if q < shape.masters {
                if let part = model.standing.part(ofMaster: q) { nodes[p].setOwner(of: part, to: index, &wire) }
                if shape.hasReplicas(q) { nodes[p].table.peers[Int(index)].flags.insert(.migrateTo) }
            }
        }
    }

    /// An established link from p to q, warm: it has carried pings.
    private func join(_ p: Int, _ q: Int) {
        let toQ = nodes[p].table.index(of: processes[q].nodeID)
        let toP = nodes[q].table.index(of: processes[p].nodeID)
        let id = connections.allocate()
        connections[id].opener = Int16(p)
        connections[id].acceptor = Int16(q)
        connections[id].openerPeer = toQ
        connections[id].acceptorPeer = toP
        connections[id].state = .established
        connections[id].openerOpen = true
        connections[id].acceptorOpen = true
        connections[id].delaysAcks = true
        connections[id].address = processes[q].address
        connections[id].openerAddress = processes[p].address
        outbound[p * peerStride + Int(toQ)] = id
        nodes[q].table.peers[Int(toP)].accepted = id
    }

    private func startRunning(_ p: Int) {
        processes[p].state = .running
        storage.volumes[p].lock.take(by: processes[p].host, createdFile: true)
        if storage.onNFS { storage.volumes[p].configLength = configLength(p) }
        processes[p].timerDue = firstTick(p)
        processes[p].tickAt = processes[p].timerDue
        processes[p].untilReplicationCron = Int32(nodes[p].ticksUntilRandomPing % 10)
        processes[p].secondsRun = Int64(dice[p].loop.below(1000))
        if !beginsUncreated { beginReplication(p, following: standingMaster(of: p)) }
        ensureTick(p)
    }

    /// At a random phase, or where ticks have come to since the one that is known of.
    private func firstTick(_ p: Int) -> Int64 {
        guard let age = beginning?.tickAges[p] else {
            return Int64(dice[p].loop.uniform() * Double(ClusterSimulation.cronPeriod))
        }
        var tick = -age
        while tick < 0 {
            tick += costs.tick.sample(&dice[p].loop) + ClusterSimulation.cronPeriod + costs.wakeUp.sample(&dice[p].loop)
        }
        return tick
    }
}
