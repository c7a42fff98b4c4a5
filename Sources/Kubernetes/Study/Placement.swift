/// Where one ordinal of a StatefulSet ended up.
package enum Placement: Sendable, Hashable, CustomStringConvertible {
    case node(String)
    /// Created, but no node takes it; the reason is the scheduler's event.
    case pending(reason: String)
    /// OrderedReady never came to it, because a lower ordinal is pending.
    case notCreated

    package var node: String? {
        if case .node(let name) = self { name } else { nil }
    }

    package var description: String {
        switch self {
        case .node(let name): name
        case .pending: "Pending"
        case .notCreated: "-"
        }
    }
}

/// One assignment of all ordinals, with how likely it is.
package struct PlacementOutcome: Sendable, Equatable {
    /// By ordinal.
    package var assignment: [Placement]
    package var probability: Double
    /// Exact, or the share of the trials; nil where an exact one leaves 64 bits.
    package var fraction: Fraction?
}

/// All assignments that can happen, or that trials met, the likeliest first; equals in the order of their node names.
package struct PlacementDistribution: Sendable {
    package let outcomes: [PlacementOutcome]
    /// Nil where the probabilities are exact.
    package let trials: Int?

    package var isExact: Bool { trials == nil }

    init(outcomes: [PlacementOutcome], trials: Int?) {
        self.trials = trials
        self.outcomes = outcomes.sorted { left, right in
            if left.probability != right.probability { return left.probability > right.probability }
            return left.assignment.map(\.description).lexicographicallyPrecedes(right.assignment.map(\.description))
        }
    }

    /// The probability that an assignment has a property, such as a master beside its own replica.
    package func probability(where holds: ([Placement]) -> Bool) -> Double {
        let matching = outcomes.filter { holds($0.assignment) }
        return exactSum(matching)?.value ?? matching.reduce(0) { $0 + $1.probability }
    }

    /// The same as a fraction in lowest terms; nil where it leaves 64 bits.
    package func fraction(where holds: ([Placement]) -> Bool) -> Fraction? {
        exactSum(outcomes.filter { holds($0.assignment) })
    }

    private func exactSum(_ outcomes: [PlacementOutcome]) -> Fraction? {
        var sum: Fraction? = .zero
        for outcome in outcomes {
            guard let fraction = outcome.fraction else { return nil }
            sum = sum?.plus(fraction)
        }
        return sum
    }
}
