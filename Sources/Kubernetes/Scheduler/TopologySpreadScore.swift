#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The soft spread constraints of the current release (podtopologyspread/scoring.go): the pod's own, or, where it has
/// none at all, the built-in defaults by hostname (maxSkew 3) and zone (maxSkew 5) over the pods of its Services and
/// owner.
enum TopologySpreadScore {
    static func score(_ cycle: ScoringCycle) -> [Int] {
        let isDefault = cycle.pod.spec.topologySpreadConstraints.isEmpty
        let constraints = isDefault ? defaults(cycle) : SpreadConstraint.explicit(of: cycle.pod, .scheduleAnyway)
        guard !constraints.isEmpty else { return cycle.feasible.map { _ in 0 } }
        // Nodes that lack a key are out of a pod's own constraints, but keep hostname spreading under the defaults.
        let scored = cycle.feasible.map { node in
            isDefault || constraints.allSatisfy { node.node.labels[$0.topologyKey] != nil }
        }
        var raw = cycle.feasible.map { _ in 0.0 }
        for constraint in constraints {
            let domains = constraint.domains(
                cycle, scored: scored, requiresAllKeys: !isDefault, constraints: constraints)
            let size = constraint.topologyKey == Zone.hostname ? scored.count(where: \.self) : domains.count
            let weight = log(Double(size + 2))
            for (index, node) in cycle.feasible.enumerated() where scored[index] {
                guard let value = node.node.labels[constraint.topologyKey] else { continue }
                let count =
                    constraint.topologyKey == Zone.hostname
                    ? constraint.matching(in: node, namespace: cycle.pod.namespace)
                    : domains.first { $0.value == value }?.count ?? 0
                raw[index] += Double(count) * weight + Double(constraint.maxSkew &- 1)
            }
        }
        return normalized(raw.map { ScorePlugin.truncated($0.rounded()) }, scored: scored)
    }

    /// ⌊100·(max + min − s)/max⌋ over the scored nodes, 100 where max is 0; 0 for the others.
    private static func normalized(_ raw: [Int], scored: [Bool]) -> [Int] {
        let values = zip(raw, scored).filter(\.1).map(\.0)
        let largest = max(values.max() ?? 0, 0)
        let smallest = values.min() ?? 0
        return zip(raw, scored).map { value, isScored in
            if !isScored { return 0 }
            if largest == 0 { return ScorePlugin.maximum }
            return (ScorePlugin.maximum &* (largest &+ smallest &- value)) / largest
        }
    }

    private static func defaults(_ cycle: ScoringCycle) -> [SpreadConstraint] {
        guard let selector = defaultSelector(of: cycle.pod, in: cycle.snapshot.objects) else { return [] }
        return [(key: Zone.hostname, skew: 3), (key: Zone.zone, skew: 5)].map { constraint in
            SpreadConstraint(
                maxSkew: constraint.skew, topologyKey: constraint.key, minDomains: 1, selector: selector,
                honorsAffinity: true, honorsTaints: false)
        }
    }

    /// helper/spread.go: the labels of all Services that select the pod, and the selector of its controller. Nil where
    /// neither says anything.
    private static func defaultSelector(of pod: Pod, in objects: ClusterObjects) -> LabelSelector? {
        var selector = LabelSelector()
        for service in objects.services where service.selects(pod) {
            selector.matchLabels = selector.matchLabels.merging(service.selector ?? [:])
        }
        if let owner = pod.controller, let owned = ownedSelector(owner, of: pod, in: objects) {
            selector.matchExpressions += owned.matchExpressions
            selector.matchExpressions += owned.matchLabels.entries.map {
                LabelRequirement(key: $0.key, operator: .isIn, values: [$0.value])
            }
        }
        return selector.isEmpty ? nil : selector
    }

    private static func ownedSelector(_ owner: OwnerReference, of pod: Pod, in objects: ClusterObjects)
        -> LabelSelector?
    {
        if owner.kind == "StatefulSet" {
            return objects.statefulSets.first { $0.name == owner.name && $0.namespace == pod.namespace }?.selector
        }
        return objects.otherWorkloads.first { workload in
            workload.kind != .deployment && workload.kind.rawValue == owner.kind && workload.name == owner.name
                && workload.namespace == pod.namespace
        }?.selector
    }
}

extension SpreadConstraint {
    /// The domains among the scored nodes, with the matching pods of all eligible nodes. A hostname constraint counts
    /// node by node instead.
    fileprivate func domains(
        _ cycle: ScoringCycle, scored: [Bool], requiresAllKeys: Bool, constraints: [SpreadConstraint]
    ) -> [(value: String, count: Int)] {
        guard topologyKey != Zone.hostname else { return [] }
        var domains: [(value: String, count: Int)] = []
        for (index, node) in cycle.feasible.enumerated() where scored[index] {
            // Under the defaults a node without the label makes a domain of the empty value, as upstream's map does.
            let value = node.node.labels[topologyKey] ?? ""
            if !domains.contains(where: { $0.value == value }) { domains.append((value: value, count: 0)) }
        }
        for node in cycle.snapshot.nodes {
            if requiresAllKeys, !constraints.allSatisfy({ node.node.labels[$0.topologyKey] != nil }) { continue }
            guard counts(node.node, for: cycle.pod) else { continue }
            let value = node.node.labels[topologyKey] ?? ""
            guard let domain = domains.firstIndex(where: { $0.value == value }) else { continue }
            domains[domain].count += matching(in: node, namespace: cycle.pod.namespace)
        }
        return domains
    }
}
