import ClusterModel
package import Statistics
package import SystemModel

/// What a change of one assumption does to a forecast: the same replications with the same dice, once as they are and
/// once with the change.
package struct SensitivityStudy: Sendable {
    private let scenario: Scenario
    private let seed: UInt64
    /// Time with some slot unserved in the replications as they are, up to the horizon, ns.
    private let base: [Double]
    private let basePromoted: Int

    /// The answer of one change.
    package struct Effect: Sendable {
        /// Of the mean time with some slot unserved, changed minus unchanged, ns.
        package let difference: Estimate
        package let mean: Double
        /// Share of the replications that promote somebody.
        package let promoted: Double
    }

    /// - Parameters:
    ///   - table: the forecast's own replications, at least `replications` of them.
    ///   - replications: how many of the first ones are compared, at least 2.
    package init(scenario: Scenario, seed: UInt64, table: OutcomeTable, replications: Int) {
        self.scenario = scenario
        self.seed = seed
        base = SensitivityStudy.outages(of: table, replications)
        basePromoted = (0..<replications).count { table[$0].promoted }
    }

    package var replications: Int { base.count }
    package var baseMean: Double { base.reduce(0, +) / Double(base.count) }
    package var basePromotedShare: Double { Double(basePromoted) / Double(base.count) }

    /// Nil where `shouldStop` turned true before it was known.
    package func effect(
        of changed: SystemModel, workers: Int, shouldStop: @escaping @Sendable () -> Bool,
        onProgress: (Int) -> Void = { _ in }
    ) -> Effect? {
        let table = Runner(model: changed, scenario: scenario, seed: seed).run(
            replications: replications, workers: workers, shouldStop: shouldStop, onProgress: onProgress)
        guard table.count == replications else { return nil }
        let outages = SensitivityStudy.outages(of: table, replications)
        guard let difference = PairedDifference(first: base, second: outages) else { return nil }
        let promoted = (0..<replications).count { table[$0].promoted }
        return Effect(
            difference: difference.meanEstimate(), mean: outages.reduce(0, +) / Double(outages.count),
            promoted: Double(promoted) / Double(replications))
    }

    private static func outages(of table: OutcomeTable, _ count: Int) -> [Double] {
        (0..<count).map { Double(table[$0].anySlotUnserved) }
    }
}
