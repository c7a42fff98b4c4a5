import Experiments
import Foundation
import ModelFile
import SystemModel
import Testing

/// A shipped model with its scenario, quick to run.
enum Shipped {
    private static let sixProcesses = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "models/six-processes").path

    static func sixProcesses(_ overrides: String...) throws -> (model: SystemModel, scenario: Scenario) {
        let loaded = try ModelReader.read(directory: sixProcesses, overrides: overrides)
        return (loaded.model, try loaded.scenario(named: "kill-master", overrides: overrides))
    }

    static func killAndReturn(_ overrides: [String]) throws -> (model: SystemModel, scenario: Scenario) {
        let loaded = try ModelReader.read(directory: sixProcesses, overrides: overrides)
        return (loaded.model, try loaded.scenario(named: "kill-and-return", overrides: overrides))
    }
}

@Suite("Replications until a statistic is well known")
struct PrecisionTests {
    @Test("It stops when the interval is as narrow as asked, and says how narrow")
    func stops() throws {
        let (model, scenario) = try Shipped.sixProcesses()
        let goal = PrecisionGoal(
            .quantile(.anySlotUnserved, 0.5), within: Limit(value: 0.05, text: "5%"), isRelative: true)
        let plan = ReplicationPlan(minimum: 20, maximum: 400, goal: goal)
        let counts = try [1, 2].map { workers in
            let table = OutcomeTable(capacity: plan.maximum)
            let isDone = Runner(model: model, scenario: scenario, seed: 7).run(plan, into: table, workers: workers)
            let reached = try #require(plan.reached(by: table))
            #expect(isDone && reached.isReached, "seed 7")
            #expect(reached.relative.map { $0 <= 0.05 } == true, "seed 7")
            return table.count
        }
        #expect(counts[0] == counts[1] && counts[0] >= 20 && counts[0] < 400, "\(counts), seed 7")
    }

    @Test("It stops at the bound, and says that this was not enough")
    func bound() throws {
        let (model, scenario) = try Shipped.sixProcesses()
        let goal = PrecisionGoal(
            .quantile(.anySlotUnserved, 0.99), within: Limit(value: 1000, text: "1us"), isRelative: false)
        let plan = ReplicationPlan(minimum: 4, maximum: 10, goal: goal)
        let table = OutcomeTable(capacity: plan.maximum)
        #expect(Runner(model: model, scenario: scenario, seed: 1).run(plan, into: table, workers: 2))
        let reached = try #require(plan.reached(by: table))
        #expect(table.count == 10 && !reached.isReached && reached.halfWidth == .infinity)
    }
}
