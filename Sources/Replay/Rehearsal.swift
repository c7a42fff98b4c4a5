package import ClusterModel
import Experiments
import Randomness
package import RedisCluster
package import SystemModel

/// A recorded fault, repeated many times, and what a recorder would have seen each time.
package struct Rehearsal: Sendable {
    package var model: SystemModel
    package var scenario: Scenario
    /// Ids by process.
    package var names: [NodeName]
    /// Nil begins each replication at a random moment of the cluster's life.
    package var beginning: Beginning?
    package var polling: Polling
    package var seed: UInt64

    package init(
        model: SystemModel, scenario: Scenario, names: [NodeName], beginning: Beginning?, polling: Polling, seed: UInt64
    ) {
        self.model = model
        self.scenario = scenario
        self.names = names
        self.beginning = beginning
        self.polling = polling
        self.seed = seed
    }

    /// Runs replications 0..<count on at most `jobs` threads: the sightings of each, the same for any number of jobs.
    /// Fewer, the first ones, where `shouldStop` turned true.
    package func run(
        replications count: Int, jobs: Int, shouldStop: @escaping @Sendable () -> Bool = { false }
    ) -> [[Seen]] {
        Replications.map(0..<count, workers: jobs, shouldStop: shouldStop) {
            let simulation = ClusterSimulation(model: model, scenario: scenario, seed: seed)
            simulation.beginning = beginning
            return simulation
        } body: { simulation, index in
            _ = simulation.watch(index, askedEvery: polling.views)
            return Rehearsal.seen(simulation, index, names: names, polling: polling)
        }
    }

    /// What a recorder would have seen of the replication that a simulation has just run, up to its horizon.
    static func seen(_ simulation: ClusterSimulation, _ index: Int, names: [NodeName], polling: Polling) -> [Seen] {
        let dice = RandomStream(seed: simulation.seed, replication: UInt64(index), purpose: .replay, entity: 1)
        let horizon = simulation.scenario?.horizon ?? 0
        return SimulatedSightings.of(simulation.watch, names: names, polling: polling, dice: dice)
            .filter { $0.before >= 0 && $0.shownBefore <= horizon }
    }
}
