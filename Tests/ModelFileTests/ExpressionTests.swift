import SystemModel
import Testing

@testable import ModelFile

@Suite("Expressions about a forecast")
struct ExpressionTests {
    private func expectation(_ text: String) throws -> ForecastExpectation {
        try #require(try Expressions.expectations([text], option: "--expect").first)
    }

    private func refusal(_ text: String) throws -> String {
        let error = try #require(throws: ModelError.self) {
            try Expressions.expectations([text], option: "--expect")
        }
        return error.description
    }

    @Test("What people write is what is meant")
    func meaning() throws {
        let healed = try expectation("milestones.healed p99 < 12s")
        #expect(healed.statistic == .quantile(.healed, 0.99))
        #expect(healed.comparison == .below && healed.limit.value == 12e9)
        #expect(try expectation("milestones.healed.p99 < 12 s") == healed)
        #expect(try expectation("anySlotUnserved p99.9<=1.5min").statistic == .quantile(.anySlotUnserved, 0.999))
        let recovered = try expectation("probabilities.recovered >= 99%")
        #expect(recovered.statistic == .probability(ReplicationEvent(.recovered, .holds(true))))
        #expect(recovered.limit.value == 0.99)
        #expect(try expectation("recovered >= 0.99").limit.value == 0.99)
        #expect(try expectation("writesLost mean < 2").statistic == .mean(.writesLost))
        let long = try expectation("P(outage.anySlot > 10s) < 1%")
        #expect("\(long)" == "P(outage.anySlot > 10s) < 1%")
        #expect(
            try expectation("P(not recovered) < 1%").statistic
                == .probability(ReplicationEvent(.recovered, .holds(false))))
    }

    @Test(
        "What is read back is the same",
        arguments: [
            "milestones.promoted p50 < 8s", "probabilities.promoted >= 80%", "elections mean <= 1.5",
            "P(not recovered) < 0.1%", "P(falseFailovers > 0) <= 0.001", "outage.worstSlot p99.95 > 0s",
        ])
    func roundTrip(text: String) throws { #expect("\(try expectation(text))" == text) }

    @Test(
        "A mistake is shown with its column and what could be meant",
        arguments: [
            ("milestones.heald p99 < 12s", 1, "\"milestones.healed\""),
            ("healed p99 < 12s", 1, "\"milestones.healed\""),
            ("outage.anySlot < 12s", 16, "outage.anySlot p99"), ("outage.anySlot p101 < 12s", 16, "p99"),
            ("probabilities.recovered p99 > 9%", 25, "probabilities.recovered alone"),
            ("outage.anySlot p99 = 12s", 20, "< 12s"), ("outage.anySlot p99 => 12s", 20, "write >="),
            ("outage.anySlot p99 < 12", 22, "12s"), ("outage.anySlot p99 < 12m", 22, "12min"),
            ("recovered >= 101%", 14, "99%"), ("elections mean < 2s", 18, "such as 2"),
            ("recovered >= 99% please", 18, "leave it out"), ("recovered", 10, "recovered < 99%"),
            ("", 1, "outage.anySlot p99"), ("P(outage.anySlot > 10s < 1%", 24, "P(outage.anySlot > 10s)"),
            ("P(outage.anySlot p99 > 1s) < 1%", 18, "outage.anySlot <"), ("not recovered < 1%", 1, "known quantities"),
        ])
    func mistakes(text: String, column: Int, advice: String) throws {
        let message = try refusal(text)
        #expect(message.hasPrefix("--expect '\(text)':\(column): "), "\(message)")
        #expect(message.contains(advice), "\(message)")
    }

    @Test("No text makes the parser fall over")
    func anything() {
        let parts = [
            "P(", ")", "<", ">=", "p99", "mean", "12", "s", "%", "not", "outage.anySlot", ".", "within", "é", "(",
        ]
        for seed in 0..<3000 {
            let words = (0..<(seed % 7)).map { parts[(seed * 31 + $0 * $0 * 17 + seed / 7) % parts.count] }
            let text = words.joined(separator: seed % 2 == 0 ? " " : "")
            _ = try? Expressions.expectations([text], option: "--expect")
            _ = try? Expressions.precision(text, option: "--precision")
            _ = try? Expressions.event(text, option: "--event")
            _ = try? Factor.read([text], option: "--vary")
        }
    }

    @Test("A precision is relative for times and amounts, in points for shares")
    func precision() throws {
        let goal = try #require(try Expressions.precision("outage.anySlot p99 within 5%", option: "--precision"))
        #expect(goal.isRelative && goal.halfWidth.value == 0.05)
        let absolute = try #require(try Expressions.precision("outage.anySlot p99 within 200ms", option: "--precision"))
        #expect(!absolute.isRelative && absolute.halfWidth.value == 200e6)
        let share = try #require(try Expressions.precision("recovered within 1%", option: "--precision"))
        #expect(!share.isRelative && share.halfWidth.value == 0.01)
        #expect(throws: ModelError.self) { try Expressions.precision("recovered within 0%", option: "--precision") }
        #expect(throws: ModelError.self) { try Expressions.precision("recovered < 1%", option: "--precision") }
    }
}

@Suite("Factors and experiments")
struct ExperimentFileTests {
    private func values(_ text: String) throws -> [String] {
        try #require(try Factor.read(["key=\(text)"], option: "--vary").first).values
    }

