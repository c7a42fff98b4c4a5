import ClusterModel
import Foundation
import ModelFile
import Testing

/// Ticks that find nothing to do have no event of their own; nobody may be able to tell.
struct QuietTickTests {
    static let cases = [
        ("six-processes", "kill-master"), ("six-processes", "terminate-master"), ("six-processes", "freeze-master"),
        ("six-processes", "kill-and-return"), ("two-hosts", "cut-host"),
        ("six-on-nfs", "kill-master"), ("six-on-nfs", "nfs-outage"), ("two-nodes-six-pods", "delete-pod"),
    ]

    @Test("Every outcome is the same with an event for every tick", arguments: cases)
    func outcomesAreTheSame(_ model: String, _ scenario: String) throws {
        let directory = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../models/\(model)").path
        let loaded = try ModelReader.read(directory: directory)
        let steps = try loaded.scenario(named: scenario)
        for seed in UInt64(1)...3 {
            let fast = ClusterSimulation(model: loaded.model, scenario: steps, seed: seed)
            let plain = ClusterSimulation(model: loaded.model, scenario: steps, seed: seed)
            plain.makesUpForQuietTicks = false
            for replication in 0..<8 {
                var one = fast.replicate(replication)
                var other = plain.replicate(replication)
                one.events = 0
                other.events = 0
                #expect(one == other, "seed \(seed), replication \(replication) of \(model) \(scenario)")
            }
        }
    }
}
