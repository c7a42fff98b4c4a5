package import Statistics
import SystemModel

/// A limit with how far away it is.
package struct LimitForecast: Sendable {
    package let limit: LimitUse
    /// The multiple of today's keys, reads and writes that reaches it; infinite beyond a million.
    package let factor: Double
    /// For what was found by simulation, the interval of the factor.
    package let factorInterval: Interval?
    /// Months at the stated growth; 0 where it is reached already, nil where it is not within 50 years.
    package let months: Double?

    /// What is left, as a share of today's load: 0.5 is half as much again; negative where it is exceeded.
    package var headroom: Double { factor - 1 }
    package var isExceeded: Bool { factor < 1 }

    private static let longest = 600.0
    private static let largestFactor = 1e6

    /// Every limit that formulas know of.
    static func all(of model: CapacityModel) -> [LimitForecast] {
        CapacityModel.LimitGroup.allCases.flatMap { group in
            model.limits(model.demand, group).map { LimitForecast($0, of: model, in: group) }
        }
    }

    /// Of a formula.
    private init(_ limit: LimitUse, of model: CapacityModel, in group: CapacityModel.LimitGroup) {
        self.limit = limit
        factorInterval = nil
        func exceeds(_ amounts: Demand) -> Bool {
            model.limits(amounts, group).first { $0.name == limit.name }.map { $0.ratio > 1 } ?? false
        }
        factor =
            Self.crossing(from: 1e-6, to: Self.largestFactor, onScale: .logarithmic) {
                exceeds(model.demand.scaled(by: $0))
            } ?? .infinity
        months = Self.crossing(from: 0, to: Self.longest, onScale: .linear) { exceeds(model.demand.after(months: $0)) }
    }

    /// Of a simulation that multiplied reads and writes.
    init(_ limit: LimitUse, factor: Estimate, of demand: Demand) {
        self.limit = limit
        self.factor = factor.value
        factorInterval = factor.interval
        let today = demand.reads.value + demand.writes.value
        months = Self.crossing(from: 0, to: Self.longest, onScale: .linear) { months in
            let later = demand.after(months: months)
            return later.reads.value + later.writes.value > today * factor.value
        }
    }

    private enum Scale { case linear, logarithmic }

    /// Where a condition becomes true: `low` where it already is there, whatever becomes of it (a demand that shrinks
    /// may end what is exceeded today); nil where it is not even at `high`.
    private static func crossing(
        from low: Double, to high: Double, onScale scale: Scale, _ holds: (Double) -> Bool
    ) -> Double? {
        guard !holds(low) else { return low }
        guard holds(high) else { return nil }
        var (low, high) = (low, high)
        for _ in 0..<50 {
            let middle = scale == .linear ? (low + high) / 2 : (low * high).squareRoot()
            if holds(middle) { high = middle } else { low = middle }
        }
        return high
    }
}
