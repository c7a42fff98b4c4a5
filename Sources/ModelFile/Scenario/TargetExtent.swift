import SystemModel

/// What can be said of a step's targets before anything has happened.
struct TargetExtent {
    let model: SystemModel
    let names: SystemNames

    /// The processes that a target means whatever happens before; nil where chance or the course of things decides.
    func processes(of target: Target) -> Set<Int>? {
        switch target {
        case .process(let index): return [index]
        case .pod(let name): return names.pods.firstIndex(of: name).map { [$0] }
        case .node(let name): return processes(on: name)
        case .all: return Set(0..<model.shape.nodes)
        case .union(let targets):
            let parts = targets.map { processes(of: $0) }
            return parts.contains(nil) ? nil : Set(parts.compactMap { $0 }.joined())
        case .masters, .replicas, .shard, .replicasOf, .sameAs: return nil
        }
    }

    private func processes(on machine: String) -> Set<Int>? {
        switch model.deployment {
        case .processes(let deployment):
            let placement = deployment.placement
            return Set(placement.indices.filter { deployment.hosts[placement[$0]] == machine })
        case .kubernetes(let deployment):
            guard let placement = deployment.placement else { return nil }
            return Set(placement.indices.filter { placement[$0] == machine })
        }
    }

    /// What both targets surely hit, in words; nil where they may be apart.
    func overlap(_ first: Target, _ second: Target) -> String? {
        if let machine = machines(first).first(where: { machines(second).contains($0) }) { return "node \(machine)" }
        guard let left = processes(of: first), let right = processes(of: second),
            let shared = left.intersection(right).min()
        else { return nil }
        return names.isKubernetes ? "pod \(names.pods[shared])" : "process \(shared)"
    }

    private func machines(_ target: Target) -> [String] {
        switch target {
        case .node(let name): [name]
        case .union(let targets): targets.flatMap { machines($0) }
        default: []
        }
    }

    /// Everybody it means is a master, as far as the roles at the beginning tell.
    func isMastersOnly(_ target: Target) -> Bool {
        if case .masters = target { return true }
        return processes(of: target).map { !$0.isEmpty && $0.allSatisfy { $0 < model.shape.masters } } ?? false
    }
}
