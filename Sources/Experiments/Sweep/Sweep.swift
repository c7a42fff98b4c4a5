package import Statistics
package import SystemModel

/// One system of a comparison.
package struct Alternative: Sendable {
    /// What tells it from the others: `cluster-node-timeout=5000`.
    package let name: String
    /// The values of the varied keys, in the order of the factors.
    package let values: [String]
    package let model: SystemModel
    package let scenario: Scenario

    package init(name: String, values: [String], model: SystemModel, scenario: Scenario) {
        self.name = name
        self.values = values
        self.model = model
        self.scenario = scenario
    }
}

/// Runs alternatives one after the other, each on all cores, with the same dice: replication n of every alternative has
/// the same seed and the same streams, so that what differs between them is the alternative and not the luck.
package struct Sweep: Sendable {
    package let alternatives: [Alternative]
    package let statistics: [Statistic]
    package let expectations: [ForecastExpectation]
    package let plan: ReplicationPlan
    package let seed: UInt64
    /// Index of the alternative that the others are compared with.
    package let baseline: Int

    package init(
        alternatives: [Alternative], statistics: [Statistic], expectations: [ForecastExpectation] = [],
        plan: ReplicationPlan, seed: UInt64, baseline: Int = 0
    ) {
        self.alternatives = alternatives
        self.statistics = statistics
        self.expectations = expectations
        self.plan = plan
        self.seed = seed
        self.baseline = baseline
    }

    /// Rows that are written to a journal together.
    private static let chunk = 50

    /// What one alternative said. Only what is reported is kept of its replications.
    struct Samples {
        var replications: Int
        /// By statistic.
        var values: [[Double]]
        var verdicts: [Verdict]
        var reached: ReplicationPlan.Reached?
        var isComplete: Bool
    }

    /// Runs everything, or what is done until `shouldStop` turns true.
    ///
    /// - Parameters:
    ///   - journal: takes up the results as they come, and gives those that it has.
    ///   - onProgress: called with the alternative's index and the number of its finished replications.
    package func run(
        workers: Int, journal: SweepJournal? = nil, shouldStop: @escaping @Sendable () -> Bool = { false },
        onProgress: (Int, Int) -> Void = { _, _ in }
    ) throws -> SweepResult {
        var samples: [Samples] = []
        for (index, alternative) in alternatives.enumerated() where !shouldStop() {
            let table = OutcomeTable(capacity: plan.maximum)
            try journal?.restore(index, into: table)
            let runner = Runner(model: alternative.model, scenario: alternative.scenario, seed: seed)
            let isComplete = try runner.run(
                plan, into: table, workers: workers, chunk: journal == nil ? .max : Sweep.chunk,
                shouldStop: shouldStop, onProgress: { onProgress(index, $0) },
                onRows: { try journal?.append($0, of: index, table) })
            if isComplete { try journal?.end(index, replications: table.count) }
            guard table.count > 0 else { break }
            samples.append(
                Samples(
                    replications: table.count, values: statistics.map { table.values(of: $0) },
                    verdicts: expectations(of: alternative).map { Verdict($0, in: table) },
                    reached: plan.reached(by: table), isComplete: isComplete))
        }
        return SweepResult(self, samples)
    }

    /// Those of the sweep, and those of the scenario's file.
    private func expectations(of alternative: Alternative) -> [ForecastExpectation] {
        expectations + alternative.scenario.expectations.filter { !expectations.contains($0) }
    }
}

/// What a sweep found out, alternative by alternative.
package struct SweepResult: Sendable {
    package struct Finding: Sendable {
        package let alternative: Alternative
        package let replications: Int
        /// False where it was interrupted.
        package let isComplete: Bool
        /// By statistic.
        package let estimates: [Estimate]
        /// Beside the baseline, by statistic; nil for the baseline itself, and where both are endless.
        package let differences: [Difference?]
        package let verdicts: [Verdict]
        package let reached: ReplicationPlan.Reached?
    }

    /// How much more than the baseline, over the replications that both have.
    package struct Difference: Sendable, Equatable {
        package let estimate: Estimate
        /// Replication by replication the same.
        package let isIdentical: Bool

        /// The 95 % interval does not hold 0.
        package var isVisible: Bool {
            !isIdentical && (estimate.interval.low > 0 || estimate.interval.high < 0)
        }
    }

    package let statistics: [Statistic]
    /// Of the alternatives that were run, in their order.
    package let findings: [Finding]
    package let baseline: Int
    /// False where it was interrupted.
    package let isComplete: Bool

    init(_ sweep: Sweep, _ samples: [Sweep.Samples]) {
        statistics = sweep.statistics
        baseline = sweep.baseline
        isComplete = samples.count == sweep.alternatives.count && samples.allSatisfy(\.isComplete)
        let reference = samples.indices.contains(sweep.baseline) ? samples[sweep.baseline] : nil
        findings = samples.enumerated().map { index, sample in
            let estimates = zip(sweep.statistics, sample.values).map { $0.estimate(from: $1) ?? SweepResult.unknown }
            let differences = sweep.statistics.indices.map { statistic -> Difference? in
                guard let reference, index != sweep.baseline else { return nil }
                return SweepResult.difference(
                    sweep.statistics[statistic], reference.values[statistic], sample.values[statistic], sweep.seed)
            }
            return Finding(
                alternative: sweep.alternatives[index], replications: sample.replications,
                isComplete: sample.isComplete, estimates: estimates, differences: differences,
                verdicts: sample.verdicts, reached: sample.reached)
        }
    }

    private static let unknown = Estimate(value: .nan, interval: Interval(low: -.infinity, high: .infinity))

    private static func difference(
        _ statistic: Statistic, _ first: [Double], _ second: [Double], _ seed: UInt64
    ) -> Difference? {
        let pairs = min(first.count, second.count)
        let (one, other) = (Array(first.prefix(pairs)), Array(second.prefix(pairs)))
        return statistic.difference(from: one, to: other, seed: seed).map {
            Difference(estimate: $0, isIdentical: one == other)
        }
    }

    package var verdicts: [Verdict] { findings.flatMap(\.verdicts) }
}
