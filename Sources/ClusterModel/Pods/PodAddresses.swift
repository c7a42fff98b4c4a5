import DiscreteEvent
import Kubernetes
import RedisCluster
import SystemModel

/// Pod addresses: each incarnation has its own, and nobody tells the peers.
extension PodWorld {
    /// The next address of the pod's worker; called once for each incarnation, in the order of `Wire`'s addresses.
    func nextAddress(of p: Int) -> String {
        let worker = pods[p].worker
        addresses.append(AddressRecord(worker: worker))
        guard worker >= 0 else { return "" }
        pods[p].address = workers[worker].pool.take() ?? ""
        return pods[p].address
    }

    func abandonAddress(_ simulation: ClusterSimulation, _ p: Int) {
        let address = Int(simulation.processes[p].address)
        guard address > 0 else { return }
        addresses[address].goneAt = simulation.now
        addresses[address].staleFor = network.staleNeighbour.sample(&dice)
        if pods[p].worker >= 0 { workers[pods[p].worker].pool.release(pods[p].address) }
        simulation.vacate(p)
    }

    /// What a connect to an address without a resident meets; nil is silence until the caller gives up.
    func answerOfDeadAddress(
        _ simulation: ClusterSimulation, _ p: Int, _ address: Address, at time: Int64
    ) -> (acceptor: Int16, at: Int64)? {
        let record = addresses[Int(address)]
        guard record.worker >= 0 else { return nil }
        let situation: PeerSituation =
            if !workers[record.worker].powered {
                .nodeDead(network.backend == .vxlan ? .vxlan : .hostGateway)
            } else if record.worker == pods[p].worker {
                .podGoneSameNode
            } else {
                .podGoneOtherNode
            }
        switch situation.connect {
        case .refused: return (-1, time)
        case .silent: return nil
        case .unreachable(_, let stale):
            let believed = stale && record.goneAt < .max ? record.goneAt + record.staleFor : time
            return (-1, max(time, believed) + network.unreachableAfter.sample(&dice))
        }
    }
}
