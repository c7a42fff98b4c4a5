import Foundation
import ModelFile
import RedisCluster
import SystemModel
import Testing

@testable import ClusterModel

/// Asking a server slows its timer down.
struct QuestionTests {
    private func simulation() throws -> ClusterSimulation {
        let path = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../models/six-processes").path
        let loaded = try ModelReader.read(directory: path)
        return ClusterSimulation(
            model: loaded.model, scenario: try loaded.scenario(named: "kill-master"), seed: 3)
    }

    /// From an unanswered ping to the suspicion it takes fifty ticks: the first of them that is beyond 5 s.
    private func clocks(askedEvery interval: Int64?) throws -> [Double] {
        let simulation = try simulation()
        var clocks: [Double] = []
        for replication in 0..<30 {
            _ = simulation.watch(replication, lead: 6_000_000_000, askedEvery: interval)
            let fault = simulation.wallClockAtFault
            for sight in simulation.watch.sights where sight.line.flags.has(.pfail) && sight.line.pingSent > fault {
                clocks.append(Double(sight.time) / 1e6 - Double(sight.line.pingSent - fault))
            }
        }
        return clocks
    }

    @Test func `questions put ticks off to whole milliseconds`() throws {
        let alone = quantile(try clocks(askedEvery: nil), 0.5)
        let asked = quantile(try clocks(askedEvery: 50_000_000), 0.5)
        #expect((5005...5020).contains(alone), "\(alone) ms")
        #expect((10...35).contains(asked - alone), "\(asked - alone) ms later")
    }

    @Test func `who only watches changes nothing`() throws {
        let simulation = try simulation()
        for replication in 0..<5 {
            #expect(simulation.watch(replication) == simulation.replicate(replication))
        }
    }
}
