import ClusterModel
import Dispatch
import Foundation
import Synchronization
package import SystemModel

/// Replications of one scenario on several threads.
///
/// Each worker owns one simulation and takes the next replication's number from a counter; what it finds goes to that
/// number's row. A replication depends on the model, the scenario, the seed and its number only, so the table is the
/// same for any number of workers, and workers share nothing that is written.
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
        let work = Work(from: table.count, to: count)
        let group = DispatchGroup()
        for _ in 0..<max(1, min(workers, count - table.count)) {
            group.enter()
            let thread = Thread {
                work.drain(into: table, of: self, shouldStop: shouldStop)
                group.leave()
            }
            thread.stackSize = 8 << 20
            thread.start()
        }
        while group.wait(timeout: .now() + .milliseconds(100)) == .timedOut { onProgress(work.finishedCount) }
        table.close(count: work.finishedCount)
    }

    fileprivate func simulation() -> ClusterSimulation {
        ClusterSimulation(model: model, scenario: scenario, seed: seed)
    }
}

/// The replications that are still to be done.
private final class Work: Sendable {
    private let count: Int
    private let next: Atomic<Int>
    private let finished: Atomic<Int>

    init(from first: Int, to count: Int) {
        self.count = count
        next = Atomic(first)
        finished = Atomic(first)
    }

    var finishedCount: Int { finished.load(ordering: .acquiring) }

    func drain(into table: OutcomeTable, of runner: Runner, shouldStop: () -> Bool) {
        let simulation = runner.simulation()
        while !shouldStop() {
            let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
            guard index < count else { return }
            table.set(index, simulation.replicate(index))
            finished.wrappingAdd(1, ordering: .releasing)
        }
    }
}
