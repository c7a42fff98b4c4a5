/// One condition on a label: key, operator, values.
package struct LabelRequirement: Sendable, Equatable {
    /// `Gt` and `Lt` compare integers and exist for node selectors only.
    package enum Operator: String, Sendable, CaseIterable {
        case isIn = "In"
        case notIn = "NotIn"
        case exists = "Exists"
        case doesNotExist = "DoesNotExist"
        case greaterThan = "Gt"
        case lessThan = "Lt"
    }

    package var key: String
    package var `operator`: Operator
    package var values: [String]

    package init(key: String, operator: Operator, values: [String] = []) {
        self.key = key
        self.operator = `operator`
        self.values = values
    }

    /// Upstream's labels.Requirement.Matches: a label that is missing satisfies `NotIn`.
    package func matches(_ labels: Labels) -> Bool {
        let label = labels[key]
        switch `operator` {
        case .isIn: return label.map(values.contains) ?? false
        case .notIn: return label.map { !values.contains($0) } ?? true
        case .exists: return label != nil
        case .doesNotExist: return label == nil
        case .greaterThan: return compare(label, >)
        case .lessThan: return compare(label, <)
        }
    }

    private func compare(_ label: String?, _ holds: (Int, Int) -> Bool) -> Bool {
        guard let label, let number = Int(label), values.count == 1, let bound = Int(values[0]) else { return false }
        return holds(number, bound)
    }
}

/// A selector of pods or volumes. All conditions must hold; without conditions it matches everything.
///
/// Where upstream distinguishes an absent selector (matches nothing) the owner's property is optional.
package struct LabelSelector: Sendable, Equatable {
    package var matchLabels: Labels
    package var matchExpressions: [LabelRequirement]

    package init(matchLabels: Labels = [:], matchExpressions: [LabelRequirement] = []) {
        self.matchLabels = matchLabels
        self.matchExpressions = matchExpressions
    }

    package var isEmpty: Bool { matchLabels.isEmpty && matchExpressions.isEmpty }

    package func matches(_ labels: Labels) -> Bool {
        matchLabels.entries.allSatisfy { labels[$0.key] == $0.value }
            && matchExpressions.allSatisfy { $0.matches(labels) }
    }
}

/// A term of a node selector: conditions on labels and on fields; all must hold. A term without any matches nothing.
package struct NodeSelectorTerm: Sendable, Equatable {
    package var matchExpressions: [LabelRequirement]
    /// Upstream knows one field: `metadata.name`.
    package var matchFields: [LabelRequirement]

    package init(matchExpressions: [LabelRequirement] = [], matchFields: [LabelRequirement] = []) {
        self.matchExpressions = matchExpressions
        self.matchFields = matchFields
    }

    package func matches(_ node: KubernetesNode) -> Bool {
        if matchExpressions.isEmpty && matchFields.isEmpty { return false }
        let fields: Labels = ["metadata.name": node.name]
        return matchExpressions.allSatisfy { $0.matches(node.labels) } && matchFields.allSatisfy { $0.matches(fields) }
    }
}
