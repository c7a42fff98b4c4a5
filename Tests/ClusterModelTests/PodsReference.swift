import Foundation
import ModelFile
import SystemModel

@testable import ClusterModel

/// The reference deployment, as it ships, with what a test changes.
enum PodsReference {
    static let second: Int64 = 1_000_000_000

    static let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("models/two-nodes-six-pods").path

    /// Nothing by chance about how long a pod takes to come back: 100 ms of sandbox, `removal`, 3 s of start.
    static func fixedReturn(removal: String) -> [String] {
        [
            "environment.kubernetesTimings.removal=\(removal)", "environment.kubernetesTimings.podStart=3s",
            "environment.kubernetesTimings.startRetryProbability=0", "environment.kubernetesTimings.sandboxStop=100ms",
        ]
    }

    /// environment.yaml's pods with their nodes.
    static let pins = zip(0..., [1, 2, 2, 1, 2, 1]).map { "      redis-app-\($0): node\($1)\n" }.joined()

    /// The scheduler places the pods anew in each replication.
    static func withoutPlacement<Result>(_ body: (String) throws -> Result) throws -> Result {
        try withModel("environment.yaml", replacing: "    placement:\n" + pins, by: "", body)
    }

    /// A StatefulSet that creates and deletes its pods all at once.
    static func inParallel<Result>(_ body: (String) throws -> Result) throws -> Result {
        try withModel(
            "kubernetes/redis.yaml", replacing: "  replicas: 6\n",
            by: "  replicas: 6\n  podManagementPolicy: Parallel\n", body)
    }

    /// - Parameter horizon: seconds; nil is the scenario's own.
    static func simulation(
        _ name: String, horizon: Int64? = nil, _ overrides: [String] = [], seed: UInt64 = 1, path: String = path
    ) throws -> ClusterSimulation {
        let loaded = try ModelReader.read(directory: path, overrides: overrides)
        var scenario = try loaded.scenario(named: name, overrides: overrides)
        if let horizon { scenario.horizon = horizon * second }
        return ClusterSimulation(model: loaded.model, scenario: scenario, seed: seed)
    }

    /// Steps of a test's own; times in seconds.
    static func simulation(
        _ timeline: [(at: Double, action: Action)], horizon: Int64, _ overrides: [String] = [], seed: UInt64 = 1,
        path: String = path
    ) throws -> ClusterSimulation {
        let model = try ModelReader.read(directory: path, overrides: overrides).model
        let steps = timeline.map { Scenario.Step(at: Int64($0.at * 1e9), action: $0.action) }
        let scenario = Scenario(
            name: "test", question: "", parameters: [], timeline: steps, horizon: horizon * second)
        return ClusterSimulation(model: model, scenario: scenario, seed: seed)
    }

    static func outcomes(
        _ name: String, _ count: Int, horizon: Int64? = nil, _ overrides: [String] = []
    ) throws -> [Outcome] {
        let simulation = try simulation(name, horizon: horizon, overrides)
        return (0..<count).map { simulation.replicate($0) }
    }

    /// A copy of the model with one piece of one file replaced, removed again after `body`.
    static func withModel<Result>(
        _ file: String, replacing old: String, by new: String, _ body: (String) throws -> Result
    ) throws -> Result {
        let files = FileManager.default
        let copy = files.temporaryDirectory.appendingPathComponent("rehearse-\(UUID().uuidString)").path
        try files.copyItem(atPath: path, toPath: copy)
        defer { try? files.removeItem(atPath: copy) }
        let edited = copy + "/" + file
        let text = try String(contentsOfFile: edited, encoding: .utf8)
        try text.replacingOccurrences(of: old, with: new).write(toFile: edited, atomically: true, encoding: .utf8)
        return try body(copy)
    }
}

extension Story {
    /// Seconds of each line about a pod (-1: about a machine) that contains the text.
    func times(_ text: String, of process: Int? = nil) -> [Double] {
        lines.filter { $0.text.contains(text) && (process == nil || $0.process == process) }
            .map { Double($0.time) / 1e9 }
    }
}
