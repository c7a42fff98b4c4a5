import DiscreteEvent
import Glibc
package import Statistics

/// What a search for a rare event found.
package struct RareEventEstimate: Sendable {
    /// Replications behind the estimate, and those in which the event came about.
    package let replications: Int
    package let hits: Int
    /// Replications of all stages.
    package let searched: Int
    /// The probability with its 95 % interval: Student's on the logarithm, so that it stays above 0; open above where
    /// the hits are too few to say.
    package let estimate: Estimate
    /// Hits that as many equally weighty ones would be worth.
    package let effectiveHits: Double
    /// Mean of all likelihood ratios: 1, give or take its interval, or something is wrong with the weights.
    package let meanWeight: Estimate
    /// Upper bound (95 %) of what could have come about without an extreme delay and was not seen: three over the
    /// number of replications, times the largest likelihood ratio met.
    package let unseen: Double
    /// Delays of which events take more extreme draws than other replications, the most first.
    package let causes: [Cause]

    package struct Cause: Sendable, Equatable {
        package let delay: String
        /// Long, rather than short.
        package let isLong: Bool
        /// Extreme draws of an event, less those that it would have anyway.
        package let draws: Double
    }

    /// Too few hits carry the interval to trust it.
    package var isVague: Bool { effectiveHits < 20 }

    var relativeHalfWidth: Double {
        guard estimate.value > 0, estimate.interval.high.isFinite else { return .infinity }
        return (estimate.interval.high - estimate.interval.low) / 2 / estimate.value
    }

    init?(
        _ observations: [RareEventSampler.Observation], _ sampler: RareEventSampler, _ proposal: TailProposal,
        searched: Int
    ) {
        let weights = observations.map { $0.score >= sampler.threshold ? $0.weight : 0 }
        guard let all = Summary(weights), let ratios = Summary(observations.map(\.weight)) else { return nil }
        self.searched = searched
        replications = observations.count
        hits = weights.count { $0 > 0 }
        let total = weights.reduce(0, +)
        let squares = weights.reduce(0) { $0 + $1 * $1 }
        effectiveHits = squares > 0 ? total * total / squares : 0
        estimate = RareEventEstimate.interval(all, weights, hits: hits)
        meanWeight = ratios.meanEstimate()
        unseen = min(1, 3 / Double(observations.count) * ratios.maximum)
        causes = RareEventEstimate.causes(observations, weights, total, sampler, proposal)
    }

    /// The spread is taken as if the weightiest case had come once more: the weightiest of all are the last to be met,
    /// and a sample that lacks them looks more certain than it is.
    private static func interval(_ all: Summary, _ weights: [Double], hits: Int) -> Estimate {
        // Weights of an event that is not rare may come to more than a probability can be.
        let value = min(1, all.mean)
        guard hits > 1, let wider = Summary(weights + [all.maximum])?.meanEstimate() else {
            return Estimate(value: value, interval: Interval(low: 0, high: .infinity))
        }
        let spread = exp((wider.interval.high - wider.value) / value)
        return Estimate(value: value, interval: Interval(low: value / spread, high: min(1, value * spread)))
    }

    private static func causes(
        _ observations: [RareEventSampler.Observation], _ weights: [Double], _ total: Double,
        _ sampler: RareEventSampler, _ proposal: TailProposal
    ) -> [Cause] {
        guard total > 0 else { return [] }
        var causes: [Cause] = []
        for (delay, tilt) in proposal.tilts.enumerated() where tilt.extreme > 0 {
            func excess(_ count: (TailMeter.Tally) -> Int) -> Double {
                zip(observations, weights).reduce(0) { sum, pair in
                    let tally = pair.0.tallies[delay]
                    return sum + pair.1 * (Double(count(tally)) - Double(tally.draws) * tilt.extreme)
                } / total
            }
            for (isLong, draws) in [(true, excess(\.upper)), (false, excess(\.lower))] where draws >= 0.1 {
                causes.append(Cause(delay: sampler.delays[delay], isLong: isLong, draws: draws))
            }
        }
        return causes.sorted { ($1.draws, $0.delay) < ($0.draws, $1.delay) }
    }
}
