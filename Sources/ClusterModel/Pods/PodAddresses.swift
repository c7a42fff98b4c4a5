import DiscreteEvent
import Kubernetes
import RedisCluster
import SystemModel

/// Pod addresses: each incarnation has its own, and nobody tells the peers.
extension PodWorld {
    /// The first three numbers of a node's pod range; nodes that don't say theirs get flannel's in their order.
    func addressPrefix(of node: KubernetesNode, _ index: Int) -> String {
        let numbers = (node.podCIDR ?? "").split(separator: ".")
        return numbers.count == 4 ? numbers[0...2].joined(separator: ".") : "10.244.\(index % 256)"
    }

    /// Ranges go on where the model says that they stand.
    func reserveAddresses() {
        for last in standing.lastAddresses {
            guard let worker = workers.firstIndex(where: { $0.name == last.worker }) else { continue }
            advancePool(of: worker, to: last.address)
        }
        for (p, address) in (standing.addresses ?? []).enumerated() where pods.indices.contains(p) {
            guard pods[p].worker >= 0 else { continue }
            advancePool(of: pods[p].worker, to: address)
        }
    }

    /// The pool hands out what follows `address`, unless it has come further.
    private func advancePool(of worker: Int, to address: String) {
        let pool = workers[worker].pool
        guard let host = pool.host(of: address), host > pool.last else { return }
        workers[worker].pool = PodAddressPool(prefix: pool.prefix, last: host)
    }

    /// The next address of the pod's worker; called once for each incarnation, in the order of `Wire`'s addresses.
    func nextAddress(of p: Int) -> String {
        let worker = pods[p].worker
        addresses.append(AddressRecord(worker: worker))
        guard worker >= 0 else { return "" }
        if pods[p].incarnation == 0, pods[p].address.isEmpty, let standing = standing.addresses?[p],
            workers[worker].pool.claim(standing)
        {
            pods[p].address = standing
        } else {
            pods[p].address = workers[worker].pool.take() ?? ""
        }
        return pods[p].address
    }

    /// The pod's network namespace is gone.
    ///
    /// - Parameter remembered: neighbours have its entry still, and are silent to new connects for a while.
    func abandonAddress(_ simulation: ClusterSimulation, _ p: Int, remembered: Bool) {
        let address = Int(simulation.processes[p].address)
        guard address > 0 else { return }
        addresses[address].goneAt = simulation.now
        let stale = network.staleNeighbour.sample(&pods[p].dice)
        addresses[address].staleFor = remembered ? stale : 0
        if addresses[address].worker >= 0 { workers[addresses[address].worker].pool.release(pods[p].address) }
        simulation.vacate(p)
    }

    /// What a connect to an address without a resident meets; nil is silence until the caller gives up.
    func answerOfDeadAddress(
        _ simulation: ClusterSimulation, _ p: Int, _ address: Address, at time: Int64
    ) -> (acceptor: Int16, at: Int64)? {
        let record = addresses[Int(address)]
        guard record.worker >= 0 else { return nil }
        switch situation(of: record, seenBy: p).connect {
        case .refused: return (-1, time)
        case .silent: return nil
        case .unreachable:
            let gone = record.goneAt < .max ? record.goneAt : workers[record.worker].silentSince
            let believed = gone < .max ? gone + record.staleFor : time
            return (-1, max(time, believed) + network.unreachableAfter.sample(&pods[p].dice))
        }
    }

    /// The same for a client outside the set's workers, which draws nothing: the neighbour entry's age decides.
    func answerToClient(_ simulation: ClusterSimulation, _ address: Address, at time: Int64) -> ConnectAnswer {
        let record = addresses[Int(address)]
        guard record.worker >= 0, !isLost(worker: record.worker) else { return .silence }
        // The sandbox stands, its server does not run: the kernel refuses.
        guard record.goneAt < .max else { return .refused }
        let wait = max(0, record.goneAt + record.staleFor - time)
        return .unreachable(after: wait + Int64(network.unreachableAfter.mean))
    }

    private func situation(of record: AddressRecord, seenBy p: Int) -> PeerSituation {
        if record.worker == pods[p].worker { return .podGoneSameNode }
        let isCutOff = isLost(worker: record.worker) || isLost(worker: pods[p].worker)
        if isCutOff { return .nodeDead(network.backend == .vxlan ? .vxlan : .hostGateway) }
        return .podGoneOtherNode
    }
}
