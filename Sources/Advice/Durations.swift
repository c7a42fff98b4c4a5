package import Statistics

/// Durations in ns of which some had not ended when watching did: those count as endless, so that a quantile that
/// reaches them is infinite.
package struct Durations: Sendable, Equatable {
    package let count: Int
    package let unended: Int
    package let p50: Estimate
    package let p90: Estimate
    package let p99: Estimate
    /// Over those that ended; nil where none did.
    package let mean: Estimate?

    /// Nil for no durations. Endless ones are infinite.
    package init?(_ lengths: [Double]) {
        guard let summary = Summary(lengths) else { return nil }
        count = lengths.count
        unended = lengths.count { $0 == .infinity }
        func quantile(_ p: Double) -> Estimate {
            let estimate = summary.quantileEstimate(p)
            // Between two endless ones interpolation has no value.
            return estimate.value.isNaN ? Estimate(value: .infinity, interval: estimate.interval) : estimate
        }
        p50 = quantile(0.50)
        p90 = quantile(0.90)
        p99 = quantile(0.99)
        mean = Summary(lengths.filter(\.isFinite))?.meanEstimate()
    }

    /// The quantiles with their names, in order.
    package var quantiles: [(name: String, estimate: Estimate)] { [("p50", p50), ("p90", p90), ("p99", p99)] }
}

/// So many of so many, with Wilson's interval.
package struct Share: Sendable, Equatable {
    package let count: Int
    package let trials: Int
    package let value: Double
    package let interval: Interval

    package init?(_ count: Int, of trials: Int) {
        guard let proportion = Proportion(count, of: trials) else { return nil }
        self.count = count
        self.trials = trials
        value = proportion.value
        interval = proportion.wilson()
    }
}
