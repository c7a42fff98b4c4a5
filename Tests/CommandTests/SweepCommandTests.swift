import Foundation
import Testing

@Suite("rehearse sweep, compare-models and expectations")
struct SweepCommandTests {
    private static let arguments = [
        "sweep", Tool.sixProcesses, "--scenario", "kill-master", "--vary", "cluster-node-timeout=2000,5000",
        "--statistic", "outage.anySlot p50", "--jobs", "1",
    ]

    private func sweep(_ more: String...) throws -> Tool.Result { try Tool.run(SweepCommandTests.arguments + more) }

    @Test("JSON has alternatives, differences and what repeats it")
    func json() throws {
        let json = try sweep("--replications", "10", "-o", "json").object()
        #expect(json["format"] as? String == "rehearse.sweep/v1")
        #expect(json["baseline"] as? String == "cluster-node-timeout=2000")
        #expect((json["digest"] as? String)?.count == 64)
        let alternatives = try #require(json["alternatives"] as? [[String: Any]])
        #expect(alternatives.map { ($0["set"] as? [String: String])?["cluster-node-timeout"] } == ["2000", "5000"])
        let outages = try alternatives.map { try #require($0["statistics"] as? [String: [String: Any]]) }
        let values = try outages.map { try #require($0["outage.anySlot p50"]?["value"] as? Double) }
        #expect(values[1] > values[0] + 1000, "a longer timeout takes longer: \(values)")
        let difference = try #require(outages[1]["outage.anySlot p50"]?["difference"] as? [String: Any])
        #expect(difference["visible"] as? Bool == true)
    }

    @Test("What all alternatives are warned of is told once, by whatever command lets servers run")
    func warnings() throws {
        let tooMany = ["--set", "cluster.replicas-per-master=4", "--replications", "2", "--quiet"]
        let sweep = try Tool.run(
            ["sweep", Tool.twoNodes, "--scenario", "delete-pod", "--vary", "cluster-node-timeout=2000,5000"] + tooMany)
        #expect(sweep.errors.components(separatedBy: "pods never start").count == 2, "\(sweep.errors)")
        let comparison = try Tool.run(
            ["compare-models", Tool.twoNodes, Tool.twoNodes, "--scenario", "delete-pod"] + tooMany)
        #expect(comparison.errors.contains("pods never start"), "\(comparison.errors)")
    }

    @Test("A grid has a row a value of the first key, and a column a value of the second")
    func grid() throws {
        let text = try Tool.run(
            "sweep", Tool.sixProcesses, "--scenario", "kill-and-return", "--vary", "cluster-node-timeout=2000,5000",
            "--vary", "scenario.after=1s..3s:1s", "--replications", "3", "--statistic", "probabilities.promoted"
        ).output.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
        #expect(text.contains(["1s", "2s", "3s"]))
        #expect(text.contains { $0.first == "2000" } && text.contains { $0.first == "5000" })
    }

    @Test("An experiment's file does the same as its options")
    func file() throws {
        let scratch = try Scratch()
        let path = try scratch.write(
            "e.yaml",
            """
            apiVersion: rehearse/v1
            kind: Experiment
            metadata: {name: e}
            spec:
              model: \(Tool.package.appending(path: Tool.sixProcesses).path)
              scenario: kill-master
              vary: {cluster-node-timeout: [2000, 5000]}
              statistics: [outage.anySlot p50]
              replications: 4
            """)
        let file = try Tool.run("sweep", path, "-o", "csv")
        let options = try sweep("--replications", "4", "-o", "csv")
        #expect(file.status == 0 && file.output == options.output, "\(file.errors)")
        let input = try Tool.shell("\"$REHEARSE\" sweep -f - -o csv < \(path)")
        #expect(input.output == options.output, "\(input.errors)")
    }

    @Test("Killed in the middle and repeated, a sweep ends with the same bytes")
    func killed() throws {
        let scratch = try Scratch()
        let (whole, killed) = (scratch.url.appending(path: "a.jsonl"), scratch.url.appending(path: "b.jsonl"))
        let count = ["--replications", "200", "-o", "json"]
        let expected = try Tool.run(SweepCommandTests.arguments + count + ["--resume", whole.path])
        #expect(expected.status == 0, "\(expected.errors)")
        let process = Process()
        process.executableURL = Tool.executable
        process.arguments = SweepCommandTests.arguments + count + ["--resume", killed.path]
        process.currentDirectoryURL = Tool.package
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        func size() -> Int { (try? Data(contentsOf: killed).count) ?? 0 }
        // Some rows are written, and most are not.
        while size() < 5000, process.isRunning { Thread.sleep(forTimeInterval: 0.005) }
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        #expect(process.terminationReason == .uncaughtSignal, "it was killed while it ran")
        let rest = try Tool.run(SweepCommandTests.arguments + count + ["--resume", killed.path])
        #expect(rest.status == 0 && rest.output == expected.output, "\(rest.errors)")
        #expect(try Data(contentsOf: killed) == Data(contentsOf: whole))
        let other = try Tool.run(SweepCommandTests.arguments + ["--replications", "3", "--resume", killed.path])
        #expect(other.status == 1 && other.errors.contains("other inputs"), "\(other.errors)")
    }

    @Test("Expectations come first, and the exit status says which")
    func expectations() throws {
        func run(_ expectations: String...) throws -> Tool.Result {
            try Tool.run(
                ["run", Tool.sixProcesses, "--scenario", "kill-master", "--replications", "60"]
                    + expectations.flatMap { ["--expect", $0] })
        }
        let met = try run("milestones.healed p50 < 12s", "probabilities.recovered >= 90%")
        #expect(met.status == 0 && met.output.hasPrefix("[+] met"), "\(met.output)\(met.errors)")
        let missed = try run("milestones.healed p50 < 1s", "outage.anySlot p99 < 60s")
        #expect(missed.status == 2 && missed.output.contains("[x] missed") && missed.output.contains("[?] undecided"))
        #expect(try run("outage.anySlot p99 < 60s").status == 3)
        let wrong = try run("milestones.heald p50 < 1s")
        #expect(wrong.status == 1 && wrong.errors.contains(":1: no quantity") && wrong.output.isEmpty)
    }

    @Test("Two models: what differs and what that does")
    func models() throws {
        let scratch = try Scratch()
        let copy = scratch.url.appending(path: "mine")
        try FileManager.default.copyItem(at: Tool.package.appending(path: Tool.sixProcesses), to: copy)
        let file = copy.appending(path: "environment.yaml")
        let text = try String(contentsOf: file, encoding: .utf8)
        try text.replacing("cluster-node-timeout: 5000", with: "cluster-node-timeout: 2000")
            .write(to: file, atomically: true, encoding: .utf8)
        let result = try Tool.run(
            "compare-models", Tool.sixProcesses, copy.path, "--scenario", "kill-master", "--replications", "10", "-o",
            "json")
        let json = try result.object()
        let differences = try #require(json["differences"] as? [[String: Any]])
        #expect(differences.map { $0["name"] as? String } == ["cluster-node-timeout"], "\(differences)")
        let scenarios = try #require(json["scenarios"] as? [[String: Any]])
        #expect(scenarios.count == 1)
        let statistics = try #require(scenarios[0]["statistics"] as? [String: [String: Any]])
        let difference = try #require(statistics["outage.anySlot p50"]?["difference"] as? [String: Any])
        #expect((difference["value"] as? Double).map { $0 < -1000 } == true, "\(difference)")
    }

    @Test("Markdown has tables, and nothing of a terminal", arguments: ["run", "sweep", "place", "scenarios", "check"])
    func markdown(command: String) throws {
        let arguments: [String]
        switch command {
        case "run": arguments = ["run", Tool.sixProcesses, "--scenario", "kill-master", "--replications", "2"]
        case "sweep": arguments = SweepCommandTests.arguments + ["--replications", "2"]
        default: arguments = [command, Tool.twoNodes]
        }
        let result = try Tool.run(arguments + ["-o", "markdown"])
        #expect(result.status == 0, "\(result.errors)")
        let lines = result.output.split(separator: "\n")
        #expect(lines.contains { $0.hasPrefix("## ") } && lines.contains { $0.hasPrefix("| ---") }, "\(result.output)")
        #expect(!result.output.contains("\u{1b}"))
        // Every row of a table has the columns of its rule.
        var columns = 0
        for line in lines where line.hasPrefix("| ") {
            let cells = line.replacing("\\|", with: "").count { $0 == "|" }
            if line.hasPrefix("| ---") { #expect(cells == columns) }
            columns = cells
        }
    }

    @Test("A format that a command lacks is refused with those it has")
    func formats() throws {
        let result = try Tool.run("timeline", Tool.sixProcesses, "--scenario", "kill-master", "-o", "markdown")
        #expect(result.status == 64 && result.errors.contains("timeline has no markdown: use -o table, json or yaml"))
    }
}
