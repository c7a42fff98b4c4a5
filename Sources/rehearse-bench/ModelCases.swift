import ClusterModel
import ModelFile
import SystemModel

/// The models whose speed is reported: the shipped six processes, failing and idle, and a hundred nodes.
struct ModelCases {
    /// Of the shipped `models/six-processes`.
    let directory: String

    func run(rounds: Int, pholdRate: Double) throws {
        let six = try ModelReader.read(directory: directory)
        let kill = try six.scenario(named: "kill-master")
        try benchmark("six-processes kill-master", six.model, kill, rounds, pholdRate)
        try benchmark("six-processes idle, 1000 s", six.model, idle(seconds: 1000), rounds, pholdRate)
        let hundred = try ModelReader.read(directory: directory, overrides: ["cluster.masters=50"])
        try benchmark("100 nodes idle, 20 s", hundred.model, idle(seconds: 20), rounds, pholdRate)
    }

    /// Nothing happens for this long.
    private func idle(seconds: Int64) -> Scenario {
        Scenario(name: "idle", question: "", parameters: [], timeline: [], horizon: seconds * 1_000_000_000)
    }

    private func benchmark(
        _ name: String, _ model: SystemModel, _ scenario: Scenario, _ rounds: Int, _ pholdRate: Double
    ) throws {
        let simulation = ClusterSimulation(model: model, scenario: scenario, seed: 1)
        let benchmark = ModelBenchmark(name: name) { index in
            let before = simulation.eventsDispatched
            _ = simulation.replicate(index)
            return (simulation.eventsDispatched - before, simulation.now)
        }
        try benchmark.run(rounds: rounds, seconds: 1, pholdRate: pholdRate)
    }
}