    @Test("Lists and ranges")
    func factors() throws {
        #expect(try values("a, b,c") == ["a", "b", "c"])
        #expect(try values("lognormal(p50 4ms, p99 90ms),5ms") == ["lognormal(p50 4ms, p99 90ms)", "5ms"])
        #expect(try values("1s..4s:1s") == ["1s", "2s", "3s", "4s"])
        #expect(try values("0.1..0.3:0.1") == ["0.1", "0.2", "0.3"])
        #expect(try values("500ms..8s:*2") == ["500ms", "1s", "2s", "4s", "8s"])
        #expect(try values("1..100:*10") == ["1", "10", "100"])
        #expect(try values("2000..5000:2000") == ["2000", "4000"])
    }

    @Test(
        "What leads nowhere is refused",
        arguments: [
            "1s..4s", "4s..1s:1s", "1s..4s:0s", "1s..4s:*1", "0s..4s:*2", "1s..4s:2", "1..4:1s", "a,,b", "a,a", "",
            "1..100000:1", "x..y:1",
        ])
    func refused(text: String) {
        #expect(throws: ModelError.self) { try Factor.read(["key=\(text)"], option: "--vary") }
    }

    @Test("Too many alternatives and a key twice are refused")
    func together() {
        #expect(throws: ModelError.self) { try Factor.read(["a=1..40:1", "b=1..40:1"], option: "--vary") }
        #expect(throws: ModelError.self) { try Factor.read(["a=1", "a=2"], option: "--vary") }
    }

    private static let experiment = """
        apiVersion: rehearse/v1
        kind: Experiment
        metadata: {name: timeouts}
        spec:
          model: ../six-processes
          scenario: kill-master
          set: {environment.load: 60}
          vary:
            cluster-node-timeout: [2000, 5000]
            scenario.after: 1s..3s:1s
          statistics:
            - outage.anySlot p99
          precision: outage.anySlot p99 within 5%
          maxReplications: 5000
          seed: 7
          expect:
            - probabilities.recovered >= 99%
        """

    @Test("An experiment's file says what the options say")
    func file() throws {
        let model = try ScratchModel()
        try model.write(Self.experiment, to: "timeouts.yaml")
        let experiment = try ExperimentFile.read("\(model.path)/timeouts.yaml")
        #expect(experiment.name == "timeouts" && experiment.model == "\(model.path)/../six-processes")
        #expect(experiment.scenario == "kill-master" && experiment.overrides == ["environment.load=60"])
        #expect(experiment.factors.map(\.key) == ["cluster-node-timeout", "scenario.after"])
        #expect(experiment.factors.map(\.values) == [["2000", "5000"], ["1s", "2s", "3s"]])
        #expect(experiment.statistics == [.quantile(.anySlotUnserved, 0.99)])
        #expect(experiment.precision?.isRelative == true && experiment.maximumReplications == 5000)
        #expect(experiment.seed == 7 && experiment.expectations.count == 1)
    }

    @Test("A mistake in an expression of a file is shown at its column")
    func place() throws {
        let broken = Self.experiment.replacing("recovered >= 99%", with: "recoverd >= 99%")
        let model = try ScratchModel()
        try model.write(broken, to: "timeouts.yaml")
        let error = try #require(throws: ModelError.self) { try ExperimentFile.read("\(model.path)/timeouts.yaml") }
        #expect(error.description.contains("timeouts.yaml:17:7: "), "\(error)")
        #expect(error.description.contains("\"probabilities.recovered\""), "\(error)")
    }

    @Test("A scenario's file may hold expectations")
    func scenario() throws {
        let model = try ScratchModel(at: ShippedModels.path("six-processes"))
        try model.replace(
            "  timeline:", by: "  expect: [milestones.healed p99 < 12s, recovered >= 99%]\n  timeline:",
            in: "scenarios/kill-master.yaml")
        let scenario = try ModelReader.read(directory: model.path).scenario(named: "kill-master")
        #expect(
            scenario.expectations.map(\.description)
                == ["milestones.healed p99 < 12s", "probabilities.recovered >= 99%"])
    }

    @Test("Two models differ by name")
    func differences() throws {
        let one = try ShippedModels.read("six-processes")
        #expect(ModelDifference.all(one, one).isEmpty)
        let other = try ShippedModels.read("six-processes", ["cluster-node-timeout=2000", "environment.load=60"])
        let found = ModelDifference.all(one, other)
        #expect(
            found.contains(
                ModelDifference(section: .directive, name: "cluster-node-timeout", first: "5000", second: "2000")))
        #expect(found.contains { $0.section == .environment && $0.name == "load" && $0.second == "60.0" }, "\(found)")
        #expect(found.count == 2, "\(found)")
    }

    @Test("What a result says was read is what was read, whatever becomes of the files meanwhile")
    func inputsAsRead() throws {
        let scratch = try ScratchModel(at: ShippedModels.path("six-processes"))
        let loaded = try scratch.read()
        let before = loaded.inputFiles(scenario: "kill-master")
        #expect(before.map(\.path) == ["environment.yaml", "scenarios/kill-master.yaml"])
        let question = try loaded.scenario(named: "kill-master").question
        for file in before { try scratch.write("nothing", to: file.path) }
        #expect(loaded.inputFiles(scenario: "kill-master") == before)
        #expect(try loaded.scenario(named: "kill-master").question == question)
    }

    @Test("Inputs that differ have other fingerprints")
    func digests() {
        var (one, other) = (InputDigest(), InputDigest())
        // Of nothing, as sha256sum says.
        #expect("\(one)" == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        one.add(line: "ab")
        one.add(line: "c")
        other.add(line: "a")
        other.add(line: "bc")
        #expect(one != other)
    }
}
