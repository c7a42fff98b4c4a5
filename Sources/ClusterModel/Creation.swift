import DiscreteEvent
import Randomness
import RedisCluster
import SystemModel

/// `redis-cli --cluster create` (clusterManagerCommandCreate of 7.0) at work: one command after another, each waiting
/// for the answer to the one before.
struct Creation {
    /// What comes next, in redis-cli's order.
    var phase = Phase.slots
    /// The process whose turn it is in this phase.
    var process = 0
    var dice = RandomStream(key: 0)

    enum Phase { case slots, epochs, meetings, agreement, replicas, done }

    /// redis-cli sleeps for a second between the MEETs and its first look, and between looks.
    static let lookPeriod: Int64 = 1_000_000_000
}

extension ClusterSimulation {
    /// The scenario starts with servers that know nobody.
    var beginsUncreated: Bool { scenario?.timeline.first?.action == .create }

    /// A server that has never been in a cluster.
    func leaveAlone(_ p: Int) {
        nodes[p].conf = model.conf
        nodes[p].startFresh(id: processes[p].nodeID, &nodeDice[p], &wire)
        nodes[p].ticksUntilRandomPing = 1 + nodeDice[p].gossip.below(10)
        nodes[p].save(into: &disks[p])
        links[p] = ReplicaLink()
        links[p].history = mintHistory()
    }

    func beginCreation() {
        creation = Creation()
        creation.dice = stream(.creation, 0)
        // The masters are the witnesses; the replicas' synchronisation is what is waited for.
        for p in shape.masters..<count { processes[p].isVictim = true }
        events.schedule(.creation, at: events.now + roundTrip())
    }

    /// A command's way to a server and its answer's way back.
    private func roundTrip() -> Int64 {
        let network = model.environment.network
        return network.betweenHosts.sample(&creation.dice) + network.betweenHosts.sample(&creation.dice)
    }

    /// One command, or one look, and when the next comes.
    func continueCreation() {
        let pause: Int64?
        switch creation.phase {
        case .slots:
            assignSlots(creation.process)
            pause = advance()
        case .epochs:
            command(.setConfigEpoch(UInt64(creation.process + 1)), creation.process)
            pause = advance()
        case .meetings:
            meet(creation.process)
            pause = advance()
        case .agreement: pause = lookForAgreement()
        case .replicas:
            attach(creation.process)
            pause = advance()
        case .done: return
        }
        if creation.phase != .done { events.schedule(.creation, at: events.now + (pause ?? roundTrip())) }
    }

    /// The next command's turn; how long to sleep before it, where redis-cli does.
    private func advance() -> Int64? {
        creation.process += 1
        let isOver = creation.process >= (creation.phase == .slots ? shape.masters : count)
        guard isOver else { return nil }
        switch creation.phase {
        case .slots:
            creation.phase = .epochs
            creation.process = 0
        case .epochs where count > 1:
            // The others meet the first node.
            creation.phase = .meetings
            creation.process = 1
        case .epochs, .meetings:
            creation.phase = .agreement
            return Creation.lookPeriod
        case .agreement, .replicas, .done: creation.phase = .done
        }
        return nil
    }

    private func assignSlots(_ master: Int) {
        guard let part = model.standing.part(ofMaster: master) else { return }
        command(.addSlots(wire.slots.single(part)), master)
    }

    private func meet(_ p: Int) {
        guard processes[0].address != noAddress else { return }
        command(.meet(processes[0].address), p)
    }

    private func attach(_ p: Int) {
        guard let master = shape.master(of: p) else { return }
        command(.replicate(processes[master].nodeID), p)
    }

    /// Looks once; how long until the next look, if there must be one.
    private func lookForAgreement() -> Int64? {
        guard everybodyAgrees else { return Creation.lookPeriod }
        recorder.note(events.now - faultTime, -1, "all nodes agree about the slots")
        creation.process = shape.masters
        creation.phase = creation.process < count ? .replicas : .done
        return nil
    }

    /// clusterManagerIsConfigConsistent: every server that answers names the same owner for each slot.
    private var everybodyAgrees: Bool {
        for part in wire.slots.layout.parts.indices {
            var owner = noNode
            for p in 0..<count where processes[p].state == .running {
                let index = nodes[p].owners[part]
                let named = index == noPeer ? noNode : nodes[p].table.peers[Int(index)].id
                if named == noNode || (owner != noNode && named != owner) { return false }
                owner = named
            }
        }
        return true
    }

    /// A client's command, at the server's next turn of the loop; one that does not run answers nothing.
    private func command(_ input: Input, _ p: Int) {
        guard processes[p].state == .running else { return }
        var time = max(events.now, processes[p].busyUntil)
        guard time < ClusterSimulation.never else { return }
        perform(input, p, &time)
        finishSideIteration(p, time)
    }
}
