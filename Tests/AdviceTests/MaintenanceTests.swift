@testable import Advice
import ClusterModel
import Kubernetes
import ModelFile
import Statistics
import SystemModel
import Testing

@Suite struct MaintenanceTests {
    private let effort = Effort(replications: 8, seed: 1, workers: 2)

    private func row(_ work: MaintenanceStudy.Work, failover: Bool, budget: Bool) throws -> MaintenanceStudy.Row {
        let model = try Models.load("two-nodes-six-pods")
        let work = MaintenanceStudy.Case(work: work, failoverFirst: failover, hasBudget: budget)
        return try #require(MaintenanceStudy.row(model, work, effort))
    }

    @Test func handingOverFirstLeavesHardlyAnOutage() throws {
        let plain = try row(.rollingRestart, failover: false, budget: false)
        let kind = try row(.rollingRestart, failover: true, budget: false)
        #expect(plain.anySlot.p50.value > 10e9)
        #expect(kind.anySlot.p50.value < plain.anySlot.p50.value / 5)
        #expect(plain.byPod.map(\.value).reduce(0, +) >= plain.anySlot.p50.value / 2)
    }

    /// node2 holds two of three masters: evicted together they leave no majority, one at a time they are replaced.
    @Test func aBudgetKeepsTheMajority() throws {
        let together = try row(.drain(worker: "node2"), failover: false, budget: false)
        let inTurn = try row(.drain(worker: "node2"), failover: true, budget: true)
        #expect(inTurn.anySlot.p50.value < together.anySlot.p50.value)
        #expect(inTurn.recovered.count == inTurn.recovered.trials)
    }

    @Test func evictsEveryPodOfTheWorkerAndNoOther() throws {
        let loaded = try ModelReader.read(directory: "\(Models.directory)/two-nodes-six-pods")
        let scenario = try loaded.scenario(named: "drain")
        let simulation = ClusterSimulation(model: loaded.model, scenario: scenario, seed: 3)
        simulation.recorder.keepsStory = true
        let outcome = simulation.replicate(0)
        #expect(outcome.victims == [1, 2, 4])
        let bound = simulation.recorder.story.filter { $0.text.hasPrefix("pod is bound to") }
        #expect(bound.count == 3 && bound.allSatisfy { $0.text.hasPrefix("pod is bound to node1") })
    }

    /// Pods that are evicted together are all the drain's doing, whoever goes first.
    @Test func whatADrainTakesAwayIsNoFalseFailover() throws {
        let loaded = try ModelReader.read(directory: "\(Models.directory)/two-nodes-six-pods")
        let simulation = ClusterSimulation(
            model: loaded.model, scenario: try loaded.scenario(named: "drain"), seed: 3)
        #expect((0..<20).reduce(0) { $0 + simulation.replicate($1).falseFailovers } == 0)
    }

    @Test func aBudgetRefusesUntilTheLastPodIsReady() throws {
        let loaded = try ModelReader.read(directory: "\(Models.directory)/two-nodes-six-pods")
        guard case .kubernetes(let deployment) = loaded.model.deployment else { return }
        let scenario = try loaded.scenario(named: "drain")
        let simulation = ClusterSimulation(
            model: loaded.model.budgeted([deployment.oneAtATime]), scenario: scenario, seed: 3)
        simulation.recorder.keepsStory = true
        _ = simulation.replicate(0)
        let story = simulation.recorder.story
        #expect(story.contains { $0.text.hasPrefix("eviction refused: budget") })
        var terminating = 0
        for line in story {
            if line.text.hasPrefix("pod is Terminating") { terminating += 1 }
            if line.text.hasPrefix("pod is Running and Ready") { terminating -= 1 }
            #expect(terminating <= 1)
        }
    }

    @Test func bareProcessesAreNotDrained() throws {
        let model = try Models.load("six-processes")
        #expect(
            MaintenanceStudy.row(
                model, MaintenanceStudy.Case(work: .rollingRestart, failoverFirst: false, hasBudget: false), effort)
                == nil)
    }
}
