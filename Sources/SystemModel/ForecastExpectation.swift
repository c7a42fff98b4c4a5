/// How two numbers may stand to each other.
package enum Comparison: String, Sendable, CaseIterable {
    case below = "<"
    case atMost = "<="
    case above = ">"
    case atLeast = ">="

    package func holds(_ value: Double, _ limit: Double) -> Bool {
        switch self {
        case .below: value < limit
        case .atMost: value <= limit
        case .above: value > limit
        case .atLeast: value >= limit
        }
    }
}

/// A number that somebody wrote, in the unit of what it limits: ns, a share in 0 ... 1, or an amount.
package struct Limit: Sendable, Equatable {
    package let value: Double
    /// As it was written: `12s`, `99%`, `2`.
    package let text: String

    package init(value: Double, text: String) {
        self.value = value
        self.text = text
    }
}

/// Something that a replication did or did not do: `outage.anySlot > 10s`, `not recovered`.
package struct ReplicationEvent: Sendable, Equatable, CustomStringConvertible {
    package enum Condition: Sendable, Equatable {
        /// A yes or no, or its opposite.
        case holds(Bool)
        case compares(Comparison, Limit)
    }

    package let quantity: Quantity
    package let condition: Condition

    package init(_ quantity: Quantity, _ condition: Condition) {
        self.quantity = quantity
        self.condition = condition
    }

    package var description: String {
        switch condition {
        case .holds(let wanted): (wanted ? "" : "not ") + quantity.shortName
        case .compares(let comparison, let limit): "\(quantity.rawValue) \(comparison.rawValue) \(limit.text)"
        }
    }

    /// Whether the quantity's value (1 is yes) makes the event.
    package func holds(for value: Double) -> Bool {
        switch condition {
        case .holds(let wanted): (value > 0) == wanted
        case .compares(let comparison, let limit): comparison.holds(value, limit.value)
        }
    }
}

/// A number made of many replications.
package enum Statistic: Sendable, Equatable, CustomStringConvertible {
    /// The share of replications with the event.
    case probability(ReplicationEvent)
    case mean(Quantity)
    /// With the probability in 0 ... 1.
    case quantile(Quantity, Double)

    package var quantity: Quantity {
        switch self {
        case .probability(let event): event.quantity
        case .mean(let quantity), .quantile(let quantity, _): quantity
        }
    }

    /// What the statistic itself is: of an event, a share.
    package var kind: Quantity.Kind {
        if case .probability = self { .event } else { quantity.kind }
    }

    /// As an expression reads it.
    package var description: String {
        switch self {
        case .probability(let event):
            event.condition == .holds(true) && event.quantity.kind == .event
                ? event.quantity.rawValue : "P(\(event))"
        case .mean(let quantity): "\(quantity.rawValue) mean"
        case .quantile(let quantity, let p): "\(quantity.rawValue) p\(Statistic.percent(p))"
        }
    }

    /// Without zeros at the end: 0.999 is `99.9`.
    private static func percent(_ p: Double) -> String {
        let thousandths = Int((p * 100_000).rounded())
        let (whole, rest) = thousandths.quotientAndRemainder(dividingBy: 1000)
        guard rest > 0 else { return "\(whole)" }
        var digits = String(rest + 1000).dropFirst()
        while digits.last == "0" { digits.removeLast() }
        return "\(whole).\(digits)"
    }
}

/// What somebody holds a forecast to: `milestones.healed p99 < 12s`.
package struct ForecastExpectation: Sendable, Equatable, CustomStringConvertible {
    package let statistic: Statistic
    package let comparison: Comparison
    package let limit: Limit

    package init(_ statistic: Statistic, _ comparison: Comparison, _ limit: Limit) {
        self.statistic = statistic
        self.comparison = comparison
        self.limit = limit
    }

    package var description: String { "\(statistic) \(comparison.rawValue) \(limit.text)" }
}

/// How well a statistic is to be known: `outage.anySlot p99 within 5%`.
package struct PrecisionGoal: Sendable, Equatable, CustomStringConvertible {
    package let statistic: Statistic
    /// Largest half-width of the 95 % interval, in the statistic's unit, or in shares of its value.
    package let halfWidth: Limit
    package let isRelative: Bool

    package init(_ statistic: Statistic, within halfWidth: Limit, isRelative: Bool) {
        self.statistic = statistic
        self.halfWidth = halfWidth
        self.isRelative = isRelative
    }

    package var description: String { "\(statistic) within \(halfWidth.text)" }
}
