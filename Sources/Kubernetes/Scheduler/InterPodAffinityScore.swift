/// Preferred pod affinity, both ways: Σ of weights over all pods in the node's topologies.
///
/// An existing pod adds the weight of each of the incoming pod's preferred affinity terms that matches it and takes
/// away that of each anti-affinity term; so do its own preferred terms that match the incoming pod; and each of its
/// *required* affinity terms that matches adds the hard weight. v1.17: priorities/interpod_affinity.go; current:
/// interpodaffinity/scoring.go.
enum InterPodAffinityScore {
    private struct Tally {
        let key: String
        let value: String
        var weight: Int
    }

    static func score(_ cycle: ScoringCycle) -> [Int] {
        let tallies = tally(cycle)
        guard !tallies.isEmpty else { return cycle.feasible.map { _ in 0 } }
        let raw = cycle.feasible.map { node in
            tallies.reduce(0) { node.node.labels[$1.key] == $1.value ? $0 &+ $1.weight : $0 }
        }
        return normalized(raw, version: cycle.version)
    }

    /// v1.17 starts both bounds at 0, so 0 is always in the range; later releases use the scored nodes' own range.
    private static func normalized(_ raw: [Int], version: KubernetesVersion) -> [Int] {
        var largest = raw.max() ?? 0
        var smallest = raw.min() ?? 0
        if version == .v117 {
            largest = max(largest, 0)
            smallest = min(smallest, 0)
        }
        let range = largest &- smallest
        return raw.map { value in
            guard range > 0 else { return 0 }
            return ScorePlugin.truncated(Double(ScorePlugin.maximum) * (Double(value &- smallest) / Double(range)))
        }
    }

    private static func tally(_ cycle: ScoringCycle) -> [Tally] {
        let pod = cycle.pod
        let hardWeight = cycle.scheduler.hardPodAffinityWeight
        var tallies: [Tally] = []
        for node in cycle.snapshot.nodes {
            func add(_ term: PodAffinityTerm, _ weight: Int, defining owner: Pod, matching other: Pod) {
                guard let value = node.node.labels[term.topologyKey] else { return }
                guard term.matches(other, ofOwnerIn: owner.namespace) else { return }
                if let known = tallies.firstIndex(where: { $0.key == term.topologyKey && $0.value == value }) {
                    tallies[known].weight &+= weight
                } else {
                    tallies.append(Tally(key: term.topologyKey, value: value, weight: weight))
                }
            }
            for existing in node.pods {
                for preferred in pod.spec.affinity.pod.preferred {
                    add(preferred.term, preferred.weight, defining: pod, matching: existing)
                }
                for preferred in pod.spec.affinity.podAnti.preferred {
                    add(preferred.term, 0 &- preferred.weight, defining: pod, matching: existing)
                }
                if hardWeight > 0 {
                    for term in existing.spec.affinity.pod.required {
                        add(term, hardWeight, defining: existing, matching: pod)
                    }
                }
                for preferred in existing.spec.affinity.pod.preferred {
                    add(preferred.term, preferred.weight, defining: existing, matching: pod)
                }
                for preferred in existing.spec.affinity.podAnti.preferred {
                    add(preferred.term, 0 &- preferred.weight, defining: existing, matching: pod)
                }
            }
        }
        return tallies
    }
}
