import Experiments
import Statistics
import SystemModel
import Testing

@Suite("Alternatives side by side")
struct SweepTests {
    private func alternative(_ setting: String) throws -> Alternative {
        let (model, scenario) = try Shipped.sixProcesses(setting)
        return Alternative(name: setting, values: [setting], model: model, scenario: scenario)
    }

    @Test("A longer node timeout is a longer outage; the same system is the same in every replication")
    func differences() throws {
        let sweep = Sweep(
            alternatives: try ["cluster-node-timeout=5000", "cluster-node-timeout=8000", "cluster-node-timeout=5000"]
                .map(alternative),
            statistics: [.quantile(.anySlotUnserved, 0.5), .mean(.anySlotUnserved)],
            plan: ReplicationPlan(replications: 40), seed: 1)
        let result = try sweep.run(workers: 2)
        #expect(result.findings[0].differences.allSatisfy { $0 == nil })
        for difference in result.findings[1].differences {
            let found = try #require(difference)
            #expect(found.isVisible && found.estimate.interval.contains(3.0e9), "\(found), seed 1")
        }
        for difference in result.findings[2].differences {
            let found = try #require(difference)
            #expect(found.isIdentical && !found.isVisible && found.estimate.value == 0, "seed 1")
        }
    }

    @Test("Pairs know more than two independent samples would")
    func pairing() throws {
        let sweep = Sweep(
            alternatives: try ["cluster-node-timeout=5000", "cluster-node-timeout=5200"].map(alternative),
            statistics: [.mean(.anySlotUnserved)], plan: ReplicationPlan(replications: 60), seed: 2)
        let result = try sweep.run(workers: 2)
        let found = try #require(result.findings[1].differences[0])
        let alone = result.findings.map { $0.estimates[0].interval.high - $0.estimates[0].interval.low }
        let independent = (alone[0] * alone[0] + alone[1] * alone[1]).squareRoot()
        let paired = found.estimate.interval.high - found.estimate.interval.low
        #expect(paired < independent, "paired \(paired), independent \(independent), seed 2")
    }

    @Test("A grid is every value of each with every value of the others")
    func grid() {
        #expect(
            Grid.combinations(of: [["a", "b"], ["1", "2", "3"]])
                == [["a", "1"], ["a", "2"], ["a", "3"], ["b", "1"], ["b", "2"], ["b", "3"]])
    }
}
