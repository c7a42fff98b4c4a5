import Foundation
import ModelFile
import Randomness
import RedisCluster
import SystemModel
import Testing

@testable import ClusterModel

/// How replicas and their masters find together again: what PSYNC continues, and what a SIGTERM waits for.
struct ResynchronisationTests {
    private static let second: Int64 = 1_000_000_000
    private static let path = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../models/six-processes").path

    private func simulation(
        _ timeline: [(at: Double, action: Action)], _ overrides: String..., until end: Int64 = 20
    ) throws -> ClusterSimulation {
        let model = try ModelReader.read(directory: Self.path, overrides: overrides).model
        let steps = timeline.map { Scenario.Step(at: Int64($0.at * 1e9), action: $0.action) }
        let scenario = Scenario(
            name: "test", question: "test", parameters: [], timeline: steps, horizon: end * Self.second)
        return ClusterSimulation(model: model, scenario: scenario, seed: 7)
    }

    private func restart(_ process: Int, after seconds: Int64 = 1) -> Action {
        .terminate(.process(process), restartAfter: seconds * Self.second, newAddress: false)
    }

    @Test(arguments: [("appendonly=no", true), ("appendonly=yes", false)])
    func `a replica that has an RDB goes on where it was, and one with an AOF does not`(
        setting: String, continues: Bool
    ) throws {
        let simulation = try simulation([(0, restart(3))], setting, "save=3600 1")
        for replication in 0..<5 {
            let outcome = simulation.replicate(replication)
            #expect(outcome.recovered)
            #expect(simulation.links[3].partialSyncs == (continues ? 1 : 0), "\(setting), replication \(replication)")
            #expect(simulation.links[3].fullSyncs == (continues ? 0 : 1), "\(setting), replication \(replication)")
        }
    }

    @Test(arguments: [("redis:6.2", false), ("redis:7.0", true)])
    func `replicas of a restarted master continue since 7 0 if it has an RDB`(engine: String, continues: Bool) throws {
        let simulation = try simulation([(0, restart(0))], "appendonly=no", "save=3600 1", "engine=\(engine)")
        for replication in 0..<5 {
            _ = simulation.replicate(replication)
            #expect(simulation.links[3].partialSyncs == (continues ? 1 : 0), "\(engine), replication \(replication)")
            #expect(simulation.links[3].fullSyncs == (continues ? 0 : 1), "\(engine), replication \(replication)")
        }
    }

    /// Its replica has just come back and gets everything anew: 4 to 6 s.
    @Test(arguments: [("redis:6.2", false), ("redis:7.0", true)])
    func `a master that is told to end waits for a replica that is not in sync yet`(
        engine: String, waits: Bool
    ) throws {
        let gone = Action.terminate(.process(0), restartAfter: nil, newAddress: false)
        // 6.2 has no delay by default, so there would be nothing to wait for.
        let simulation = try simulation(
            [(0, restart(3)), (2, gone)], "engine=\(engine)", "repl-diskless-sync=yes", "repl-diskless-sync-delay=5",
            until: 40)
        for replication in 0..<10 {
            let outcome = simulation.replicate(replication)
            #expect((outcome.promotions == 1) == waits, "\(engine), replication \(replication)")
        }
    }

    @Test func `replicas that come together are served by one child`() throws {
        let simulation = try simulation(
            [(0, restart(3)), (0.7, restart(6))], "cluster.replicas-per-master=2", until: 10)
        for replication in 0..<5 {
            _ = simulation.replicate(replication)
            let apart = simulation.links[6].connectedAt - simulation.links[3].connectedAt
            #expect(apart.magnitude < Self.second / 5, "replication \(replication): \(apart) ns apart")
        }
    }

    @Test func `without a delay a full resynchronisation begins at once`() throws {
        let simulation = try simulation([(0, restart(3))], "repl-diskless-sync-delay=0", until: 10)
        for replication in 0..<5 {
            let outcome = simulation.replicate(replication)
            #expect(outcome[.resynchronised] < 3 * Self.second, "replication \(replication)")
        }
    }

    /// -LOADING ends the handshake, and the next attempt is a second later.
    @Test func `a replica whose master loads asks again in a second`() throws {
        let simulation = try simulation(
            [(0, restart(0))], "appendonly=no", "environment.process.startUp=300ms", until: 10)
        let waits = (0..<20).map { replication in
            _ = simulation.replicate(replication)
            return simulation.links[3].connectedAt - simulation.faultTime
        }
        // Back after 1 s, loaded at 1.3 s; the replica's own second begins anywhere.
        #expect(waits.max() ?? 0 > 19 * Self.second / 10, "\(waits)")
        #expect(waits.min() ?? 0 >= 13 * Self.second / 10, "\(waits)")
    }
}
