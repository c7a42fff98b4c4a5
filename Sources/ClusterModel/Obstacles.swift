import DiscreteEvent
import Randomness
import RedisCluster
import SystemModel

/// Why a replication did not recover: what a careful reader of the wreck would say.
extension ClusterSimulation {
    func obstacle() -> Outcome.Obstacle {
        let far = events.now + 1_000_000_000
        let hanging = (0..<count).filter { processes[$0].isAlive && processes[$0].busyUntil > far }
        if let p = hanging.first {
            return hanging.contains { processes[$0].stalledUntil > far } || storage.isAway(p, at: events.now)
                ? .storageAway : .busy
        }
        if !isCutForGood, !isConnectedByAddresses { return .addressesLost }
        let unserved = serving.unservedSince.indices.filter { serving.unservedSince[$0] >= 0 }
        // Where one part has no master none is served (full coverage): that part is the reason, not the first in order.
        guard let part = unserved.first(where: { owner(of: $0) < 0 }) ?? unserved.first else {
            return isCutForGood ? .cutOff : .notYet
        }
        guard largestElectorate >= shape.masters / 2 + 1 else {
            return majorityWasTogether ? .majorityTogether : .noQuorum
        }
        guard owner(of: part) < 0 else { return isCutForGood ? .cutOff : .notYet }
        let candidates = runningReplicas(ofOwnerOf: part)
        if candidates.isEmpty { return whyNoReplica(of: part) }
        if candidates.contains(where: { nodes[$0].election.obstacle == .dataAge }) { return .dataTooOld }
        return .notYet
    }

    private func isRunning(_ p: Int) -> Bool { processes[p].state == .running }

    /// The running process that believes the part its own; -1 if there is none.
    private func owner(of part: Int) -> Int {
        (0..<count).first { isRunning($0) && nodes[$0].isMaster && nodes[$0].owners[part] == ClusterNode.myself } ?? -1
    }

    private func runningReplicas(ofOwnerOf part: Int) -> [Int] {
        (0..<count).filter { p in
            isRunning(p) && nodes[p].isReplica && nodes[p].master != noPeer && nodes[p].owners[part] == nodes[p].master
        }
    }

    private func ownsSlotsAsMaster(_ p: Int) -> Bool { nodes[p].isMaster && nodes[p].table.peers[0].ownsSlots }

    /// Packets between the two vanish, and nothing says that this ends.
    private func isCutForGood(_ a: Int, _ b: Int) -> Bool {
        reachability.cutUntil(a, b, at: events.now) == ClusterSimulation.never
    }

    private var isCutForGood: Bool {
        (0..<count).contains { a in isRunning(a) && (0..<count).contains { isRunning($0) && isCutForGood(a, $0) } }
    }

    /// Every running node can be found by every other, over third nodes that introduce them: who knows another's
    /// present address pings it, and is known by that ping. A node that starts afresh knows nobody and doesn't count.
    private var isConnectedByAddresses: Bool {
        let running = (0..<count).filter { isRunning($0) && nodes[$0].table.count > 1 }
        var found = Array(running.prefix(1))
        var next = 0
        while next < found.count {
            let p = found[next]
            next += 1
            found += running.filter { !found.contains($0) && (knowsAddress($0, of: p) || knowsAddress(p, of: $0)) }
        }
        return found.count == running.count
    }

    private func knowsAddress(_ p: Int, of q: Int) -> Bool {
        let index = nodes[p].table.index(of: processes[q].nodeID)
        return index != noPeer && nodes[p].table.peers[Int(index)].address == processes[q].address
    }

    /// Running masters with slots that one running node can reach, at best: those an election can count on.
    private var largestElectorate: Int {
        let voters = (0..<count).filter { isRunning($0) && ownsSlotsAsMaster($0) }
        return (0..<count).filter(isRunning).map { p in voters.count { !isCutForGood(p, $0) } }.max() ?? 0
    }

    /// Half of the masters or more were on one machine that is gone.
    private var majorityWasTogether: Bool {
        let gone = (0..<count).filter { !isRunning($0) && ownsSlotsAsMaster($0) && machineIsLost(of: $0) }
        return gone.contains { p in
            gone.count { processes[$0].host == processes[p].host } > shape.masters - (shape.masters / 2 + 1)
        }
    }

    /// Who had the part is what a survivor believes; all its replicas may have gone with its machine.
    private func whyNoReplica(of part: Int) -> Outcome.Obstacle {
        let believed = (0..<count).filter(isRunning).map { p -> Int in
            let index = nodes[p].owners[part]
            return index == noPeer ? -1 : recorder.process(of: nodes[p].table.peers[Int(index)].id, count: count)
        }
        if let master = believed.first(where: { $0 >= 0 }) {
            let gone = replicas(of: master)
            let together = gone.allSatisfy { processes[$0].host == processes[master].host && machineIsLost(of: $0) }
            if !gone.isEmpty, machineIsLost(of: master), together { return .replicaBesideMaster }
        }
        return pods?.stuckPods.isEmpty == false ? .podStuck : .noReplicaLeft
    }

    /// The machine under a process has no power, or nobody reaches it.
    private func machineIsLost(of p: Int) -> Bool {
        if let pods { return pods.isLost(worker: Int(processes[p].host)) }
        return !processes[p].isAlive && vanished.contains(processes[p].address)
    }

    /// The last line of a story that did not end well.
    func tellObstacle(at horizon: Int64) {
        let stuck = pods?.stuckPods ?? []
        let reasons = [outcome.obstacle.rawValue] + stuck
        recorder.note(horizon - faultTime, -1, "not recovered: " + reasons.joined(separator: "; "))
    }

    /// What the last lines of a story have to say of replicas that wait for a master at an address which is nobody's: a
    /// server before 8.0 does not follow where it learns its master's new address by gossip alone (redis 8.0, #965).
    func tellStrandedReplicas(at horizon: Int64) {
        for p in 0..<count where isRunning(p) && nodes[p].isReplica && !nodes[p].replication.linkUp {
            let source = nodes[p].replication.following
            guard source != noAddress, residents[Int(source)] < 0 else { continue }
            recorder.note(
                horizon - faultTime, p, "has no link to its master: it still follows \(wire.addresses[Int(source)].ip)")
        }
    }

    /// Nobody lives at an address: what a connect there meets. Nil is silence.
    func silence(_ p: Int, _ address: Address, at time: Int64) -> (acceptor: Int16, at: Int64)? {
        if let pods { return pods.answerOfDeadAddress(self, p, address, at: time) }
        // A bare host that is up refuses in a dead process's stead; one without power is silent.
        return vanished.contains(address) ? nil : (-1, time + 100_000)
    }

    func kubernetesStep(_ entity: Int, _ step: Int) { pods?.step(self, entity, step) }
}
