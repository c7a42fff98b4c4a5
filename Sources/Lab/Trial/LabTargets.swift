import Randomness
import SystemModel

/// Whom a step hits, by the roles of the moment: the simulator's rule (ClusterModel/Targets.swift), on real servers.
struct LabTargets {
    /// By process.
    var roles: [LabCluster.Role]
    var isRunning: [Bool]
    /// Processes of each host, by its name; none where there is one host only.
    var hosts: [(name: String, processes: [Int])]
    /// Whom earlier steps hit.
    var struck: [[Int]]

    func resolve(_ target: Target, _ dice: inout RandomStream) -> [Int] {
        let running = roles.indices.filter { isRunning[$0] }
        let masters = running.filter { roles[$0].isMaster && roles[$0].ownsSlots }
        switch target {
        case .process(let index): return roles.indices.contains(index) ? [index] : []
        case .pod: return []
        case .masters(let count): return draw(count, from: masters, &dice)
        case .replicas(let count): return draw(count, from: running.filter { !roles[$0].isMaster }, &dice)
        case .shard: return draw(1, from: masters, &dice).flatMap { [$0] + replicas(of: $0) }
        case .replicasOf(let other): return resolve(other, &dice).flatMap { replicas(of: $0) }
        case .sameAs(let step): return struck.indices.contains(step) ? struck[step] : []
        case .node(let name): return hosts.first { $0.name == name }?.processes ?? []
        case .all: return Array(roles.indices)
        case .union(let targets): return targets.flatMap { resolve($0, &dice) }
        }
    }

    private func replicas(of master: Int) -> [Int] {
        roles.indices.filter { !roles[$0].isMaster && roles[$0].master == master }
    }

    private func draw(_ wanted: Int, from candidates: [Int], _ dice: inout RandomStream) -> [Int] {
        var pool = candidates
        var drawn: [Int] = []
        while drawn.count < wanted, !pool.isEmpty { drawn.append(pool.remove(at: dice.below(pool.count))) }
        return drawn.sorted()
    }
}

extension LabCluster {
    /// What there is to hit at this moment.
    func targets(struck: [[Int]]) async throws -> LabTargets {
        LabTargets(
            roles: try await currentRoles(), isRunning: servers.map { $0.process != nil }, hosts: hosts, struck: struck)
    }
}
