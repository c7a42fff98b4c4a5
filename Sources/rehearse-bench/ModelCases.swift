import ClusterModel
import ModelFile
import SystemModel

/// The models whose speed is reported: the shipped six processes, failing and idle, and a hundred nodes.
struct ModelCases {
    private let cases: [(name: String, model: SystemModel, scenario: Scenario, targetPace: Double?)]

    /// - Parameters:
    ///   - directory: of the shipped `models/six-processes`.
    ///   - word: only cases whose names contain it are run; nil is all.
    init(directory: String, named word: String?) throws {
        let six = try ModelReader.read(directory: directory)
        let hundred = try ModelReader.read(directory: directory, overrides: ["cluster.masters=50"])
        let all: [(name: String, model: SystemModel, scenario: Scenario, targetPace: Double?)] = [
            ("six-processes kill-master", six.model, try six.scenario(named: "kill-master"), nil),
            ("six-processes idle, 1000 s", six.model, Self.idle(seconds: 1000), 100_000),
            ("100 nodes idle, 20 s", hundred.model, Self.idle(seconds: 20), 200),
        ]
        cases = all.filter { word == nil || $0.name.contains(word ?? "") }
    }

    func run(rounds: Int, pholdRate: Double, targets: inout Targets) throws {
        for (name, model, scenario, targetPace) in cases {
            let simulation = ClusterSimulation(model: model, scenario: scenario, seed: 1)
            ModelBenchmark(
                name: name, simulation: simulation, faultBeforeEnd: scenario.horizon, targetPace: targetPace
            ).run(rounds: rounds, seconds: 1, pholdRate: pholdRate, targets: &targets)
        }
        if let (name, model, scenario, _) = cases.first(where: { $0.name.contains("kill-master") }) {
            WorkerScaling(name: name, model: model, scenario: scenario).run(targets: &targets)
        }
    }

    /// Nothing happens for this long.
    private static func idle(seconds: Int64) -> Scenario {
        Scenario(name: "idle", question: "", parameters: [], timeline: [], horizon: seconds * 1_000_000_000)
    }
}
