package import SystemModel

/// Something to change, with the model as it would be then and how to bring it about.
package struct Proposal: Sendable {
    package enum Kind: String, Sendable, CaseIterable {
        case replicasElsewhere, mastersElsewhere, anotherWorker, anotherWorkerThenReplicas, requiredAntiAffinity
        case setPerShard, anotherReplica, nodeTimeout, minReplicas, disruptionBudget
    }

    package let kind: Kind
    /// What to do, as a headline.
    package let title: String
    package let model: SystemModel
    /// Commands or YAML, as they are typed.
    package let apply: [String]
}

/// A proposal that was simulated.
package struct JudgedProposal: Sendable {
    package let proposal: Proposal
    package let measures: [Measure]
    /// Machines whose loss is fatal with it, in the likeliest placement.
    package let dangerous: [String]

    package enum Verdict: String, Sendable {
        case helps
        /// Something is better and something worse.
        case costs = "helps at a price"
        case useless = "makes no difference shown"
        case harms
    }

    package var verdict: Verdict {
        let better = measures.contains { $0.effect == .better }
        let worse = measures.contains { $0.effect == .worse }
        if better { return worse ? .costs : .helps }
        return worse ? .harms : .useless
    }
}
