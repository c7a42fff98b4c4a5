import Foundation
import ModelFile
import RedisCluster
import SystemModel
import Testing

@testable import ClusterModel

/// Replication over a cut that heals goes on when TCP next tries: 0.22 (2^k - 1) s after the first loss.
struct StalledStreamTests {
    private static let second: Int64 = 1_000_000_000

    /// Hosts a and b cut off from each other for a while; process 0 is on a, its replica 3 on b.
    private func simulation(cutFor duration: Int64, _ overrides: String...) throws -> ClusterSimulation {
        let path = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../models/two-hosts").path
        let model = try ModelReader.read(
            directory: path, overrides: ["cluster-node-timeout=100000"] + overrides
        ).model
        let cut = Action.cutNode(.node("b"), duration: duration)
        let scenario = Scenario(
            name: "test", question: "test", parameters: [], timeline: [.init(at: 0, action: cut)],
            horizon: 200 * Self.second)
        return ClusterSimulation(model: model, scenario: scenario, seed: 3)
    }

    /// How far the replica trails its master `time` s after the cut began, in bytes.
    private func lag(_ simulation: ClusterSimulation, at time: Double) -> Int64 {
        let instant = simulation.faultTime + Int64(time * 1e9)
        simulation.run(until: instant)
        return simulation.offset(of: 0, at: instant) - simulation.offset(of: 3, at: instant)
    }

    @Test func `a busy stream goes on after its backed-off retransmission`() throws {
        let simulation = try simulation(cutFor: 20 * Self.second, "environment.load=100")
        simulation.prepare(0)
        #expect(lag(simulation, at: 19) > 150_000)
        #expect(lag(simulation, at: 27) > 200_000, "the path is back, the stream is not")
        // 0.22 (2^7 - 1) = 27.94.
        #expect(lag(simulation, at: 28.2) < 1000)
        #expect(simulation.links[3].partialSyncs == 0 && simulation.links[3].fullSyncs == 0)
    }

    /// Nobody writes: what is lost first is the master's PING of every ten seconds.
    @Test func `an idle stream that had nothing to lose goes on at once`() throws {
        let simulation = try simulation(cutFor: Self.second / 10)
        for replication in 0..<5 {
            simulation.prepare(replication)
            simulation.run(until: simulation.faultTime + 12 * Self.second)
            #expect(simulation.links[3].state == .connected)
            #expect(lag(simulation, at: 12) == 0)
        }
    }

    /// The replica gives up after repl-timeout, and its SYNs are lost until one comes after the cut: the last one after
    /// 63 s, so that it comes back later than a second after the cut.
    @Test func `a connect that began in a cut waits for its next SYN`() throws {
        let simulation = try simulation(cutFor: 75 * Self.second, "environment.load=100")
        simulation.prepare(0)
        simulation.run(until: simulation.faultTime + 70 * Self.second)
        #expect(simulation.links[3].state == .handshake)
        let began = simulation.links[3].since
        #expect((60...63).contains(Double(began - simulation.faultTime) / 1e9))
        // SYNs go out after 1, 3, 7, 15 s.
        simulation.run(until: began + 15 * Self.second - Self.second / 10)
        #expect(simulation.links[3].state == .handshake)
        simulation.run(until: began + 15 * Self.second + Self.second / 10)
        #expect(simulation.links[3].state != .handshake)
    }
}
