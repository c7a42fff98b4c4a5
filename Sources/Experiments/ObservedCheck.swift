package import Statistics
package import SystemModel

/// An observation of a real case held against a forecast: could it be one of the forecast's?
package struct ObservedCheck: Sendable {
    /// An observation that lies farther out than all but this share of the forecast's cases can't be.
    package static let centralShare = 0.98

    /// What the forecast says of the observation's subject.
    package enum Prediction: Sendable {
        /// Over all replications, endless where it never happened or ended; the band holds the median of as many trials
        /// as were made with `centralShare`.
        case quantiles(p5: Double, p50: Double, p95: Double, band: Interval)
        /// The event's probability with its 95 % interval.
        case probability(Estimate)
    }

    package let fact: ObservedFact
    package let prediction: Prediction
    /// The observed range meets the band; of an event, neither so many cases nor so few have less than 1 % of chance at
    /// any probability of the interval.
    package let isPossible: Bool

    /// Nil for a table without a row.
    package init?(_ fact: ObservedFact, in table: OutcomeTable) {
        self.fact = fact
        switch fact.finding {
        case .measured(let quantity, _, let low, let high, let trials):
            let values = (0..<table.count).map { table.value(of: quantity, in: $0) }
            guard let summary = Summary(values) else { return nil }
            func quantile(_ p: Double) -> Double {
                let value = summary.quantile(p)
                return value.isNaN ? .infinity : value
            }
            let band = summary.medianBand(ofTrials: trials, probability: Self.centralShare)
            prediction = .quantiles(p5: quantile(0.05), p50: quantile(0.5), p95: quantile(0.95), band: band)
            isPossible = low <= band.high && band.low <= high
        case .counted(let event, let times, let trials):
            let statistic = Statistic.probability(event)
            guard let estimate = statistic.estimate(from: table.values(of: statistic)),
                let seen = Proportion(times, of: trials)
            else { return nil }
            prediction = .probability(estimate)
            let least = (1 - Self.centralShare) / 2
            isPossible =
                seen.tails(probability: estimate.interval.high).atLeast >= least
                && seen.tails(probability: estimate.interval.low).atMost >= least
        }
    }

    /// All observations of a case, in their order.
    package static func all(_ observed: ObservedCase?, in table: OutcomeTable) -> [ObservedCheck] {
        (observed?.facts ?? []).compactMap { ObservedCheck($0, in: table) }
    }
}
