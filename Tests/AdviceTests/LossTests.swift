@testable import Advice
import Statistics
import SystemModel
import Testing

@Suite struct LossTests {
    /// Cut off with its clients, a master acknowledges until it notices; WAIT would not have returned for those writes.
    @Test func aConfirmedWriteOutlivesACut() throws {
        let model = try Models.load("two-hosts")
        let study = WriteLossStudy(model, load: 100, Effort(replications: 10, seed: 1, workers: 2))
        let cut = study.rows.filter { $0.fault.hasPrefix("cut off") }
        #expect(cut.contains { $0.protection == .none && $0.lost.value > 100 })
        #expect(cut.allSatisfy { $0.protection != .wait || $0.lost.value == 0 })
        #expect(study.waitLatency.p50 > 0 && study.waitLatency.p50 < study.waitLatency.p99)
    }

    @Test func proposalsAreSimulatedAndRanked() throws {
        let model = try Models.load("two-nodes-six-pods")
        let study = AdviceStudy(AdvicePlan(model), Effort(replications: 4, seed: 1, workers: 2))
        #expect(study.isComplete)
        #expect(study.table.dangerous.map(\.name) == ["node2", "node1"])
        let kinds = study.proposals.map(\.proposal.kind)
        #expect(kinds.contains(.replicasElsewhere) && kinds.contains(.anotherWorkerThenReplicas))
        let first = try #require(study.proposals.first)
        #expect(first.proposal.kind == .anotherWorkerThenReplicas && first.verdict != .useless)
        #expect(first.dangerous.isEmpty)
        // Two workers can't keep six pods apart.
        #expect(study.proposals.contains { $0.proposal.kind == .requiredAntiAffinity && $0.verdict == .harms })
        // As CLUSTER NODES showed the ids.
        let replicate = study.proposals.first { $0.proposal.kind == .replicasElsewhere }?.proposal.apply
        #expect(replicate?.count == 2)
        #expect(replicate?.first?.hasSuffix("CLUSTER REPLICATE 2dc05ff2b52a1eed728872a9a4fe3271b9c28bca") == true)
        for proposal in study.proposals {
            #expect(!proposal.proposal.apply.isEmpty && proposal.measures.count >= 5)
        }
    }
}
