/// What one filter says of one node.
package struct FilterVerdict: Sendable, Equatable {
    /// Upstream's plugin name in that version.
    package var name: String
    /// Why the node is out, in upstream's words; empty where it passes.
    package var reasons: [String]

    package var passes: Bool { reasons.isEmpty }
}

/// One score of one node, after its own normalisation and before its weight.
package struct PluginScore: Sendable, Equatable {
    /// Upstream's plugin name in that version.
    package var name: String
    /// 0...100.
    package var score: Int
    package var weight: Int
}

/// What the scheduler thinks of one node.
package struct NodeVerdict: Sendable, Equatable {
    package var node: String
    package var feasible: Bool
    /// Every filter in upstream's order. Upstream stops at the first that fails; the rest is for explanation.
    package var filters: [FilterVerdict]
    /// The reasons that upstream reports: those of the first failing filter. Empty where feasible.
    package var reasons: [String]
    /// In upstream's order; empty where not feasible, unless the evaluation was asked to explain all nodes.
    package var scores: [PluginScore]
    /// Weighted sum of the scores; 0 where not feasible.
    package var total: Int

    package func score(_ name: String) -> Int? { scores.first { $0.name == name }?.score }
}

/// One scheduling cycle: a verdict on each node, and who shares the top.
package struct Decision: Sendable, Equatable {
    /// In the order of the cluster's nodes.
    package var nodes: [NodeVerdict]
    /// The feasible nodes of the highest total, in order; more than one is a coin flip, none is a pending pod.
    package var tied: [String]
    /// The event's text for a pod that stays pending, as `kubectl describe pod` shows it; nil where a node was found.
    package var unschedulableReason: String?

    /// False where upstream takes the single feasible node without scoring; the scores then explain, they decide
    /// nothing.
    package var decidedByScore: Bool { nodes.count(where: \.feasible) > 1 }
}
