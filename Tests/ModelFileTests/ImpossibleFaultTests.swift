import Testing

@testable import ModelFile

/// Steps that can't do what they say.
struct ImpossibleFaultTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var step: String
        var error: String
        var overrides: [String] = []
        var testDescription: String { step }
    }

    static let cases = [
        Case(step: "failover: {role: master}", error: "failover of a master"),
        Case(step: "failover: {process: 1}", error: "failover of a master"),
        Case(step: "partition: {groups: [node/a, [process/0, node/b]]}", error: "process 0 in two groups"),
        Case(step: "partition: {groups: [node/a, [node/a, node/b]]}", error: "node a in two groups"),
        Case(step: "link: {between: [node/a, node/a]}", error: "node a at both ends of a link"),
        Case(step: "link: {between: [process/2, process/2]}", error: "process 2 at both ends of a link"),
        Case(step: "kill: {replicasOf: {process: 4}}", error: "replicasOf a replica"),
        Case(step: "kill: {replicasOf: {role: replica}}", error: "replicasOf a replica"),
        Case(
            step: "kill: {replicasOf: {role: master}}", error: "replicasOf where nobody has a replica",
            overrides: ["cluster.replicas-per-master=0"]),
    ]

    private func errors(_ timeline: String, _ overrides: [String] = []) throws -> [String] {
        let model = try ScratchModel(copyOf: "two-hosts")
        try model.write(
            "apiVersion: rehearse/v1\nkind: Scenario\nmetadata: {name: t}\nspec:\n  question: What?\n  timeline:\n"
                + timeline,
            to: "scenarios/t.yaml")
        return try model.errors(overrides).filter { $0.hasPrefix("scenarios/t.yaml:") }
    }

    @Test(arguments: cases)
    func isRefused(wrong: Case) throws {
        let found = try errors("    - at: 0s\n      \(wrong.step)\n", wrong.overrides)
        #expect(found.count == 1)
        #expect(found.first?.contains(wrong.error) == true, "\(found)")
        #expect(found.first?.hasPrefix("scenarios/t.yaml:8:") == true, "\(found)")
    }

    @Test(arguments: [
        "failover: {role: replica}", "failover: {process: 4}", "partition: {groups: [node/a, node/b]}",
        "link: {between: [process/2, process/3]}", "kill: {replicasOf: {process: 1}}",
    ])
    func isPossible(step: String) throws {
        #expect(try errors("    - at: 0s\n      \(step)\n").isEmpty)
    }

    @Test func stepsBeyondTheEnd() throws {
        let late = try errors("    - at: 100s\n      kill: {role: master}\n  until: {atMost: 20s}\n")
        #expect(late.count == 1 && late[0].contains("the last step is at 100s"), "\(late)")
    }
}
