package import Statistics

/// One figure before and after a change.
package struct Measure: Sendable {
    package enum Unit: String, Sendable {
        /// 0 ... 1.
        case share
        /// ns; infinite is never.
        case duration
        /// A number of things.
        case amount
    }

    package let name: String
    package let unit: Unit
    package let isBetterWhenSmaller: Bool
    package let before: Estimate
    package let after: Estimate

    /// What the figures can tell apart: their 95 % intervals don't meet. Exact ones have none to speak of.
    package var effect: Effect {
        if after.value == before.value { return .none }
        if after.interval.high < before.interval.low { return isBetterWhenSmaller ? .better : .worse }
        if after.interval.low > before.interval.high { return isBetterWhenSmaller ? .worse : .better }
        return .none
    }

    package enum Effect: String, Sendable { case better, worse, none = "no difference shown" }
}

extension Estimate {
    /// A value that is known.
    package init(exactly value: Double) { self.init(value: value, interval: Interval(low: value, high: value)) }
}
