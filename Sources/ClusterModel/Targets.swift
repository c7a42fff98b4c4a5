import DiscreteEvent
import Randomness
import RedisCluster
import SystemModel

/// Whom a step hits, resolved when it strikes: roles are those of that moment.
extension ClusterSimulation {
    /// A step's targets, drawn once: one group, or one for each side that a network fault parts.
    func targetGroups(of action: Action) -> [[Int]] {
        switch action {
        case .deletePod(let target, _), .kill(let target, _, _), .terminate(let target, _, _), .freeze(let target, _),
            .crashNode(let target, _), .cutNode(let target, _), .nfs(_, let target, _), .failover(let target, _),
            .loseVolume(let target, _), .drain(let target):
            [resolve(target)]
        case .partition(let groups, _): groups.map { resolve($0) }
        case .link(let a, let b, _, _): [resolve(a), resolve(b)]
        case .rollingRestart, .handOverBeforeStop, .create: []
        }
    }

    /// All of the groups' processes, each once, in the order of their first mention.
    static func distinct(_ groups: [[Int]]) -> [Int] {
        var found: [Int] = []
        for p in groups.joined() where !found.contains(p) { found.append(p) }
        return found
    }

    func resolve(_ target: Target) -> [Int] {
        switch target {
        case .process(let index): index < count ? [index] : []
        case .pod(let name): pods?.ordinal(ofPod: name).map { [$0] } ?? []
        case .masters(let wanted):
            draw(wanted, from: running { nodes[$0].isMaster && nodes[$0].table.peers[0].ownsSlots })
        case .replicas(let wanted): draw(wanted, from: running { nodes[$0].isReplica })
        case .shard:
            draw(1, from: running { nodes[$0].isMaster && nodes[$0].table.peers[0].ownsSlots })
                .flatMap { [$0] + replicas(of: $0) }
        case .replicasOf(let other): resolve(other).flatMap { replicas(of: $0) }
        case .sameAs(let step): step < stepTargets.count ? stepTargets[step] : []
        case .node(let name): processes(onHost: name)
        case .all: Array(0..<count)
        case .union(let targets): ClusterSimulation.distinct(targets.map { resolve($0) })
        }
    }

    private func running(_ condition: (Int) -> Bool) -> [Int] {
        (0..<count).filter { processes[$0].isAlive && condition($0) }
    }

    private func draw(_ wanted: Int, from candidates: [Int]) -> [Int] {
        var pool = candidates
        var drawn: [Int] = []
        while drawn.count < wanted, !pool.isEmpty { drawn.append(pool.remove(at: faultDice.below(pool.count))) }
        return drawn.sorted()
    }

    /// The processes that believe themselves replicas of `master`.
    func replicas(of master: Int) -> [Int] {
        let id = processes[master].nodeID
        return (0..<count).filter { p in
            let source = nodes[p].master
            return nodes[p].isReplica && source != noPeer && nodes[p].table.peers[Int(source)].id == id
        }
    }

    /// The machines a target names.
    func nodeNames(_ target: Target) -> [String] {
        switch target {
        case .node(let name): [name]
        case .union(let targets): targets.flatMap { nodeNames($0) }
        default: []
        }
    }

    private func processes(onHost name: String) -> [Int] {
        switch model.deployment {
        case .processes(let deployment):
            guard let host = deployment.hosts.firstIndex(of: name) else { return [] }
            return (0..<count).filter { Int(processes[$0].host) == host }
        case .kubernetes:
            return pods?.ordinals(onWorker: name) ?? []
        }
    }
}
