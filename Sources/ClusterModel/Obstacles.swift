import DiscreteEvent
import Randomness
import RedisCluster
import SystemModel

/// Why a replication did not recover: what a careful reader of the wreck would say.
extension ClusterSimulation {
    func obstacle() -> Outcome.Obstacle {
        if (0..<count).contains(where: { processes[$0].isAlive && processes[$0].busyUntil > events.now + 1_000_000_000 }) {
            return .storageAway
        }
        let unserved = serving.unservedSince.indices.filter { serving.unservedSince[$0] >= 0 }
        guard let part = unserved.first else { return .notYet }
        guard mastersThatCanVote >= shape.masters / 2 + 1 else { return .noQuorum }
        let candidates = (0..<count).filter { p in
            guard processes[p].state == .running, nodes[p].isReplica, nodes[p].master != noPeer else { return false }
            return nodes[p].owners[part] == nodes[p].master
        }
        if candidates.isEmpty { return pods?.somePodIsStuck == true ? .podStuck : .noReplicaLeft }
        if candidates.contains(where: { nodes[$0].election.obstacle == .dataAge }) { return .dataTooOld }
        return .notYet
    }

    /// Running masters with slots: those an election can count on.
    private var mastersThatCanVote: Int {
        (0..<count).filter {
            processes[$0].state == .running && nodes[$0].isMaster && nodes[$0].table.peers[0].ownsSlots
        }.count
    }

    /// Nobody lives at an address: what a connect there meets. Nil is silence.
    func silence(_ p: Int, _ address: Address, at time: Int64) -> (acceptor: Int16, at: Int64)? {
        if let pods { return pods.answerOfDeadAddress(self, p, address, at: time) }
        // A bare host that is up refuses in a dead process's stead; one without power is silent.
        return vanished.contains(address) ? nil : (-1, time + 100_000)
    }

    func kubernetesStep(_ entity: Int, _ step: Int) { pods?.step(self, entity, step) }
}
