import SystemModel
import Testing

@testable import ModelFile

/// `observed:` of a scenario: read strictly, and its mistakes said with their places.
struct ObservedTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var observed: String
        /// Line and column in the file, and what the message must say.
        var errors: [String]
        var testDescription: String { observed }
    }

    private static func value(_ text: String) -> String { "{source: s, values: [\(text)]}" }

    static let wrong = [
        Case(observed: "[1]", errors: ["9:13: a list as observed"]),
        Case(
            observed: "{values: [{quantity: promoted, seen: no, note: n}]}",
            errors: ["9:13: no \"source\" in observed"]),
        Case(observed: "{source: s}", errors: ["9:13: no \"values\" in observed"]),
        Case(observed: "{source: s, values: []}", errors: ["as values: a list of 1 to 100 observations is needed"]),
        Case(
            observed: "{source: s, values: [{quantity: promoted, seen: no, note: n}], range: 1s..2s}",
            errors: ["9:76: unknown key \"range\" in observed"]),
        Case(
            observed: value("{quantity: promoted, seen: no, nota: n}"),
            errors: ["unknown key \"nota\" in an observation", "no \"note\" in an observation"]),
        Case(
            observed: value("{quantity: milestones.faled, seen: 2s, range: 1s..3s, note: n}"),
            errors: ["9:45: no quantity \"milestones.faled\"", "milestones.failed"]),
        Case(
            observed: value("{quantity: milestones.failed, seen: 2s, note: n}"),
            errors: ["9:34: no \"range\" in an observation"]),
        Case(
            observed: value("{quantity: milestones.failed, seen: 2, range: 1s..3s, note: n}"),
            errors: ["9:70: \"2\" as seen: a time needs its unit"]),
        Case(
            observed: value("{quantity: milestones.failed, seen: 2s, range: 1s, note: n}"),
            errors: ["\"1s\" as range: its two ends are needed"]),
        Case(
            observed: value("{quantity: milestones.failed, seen: 2s, range: 3s..4s, note: n}"),
            errors: ["\"3s..4s\" as range: 2s is not in it"]),
        Case(
            observed: value("{quantity: milestones.failed, seen: 2s, range: 1s..3s, trials: 0, note: n}"),
            errors: ["\"0\" as trials: a whole number from 1"]),
        Case(
            observed: value("{quantity: elections, seen: 2s, range: 1..3, note: n}"),
            errors: ["\"2s\" as seen: elections is counted, without a unit"]),
        Case(
            observed: value("{quantity: promoted, seen: maybe, note: n}"),
            errors: ["\"maybe\" as seen: promoted happened or did not; write yes, no, or 2 of 9"]),
        Case(
            observed: value("{quantity: promoted, seen: yes, range: 1s..2s, note: n}"),
            errors: ["a range of a yes or no"]),
        Case(observed: value("{quantity: promoted, seen: 9 of 2, note: n}"), errors: ["\"9 of 2\" beside \"9 of 2\""]),
        Case(
            observed: value("{quantity: promoted, seen: 2 of 9, trials: 9, note: n}"),
            errors: ["\"9\" beside \"2 of 9\""]),
    ]

    private func model(_ observed: String) throws -> ScratchModel {
        let model = try ScratchModel(copyOf: "two-hosts")
        try model.write(
            "apiVersion: rehearse/v1\nkind: Scenario\nmetadata: {name: t}\nspec:\n  question: What?\n  timeline:\n"
                + "    - at: 0s\n      kill: {process: 0}\n  observed: \(observed)\n",
            to: "scenarios/t.yaml")
        return model
    }

    @Test(arguments: wrong)
    func isRefused(wrong: Case) throws {
        let scratch = try model(wrong.observed)
        let found = try scratch.errors().filter { $0.hasPrefix("scenarios/t.yaml:") }
        for error in wrong.errors { #expect(found.contains { $0.contains(error) }, "\(error): \(found)") }
        #expect(!found.isEmpty && found.count <= wrong.errors.count, "\(found)")
    }

    @Test func isRead() throws {
        let text = Self.value(
            "{quantity: milestones.failed, seen: 2s, range: 1.5s..3s, trials: 5, note: n}, "
                + "{quantity: elections, seen: 2, range: 1..3, note: n}, {quantity: promoted, seen: no, note: n}, "
                + "{quantity: outage.anySlot > 60s, seen: 2 of 9, note: n}, "
                + "{quantity: not recovered, seen: yes, trials: 5, note: n}")
        let scratch = try model(text)
        let observed = try #require(try scratch.read().scenario(named: "t").observed)
        let late = ReplicationEvent(.anySlotUnserved, .compares(.above, Limit(value: 60e9, text: "60s")))
        #expect(
            observed.facts.map(\.finding) == [
                .measured(.failed, seen: 2e9, low: 1.5e9, high: 3e9, trials: 5),
                .measured(.elections, seen: 2, low: 1, high: 3, trials: 1),
                .counted(ReplicationEvent(.promoted, .holds(true)), times: 0, trials: 1),
                .counted(late, times: 2, trials: 9),
                .counted(ReplicationEvent(.recovered, .holds(false)), times: 5, trials: 5),
            ])
        #expect(observed.source == "s")
    }

    @Test func mastersWithoutSlotsAreRead() throws {
        let model = try ScratchModel(copyOf: "two-hosts")
        try model.replace(
            "  cluster:\n", by: "  cluster:\n    created: {slots: [none, 0-16383, none]}\n", in: "environment.yaml")
        let standing = try model.read().model.standing
        #expect(standing.slots == [nil, 0...16383, nil])
        #expect((0..<3).map { standing.part(ofMaster: $0) } == [nil, 0, nil])
        try model.replace("[none, 0-16383, none]", by: "[none, none, none]", in: "environment.yaml")
        #expect(throws: ModelError.self) { try model.read() }
    }
}
