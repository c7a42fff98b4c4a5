import Foundation
import ModelFile
import RedisCluster
import SystemModel
import Testing

@testable import ClusterModel

/// What a process does first after SIGCONT. On 18 real servers (7.0.15, Valkey 9.1.2) that were frozen for 15 s, and
/// replaced meanwhile, the demotion was logged 3 to 11 ms after it.
struct ThawTests {
    private static let second: Int64 = 1_000_000_000

    private func simulation(frozenFor duration: Int64) throws -> ClusterSimulation {
        let path = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../models/six-processes").path
        let scenario = Scenario(
            name: "test", question: "test", parameters: [],
            timeline: [.init(at: 0, action: .freeze(.process(0), duration: duration))], horizon: 60 * Self.second)
        return ClusterSimulation(
            model: try ModelReader.read(directory: path).model, scenario: scenario, seed: 3)
    }

    /// epoll_wait ends with EINTR: the timer runs before a socket is looked at.
    @Test func `its timer comes before its sockets`() throws {
        let simulation = try simulation(frozenFor: 4 * Self.second)
        for replication in 0..<5 {
            simulation.prepare(replication)
            simulation.run(until: simulation.faultTime + 4 * Self.second)
            #expect(simulation.processes[0].inboxCount > 0, "pings of the others wait")
            let now = simulation.wall(simulation.faultTime + 4 * Self.second)
            for index in 1..<6 {
                // No pong is younger than half a node timeout, and so everybody is pinged at once.
                let sent = simulation.nodes[0].table.peers[index].pingSent
                #expect(sent == now || sent == now + 1, "replication \(replication), node \(index)")
            }
        }
    }

    @Test func `a replaced master is demoted some milliseconds after its thaw`() throws {
        let simulation = try simulation(frozenFor: 15 * Self.second)
        for replication in 0..<20 {
            let outcome = simulation.replicate(replication)
            let demoted = outcome[.demoted] - 15 * Self.second
            #expect((0...20_000_000).contains(demoted), "replication \(replication): \(demoted) ns")
        }
    }
}
