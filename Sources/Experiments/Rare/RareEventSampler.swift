package import DiscreteEvent
import Glibc
import Statistics

/// One thread's means to run a replication under a tilt: a world whose delays the meter made, and a score of what
/// happened. The higher the score the nearer to the event.
package struct WeightedTrial {
    package let meter: TailMeter
    package let score: (Int) -> Double

    package init(meter: TailMeter, score: @escaping (Int) -> Double) {
        self.meter = meter
        self.score = score
    }
}

/// How often each tail of each delay is drawn on purpose.
package struct TailProposal: Sendable, Equatable {
    package struct Tilt: Sendable, Equatable {
        /// Share of draws from the lower and the upper tail.
        package var lower = 0.0
        package var upper = 0.0
        /// Tail probability below which a draw is extreme.
        package var extreme = 0.0
    }

    package var tilts: [Tilt]
}

/// The probability of an event that hardly ever happens, by importance sampling.
///
/// Replications run under tilted delays (`TailMeter`), and each counts as much as it is more likely in truth than under
/// the tilt: the mean of event times likelihood ratio is an unbiased estimate whatever the tilt (Asmussen & Glynn,
/// Stochastic Simulation, 2007, chapter V). How much each tail is tilted is found by the cross-entropy method
/// (Rubinstein & Kroese, 2004): round by round the tenth of replications that came nearest to the event, weighed by
/// their likelihood ratios, says how many extreme draws of each delay it takes. The replications that give the
/// estimate are run afterwards, under a tilt that no longer changes, so that the search does not bias it.
///
/// The method makes events frequent that long or short delays bring about. What comes about otherwise it finds no
/// sooner than ordinary replications do; `RareEventEstimate.unseen` bounds that part.
package struct RareEventSampler: Sendable {
    /// Names of the delays.
    package let delays: [String]
    /// The score from which on the event has happened.
    package let threshold: Double
    /// Makes a thread's trial.
    package let makeTrial: @Sendable (TailProposal) -> WeightedTrial
    /// Ends the search early.
    package let shouldStop: @Sendable () -> Bool

    package init(
        delays: [String], threshold: Double, shouldStop: @escaping @Sendable () -> Bool = { false },
        makeTrial: @escaping @Sendable (TailProposal) -> WeightedTrial
    ) {
        self.delays = delays
        self.threshold = threshold
        self.makeTrial = makeTrial
        self.shouldStop = shouldStop
    }

    /// Replications of all stages at most.
    package static func most(exploration: Int, maximum: Int) -> Int { pilot + mostRounds * exploration + maximum }

    /// Replications that count how often each delay is drawn.
    private static let pilot = 50
    private static let mostRounds = 8
    /// Tail draws of a replication on purpose: at the beginning, at most, and in any case, over all delays together.
    private static let (firstDraws, mostDraws, leastDraws) = (2.0, 5.0, 0.4)
    /// Largest share of tail draws of one delay.
    private static let mostShare = 0.8

    /// What one replication came to.
    struct Observation: Sendable {
        var score: Double
        var logWeight: Double
        var tallies: [TailMeter.Tally]

        var weight: Double { exp(logWeight) }
    }

    /// Estimates the probability.
    ///
    /// - Parameters:
    ///   - exploration: replications of a round of the search.
    ///   - maximum: replications of the estimate at most.
    ///   - precision: half-width of the interval over the estimate at which to stop.
    ///   - onProgress: called now and then with the replications done, of all stages.
    package func estimate(
        exploration: Int, maximum: Int, precision: Double, workers: Int, onProgress: (Int) -> Void = { _ in }
    ) -> RareEventEstimate? {
        var next = 0
        func observe(_ count: Int, _ proposal: TailProposal) -> [Observation] {
            let first = next
            next += count
            return run(first..<next, proposal, workers) { onProgress(first + $0) }
        }
        var proposal = firstProposal(observe(RareEventSampler.pilot, untilted))
        for _ in 0..<RareEventSampler.mostRounds where !shouldStop() {
            let (better, isThere) = improved(proposal, observe(exploration, proposal))
            proposal = better
            if isThere { break }
        }
        var counted: [Observation] = []
        var target = min(maximum, exploration)
        while !shouldStop() {
            counted += observe(target - counted.count, proposal)
            guard counted.count < maximum, let found = RareEventEstimate(counted, self, proposal, searched: next),
                found.relativeHalfWidth > precision
            else { break }
            // Half as many again, and never none: of one replication the half is none.
            target = min(maximum, counted.count + max(1, counted.count / 2))
        }
        return RareEventEstimate(counted, self, proposal, searched: next)
    }

    // MARK: Proposals

    private var untilted: TailProposal {
        TailProposal(tilts: Array(repeating: TailProposal.Tilt(), count: delays.count))
    }

    /// Every delay that is drawn at all, both tails alike.
    private func firstProposal(_ observations: [Observation]) -> TailProposal {
        var proposal = untilted
        guard !observations.isEmpty else { return proposal }
        let draws = delays.indices.map { delay in
            Double(observations.reduce(0) { $0 + $1.tallies[delay].draws }) / Double(observations.count)
        }
        let tails = 2 * draws.count { $0 > 0 }
        for delay in delays.indices where draws[delay] > 0 {
            let each = RareEventSampler.firstDraws / Double(tails)
            // One draw in five replications is that extreme by nature.
            let extreme = min(0.2 / draws[delay], 0.2)
            let share = min(each / draws[delay], RareEventSampler.mostShare / 2)
            proposal.tilts[delay] = TailProposal.Tilt(lower: share, upper: share, extreme: extreme)
        }
        return proposal
    }

    /// One round of the cross-entropy method; whether enough of the round were events.
    private func improved(
        _ proposal: TailProposal, _ observations: [Observation]
    ) -> (TailProposal, isThere: Bool) {
        let ranked = observations.map(\.score).sorted()
        guard let worst = ranked.first else { return (proposal, true) }
        let tenth = min(threshold, ranked[ranked.count - 1 - (ranked.count - 1) / 10])
        // Where most are alike, as with a yes or no, all that are better teach; where all are alike, none does.
        guard let level = tenth > worst ? tenth : ranked.first(where: { $0 > worst }) else {
            return (proposal, worst >= threshold)
        }
        let elite = observations.filter { $0.score >= level }
        let total = elite.reduce(0) { $0 + $1.weight }
        let squares = elite.reduce(0) { $0 + $1.weight * $1.weight }
        guard total > 0, squares > 0 else { return (proposal, false) }
        let effective = total * total / squares
        func mean(_ value: (Observation) -> Int) -> Double {
            elite.reduce(0) { $0 + $1.weight * Double(value($1)) } / total
        }
        var better = proposal
        let used = delays.indices.filter { proposal.tilts[$0].extreme > 0 }
        let least = RareEventSampler.leastDraws / Double(2 * max(1, used.count))
        for delay in used {
            let draws = mean { $0.tallies[delay].draws }
            guard draws > 0 else { continue }
            let natural = draws * proposal.tilts[delay].extreme
            // What chance alone makes of the natural number of extreme draws is no lesson.
            let noise = 2 * (natural / effective).squareRoot()
            func share(_ extremes: Double) -> Double {
                min(max(least, extremes - natural - noise) / draws, RareEventSampler.mostShare / 2)
            }
            better.tilts[delay].lower = share(mean { $0.tallies[delay].lower })
            better.tilts[delay].upper = share(mean { $0.tallies[delay].upper })
        }
        limit(&better, observations)
        return (better, level >= threshold && effective >= 20)
    }

    /// Keeps likelihood ratios in bounds.
    private func limit(_ proposal: inout TailProposal, _ observations: [Observation]) {
        let sum = delays.indices.reduce(0) { sum, delay in
            let draws = Double(observations.reduce(0) { $0 + $1.tallies[delay].draws }) / Double(observations.count)
            return sum + draws * (proposal.tilts[delay].lower + proposal.tilts[delay].upper)
        }
        guard sum > RareEventSampler.mostDraws else { return }
        for delay in delays.indices {
            proposal.tilts[delay].lower *= RareEventSampler.mostDraws / sum
            proposal.tilts[delay].upper *= RareEventSampler.mostDraws / sum
        }
    }

    // MARK: Running

    /// Observations of the replications in their order, whatever the number of workers; the first ones where
    /// `shouldStop` turned true.
    private func run(
        _ range: Range<Int>, _ proposal: TailProposal, _ workers: Int, onProgress: (Int) -> Void
    ) -> [Observation] {
        Replications.map(
            range, workers: workers, shouldStop: shouldStop, onProgress: onProgress, means: { makeTrial(proposal) },
            body: { trial, replication in
                trial.meter.reset()
                let score = trial.score(replication)
                return Observation(score: score, logWeight: trial.meter.logWeight, tallies: trial.meter.tallies)
            })
    }
}
