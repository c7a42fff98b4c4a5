package import Statistics
package import SystemModel

/// What users see of the busiest master at some load, and the largest load that still meets what they expect.
package struct LoadStudy {
    package let setup: LoadSetup
    package let expectations: Demand.Expectations
    package let seed: UInt64
    /// Independent runs, at least 1.
    package let replications: Int
    /// Asked before each run; the study has no result then.
    private let shouldStop: () -> Bool

    package init(
        _ setup: LoadSetup, expectations: Demand.Expectations, seed: UInt64, replications: Int,
        shouldStop: @escaping () -> Bool = { false }
    ) {
        self.shouldStop = shouldStop
        self.setup = setup
        self.expectations = expectations
        self.seed = seed
        self.replications = max(1, replications)
    }

    /// Answer times and freezes at a load. Times are ns.
    package struct Answers: Sendable {
        package let quantiles: [(name: String, estimate: Estimate)]
        /// At the quantile that the expectations bound.
        package let expected: Estimate
        /// Share of requests without an answer within the clients' patience.
        package let failed: Estimate
        package let commitsPerSecond: Double
        package let storageBusy: Double
        package let longestFreeze: Double
        /// Simulated requests; groups of them where they are pipelined.
        package let requests: Int
        /// Simulated seconds of each run.
        package let seconds: Double
    }

    package static let quantiles: [(name: String, p: Double)] = [
        ("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("p999", 0.999),
    ]

    package func answers(factor: Double = 1) -> Answers? {
        guard let outcomes = replicate({ outcome(factor: factor, replication: $0) }) else { return nil }
        let requests = outcomes.reduce(0) { $0 + $1.latency.count }
        guard requests > 0, let failed = Summary(outcomes.map(\.failedShare)),
            let commits = Summary(outcomes.map(\.commitsPerSecond)), let busy = Summary(outcomes.map(\.storageBusy))
        else { return nil }
        func quantile(_ p: Double) -> Estimate? {
            Summary(outcomes.map { $0.latency.quantile(p) }).map { bounded($0.meanEstimate(), 0, .infinity) }
        }
        var quantiles: [(name: String, estimate: Estimate)] = []
        for (name, p) in Self.quantiles {
            guard let estimate = quantile(p) else { return nil }
            quantiles.append((name, estimate))
        }
        guard let expected = quantile(expectations.quantile) else { return nil }
        return Answers(
            quantiles: quantiles, expected: expected, failed: bounded(failed.meanEstimate(), 0, 1),
            commitsPerSecond: commits.mean,
            storageBusy: busy.mean, longestFreeze: Double(outcomes.map(\.longestFreeze).max() ?? 0), requests: requests,
            seconds: outcomes[0].seconds)
    }

    /// The largest multiple of today's reads and writes that meets the expectations: for each replication by bisection
    /// over loads that share their dice; the mean of the replications, with Student's interval. Nil without load.
    package func largestFactor() -> Estimate? {
        let one = setup.utilisation(factor: 1) - setup.housekeeping
        guard one > 0 else { return nil }
        let highest = 1.2 * (1 - min(setup.housekeeping, 0.99)) / one
        return replicate { largestFactor(of: $0, highest: highest) }.flatMap(Summary.init)
            .map { bounded($0.meanEstimate(), 0, .infinity) }
    }

    /// What each run gives; nil where it is to stop.
    private func replicate<Result>(_ run: (Int) -> Result) -> [Result]? {
        var results: [Result] = []
        for replication in 0..<replications {
            if shouldStop() { return nil }
            results.append(run(replication))
        }
        return results
    }

    private func largestFactor(of replication: Int, highest: Double) -> Double {
        // As shares of the thread on a logarithmic scale: halving its width ten times leaves less than 1 %.
        var low = highest / 2048
        var high = highest
        guard meets(outcome(factor: low, replication: replication)) else { return 0 }
        if meets(outcome(factor: high, replication: replication)) { return high }
        for _ in 0..<10 {
            let middle = (low * high).squareRoot()
            if meets(outcome(factor: middle, replication: replication)) { low = middle } else { high = middle }
        }
        return (low * high).squareRoot()
    }

    private func meets(_ outcome: LoadOutcome) -> Bool {
        outcome.latency.quantile(expectations.quantile) <= expectations.latency * 1e9
            && outcome.failedShare <= 1 - expectations.availability
    }

    private func outcome(factor: Double, replication: Int) -> LoadOutcome {
        var simulation = LoadSimulation(
            setup, factor: factor, seconds: seconds(factor), timeout: expectations.timeout, seed: seed,
            replication: replication)
        return simulation.run()
    }

    /// Long enough to see the storage's bad seconds, short enough for 100,000 groups of requests a second.
    private func seconds(_ factor: Double) -> Double {
        let trips = max(factor * (setup.servers[0].reads + setup.servers[0].writes) / setup.pipelining, 1)
        return min(max(400_000 / trips, 20), 120, 2_500_000 / trips)
    }

    private func bounded(_ estimate: Estimate, _ low: Double, _ high: Double) -> Estimate {
        let interval = Interval(low: max(estimate.interval.low, low), high: min(estimate.interval.high, high))
        return Estimate(value: estimate.value, interval: interval)
    }
}
