package import ClusterModel
import Experiments
import Synchronization
package import SystemModel

/// How much is simulated, on how many threads; counts what has been done.
///
/// What a replication says depends on the model, the scenario, the seed and its number only, and results come in the
/// order of the numbers, so that any number of threads gives the same answer.
package final class Effort: Sendable {
    /// Of each case.
    package let replications: Int
    package let seed: UInt64
    private let workers: Int
    private let shouldStop: @Sendable () -> Bool
    private let onProgress: @Sendable (Int) -> Void
    private let finished = Atomic<Int>(0)

    /// - Parameters:
    ///   - replications: of each case, at least 1.
    ///   - workers: threads, at least 1.
    ///   - shouldStop: asked before each replication.
    ///   - onProgress: called about ten times a second with the number of replications finished so far.
    package init(
        replications: Int, seed: UInt64, workers: Int, shouldStop: @escaping @Sendable () -> Bool = { false },
        onProgress: @escaping @Sendable (Int) -> Void = { _ in }
    ) {
        self.replications = max(1, replications)
        self.seed = seed
        self.workers = max(1, workers)
        self.shouldStop = shouldStop
        self.onProgress = onProgress
    }

    package var isStopped: Bool { shouldStop() }

    /// The outcomes of a case's replications; nil where somebody stopped it.
    package func outcomes(_ model: SystemModel, _ scenario: Scenario, count: Int? = nil) -> [Outcome]? {
        map(model, scenario, count: count) { simulation, index in simulation.replicate(index) }
    }

    /// What `body` says of each replication, in order; nil where somebody stopped it.
    ///
    /// - Parameter body: runs the replication of that number on the simulation, and nothing else.
    package func map<Result: Sendable>(
        _ model: SystemModel, _ scenario: Scenario, count: Int? = nil,
        _ body: @escaping @Sendable (ClusterSimulation, Int) -> Result
    ) -> [Result]? {
        let total = max(1, count ?? replications)
        let before = finished.load(ordering: .relaxed)
        let results = Replications.map(
            0..<total, workers: workers, shouldStop: shouldStop, onProgress: { onProgress(before + $0) },
            means: { [seed] in ClusterSimulation(model: model, scenario: scenario, seed: seed) }, body: body)
        finished.wrappingAdd(results.count, ordering: .relaxed)
        return results.count == total ? results : nil
    }
}
