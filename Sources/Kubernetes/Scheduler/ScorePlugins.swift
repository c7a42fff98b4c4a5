/// What a score is computed from: the pod, the nodes that passed the filters, and the whole snapshot.
struct ScoringCycle {
    let pod: Pod
    let feasible: [NodeSnapshot]
    let snapshot: ClusterSnapshot
    let scheduler: Scheduler

    var version: KubernetesVersion { scheduler.version }
}

/// A score plugin with its default weight; the function gives 0...100 for each feasible node, in order.
struct ScorePlugin {
    let name: String
    let weight: Int
    let score: (ScoringCycle) -> [Int]

    static let maximum = 100

    /// v1.17: algorithmprovider/defaults/register_priorities.go with framework/plugins/default_registry.go;
    /// current: apis/config/v1/default_plugins.go.
    static func defaults(of version: KubernetesVersion) -> [ScorePlugin] {
        switch version {
        case .v117:
            [
                ScorePlugin(name: "DefaultPodTopologySpread", weight: 1, score: SelectorSpread.score),
                ScorePlugin(name: "InterPodAffinity", weight: 1, score: InterPodAffinityScore.score),
                ScorePlugin(name: "NodeResourcesLeastAllocated", weight: 1, score: ResourceScores.leastAllocated),
                ScorePlugin(name: "NodeResourcesBalancedAllocation", weight: 1, score: ResourceScores.balanced),
                ScorePlugin(name: "NodePreferAvoidPods", weight: 10000, score: NodeScores.avoidPods),
                ScorePlugin(name: "NodeAffinity", weight: 1, score: NodeScores.affinity),
                ScorePlugin(name: "TaintToleration", weight: 1, score: NodeScores.taints),
                ScorePlugin(name: "ImageLocality", weight: 1, score: ImageLocality.score),
            ]
        case .current:
            [
                ScorePlugin(name: "TaintToleration", weight: 3, score: NodeScores.taints),
                ScorePlugin(name: "NodeAffinity", weight: 2, score: NodeScores.affinity),
                ScorePlugin(name: "NodeResourcesFit", weight: 1, score: ResourceScores.leastAllocated),
                ScorePlugin(name: "PodTopologySpread", weight: 2, score: TopologySpreadScore.score),
                ScorePlugin(name: "InterPodAffinity", weight: 2, score: InterPodAffinityScore.score),
                ScorePlugin(name: "NodeResourcesBalancedAllocation", weight: 1, score: ResourceScores.balanced),
                ScorePlugin(name: "ImageLocality", weight: 1, score: ImageLocality.score),
            ]
        }
    }

    /// Go's conversion of a float to int64: toward zero. Upstream's values stay far inside the range; out of it the
    /// nearest bound stands in, since the conversion would trap here.
    static func truncated(_ value: Double) -> Int {
        if value.isNaN { return 0 }
        if value >= 0x1p63 { return .max }
        if value < -0x1p63 { return .min }
        return Int(value)
    }

    /// Upstream's NormalizeReduce and DefaultNormalizeScore: ⌊100·x/max⌋, or 100 minus that.
    static func normalized(_ raw: [Int], reverse: Bool) -> [Int] {
        guard let largest = raw.max(), largest > 0 else { return raw.map { _ in reverse ? maximum : 0 } }
        return raw.map { value in
            let score = (maximum &* value) / largest
            return reverse ? maximum - score : score
        }
    }
}

/// Scores that look at the node alone.
enum NodeScores {
    /// Σ weights of the preferred terms that match.
    static func affinity(_ cycle: ScoringCycle) -> [Int] {
        let raw = cycle.feasible.map { node in
            cycle.pod.spec.affinity.node.preferred.reduce(0) { sum, preference in
                matches(preference.term, node.node, cycle.version) ? sum &+ preference.weight : sum
            }
        }
        return ScorePlugin.normalized(raw, reverse: false)
    }

    private static func matches(_ term: NodeSelectorTerm, _ node: KubernetesNode, _ version: KubernetesVersion) -> Bool
    {
        // v1.17 reads matchExpressions only here (priorities/node_affinity.go).
        if version == .v117 { return NodeSelectorTerm(matchExpressions: term.matchExpressions).matches(node) }
        return term.matches(node)
    }

    /// Untolerated PreferNoSchedule taints; fewer is better.
    static func taints(_ cycle: ScoringCycle) -> [Int] {
        let tolerations = cycle.pod.spec.tolerations.filter { $0.effect == nil || $0.effect == .preferNoSchedule }
        let raw = cycle.feasible.map { node in
            node.node.taints.count { taint in
                taint.effect == .preferNoSchedule && !tolerations.contains { $0.tolerates(taint) }
            }
        }
        return ScorePlugin.normalized(raw, reverse: true)
    }

    /// 0 where the node's annotation names the pod's controller, else 100. Only owners of these two kinds can be named,
    /// so a StatefulSet's pods always get 100 (node_prefer_avoid_pods.go).
    static func avoidPods(_ cycle: ScoringCycle) -> [Int] {
        let owner = cycle.pod.controller.flatMap { owner in
            owner.kind == "ReplicationController" || owner.kind == "ReplicaSet" ? owner : nil
        }
        return cycle.feasible.map { node in
            let avoided = node.node.avoidedOwners.contains { $0.kind == owner?.kind && $0.uid == owner?.uid }
            return avoided ? 0 : ScorePlugin.maximum
        }
    }
}
