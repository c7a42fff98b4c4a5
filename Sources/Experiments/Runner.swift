import ClusterModel
package import SystemModel

/// Replications of one scenario on several threads.
///
/// Each worker owns one simulation; what a replication finds goes to its number's row. A replication depends on the
/// model, the scenario, the seed and its number only, so the table is the same for any number of workers.
package struct Runner: Sendable {
    private let model: SystemModel
    private let scenario: Scenario
    private let seed: UInt64

    package init(model: SystemModel, scenario: Scenario, seed: UInt64) {
        self.model = model
        self.scenario = scenario
        self.seed = seed
    }

    /// Runs replications 0..<count, or fewer where `shouldStop` turned true: then the table holds the first ones,
    /// without a gap, because a worker finishes what it has taken.
    ///
    /// - Parameters:
    ///   - count: at least 1.
    ///   - workers: threads, at least 1; no more than `count` are started.
    ///   - shouldStop: asked by every worker before each replication.
    ///   - onProgress: called on the calling thread about ten times a second with the number of finished replications.
    package func run(
        replications count: Int, workers: Int, shouldStop: @escaping @Sendable () -> Bool = { false },
        onProgress: (Int) -> Void = { _ in }
    ) -> OutcomeTable {
        let table = OutcomeTable(capacity: count)
        extend(table, to: count, workers: workers, shouldStop: shouldStop, onProgress: onProgress)
        return table
    }

    /// Runs the replications that a table lacks up to `count`, which must fit it; otherwise as `run`.
    package func extend(
        _ table: OutcomeTable, to count: Int, workers: Int, shouldStop: @escaping @Sendable () -> Bool = { false },
        onProgress: (Int) -> Void = { _ in }
    ) {
        guard count > table.count else { return }
        let first = table.count
        let done = Replications.forEach(
            first..<count, workers: workers, shouldStop: shouldStop, onProgress: { onProgress(first + $0) },
            means: { ClusterSimulation(model: model, scenario: scenario, seed: seed) },
            body: { simulation, index in table.set(index, simulation.replicate(index)) })
        table.close(count: first + done)
    }
}
