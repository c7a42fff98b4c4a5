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
        p50 = summary.endlessQuantileEstimate(0.50)
        p90 = summary.endlessQuantileEstimate(0.90)
        p99 = summary.endlessQuantileEstimate(0.99)
        mean = Summary(lengths.filter(\.isFinite))?.meanEstimate()
    }

    /// The quantiles with their names, in order.
    package var quantiles: [(name: String, estimate: Estimate)] { [("p50", p50), ("p90", p90), ("p99", p99)] }
}
