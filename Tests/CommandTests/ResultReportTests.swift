import Foundation
import Testing
import Wording

/// What the tool's own results say must stand in the reports that are made of them: the real command, its real JSON.
@Suite("Every command's result makes a report")
struct ResultReportTests {
    /// A result, and the Markdown that `report` makes of it.
    private struct Reported {
        var json: [String: Any]
        var page: String

        func list(_ name: String) throws -> [[String: Any]] { try #require(json[name] as? [[String: Any]]) }
    }

    /// Runs the command, checks what all results have in common, and reports the result.
    private func report(_ arguments: [String], statuses: [Int32] = [0]) throws -> Reported {
        let result = try Tool.run(arguments + ["-o", "json"])
        #expect(statuses.contains(result.status), "\(arguments): \(result.errors)")
        let json = try result.object()
        let scratch = try Scratch()
        let page = try Tool.run("report", try scratch.write("result.json", result.output))
        #expect(page.status == 0, "\(arguments): \(page.errors)")
        let reported = Reported(json: json, page: page.output)
        try checkEnvelope(reported)
        return reported
    }

    private func checkEnvelope(_ reported: Reported) throws {
        let (json, page) = (reported.json, reported.page)
        let command = try #require(json["command"] as? String)
        #expect(page.contains(MarkdownText.code(command)))
        let inputs = try #require(json["inputs"] as? [String: Any])
        let digest = try #require(inputs["digest"] as? String)
        #expect(digest.count == 64 && page.contains(digest))
        #expect((inputs["files"] as? [Any])?.isEmpty == false)
        let assumptions = try reported.list("assumptions")
        let kinds = assumptions.compactMap { $0["kind"] as? String }
        #expect(kinds.first == "guess", "guesses first: \(kinds)")
        for assumption in assumptions {
            #expect(page.contains("| \(MarkdownText.escaped(try #require(assumption["subject"] as? String))) |"))
        }
        for text in try #require(json["notModelled"] as? [String]) {
            #expect(page.contains("- \(MarkdownText.escaped(text))"))
        }
        #expect((json["validation"] as? [String: Any])?["status"] as? String == "not validated against your cluster")
        if let answer = json["answer"] as? String { #expect(page.contains("**\(MarkdownText.escaped(answer))**")) }
    }

    /// The command that a result names gives the same result.
    private func checkRepetition(_ reported: Reported) throws {
        let command = try #require(reported.json["command"] as? String)
        #expect(command.hasPrefix("rehearse "))
        let again = try Tool.shell("\"$REHEARSE\" \(command.dropFirst("rehearse ".count)) -o json")
        let digest = (try again.object()["inputs"] as? [String: Any])?["digest"] as? String
        #expect(digest == (reported.json["inputs"] as? [String: Any])?["digest"] as? String)
        let members = ["answer", "points", "curves", "alternatives", "works", "rows", "clients", "probability"]
        for name in members where reported.json[name] != nil {
            let one = try #require(reported.json[name] as? NSObject)
            #expect(one == (try again.object()[name] as? NSObject), "\(command): \(name)")
        }
    }

    private func duration(_ value: Any?) throws -> String { Phrase.duration(try #require(value as? Double) * 1e6) }

    @Test("restart: where a promotion gets likelier than not, and every point")
    func restart() throws {
        let reported = try report(
            ["restart", Tool.sixProcesses, "--times", "1s,4s,8s,16s", "--replications", "6"])
        var crossings = 0
        for curve in try reported.list("curves") {
            if let crossing = curve["crossing"] as? [String: Any] {
                crossings += 1
                #expect(reported.page.contains("one half at \(try duration(crossing["value"]))."))
            }
            for point in try #require(curve["points"] as? [[String: Any]]) {
                let promoted = try #require((point["promoted"] as? [String: Any])?["value"] as? Double)
                #expect(reported.page.contains("| \(try duration(point["away"])) | \(Phrase.percent(promoted)) ("))
            }
        }
        #expect(crossings > 0)
        try checkRepetition(reported)
    }

    @Test("tradeoff: outage and false failovers of each timeout")
    func tradeoff() throws {
        let reported = try report(
            ["tradeoff", Tool.sixProcesses, "--timeouts", "2s,5s,15s", "--replications", "3"])
        for point in try reported.list("points") {
            let outage = try #require(point["outage"] as? [String: Any])
            let failovers = try #require((point["falseFailoversPerMonth"] as? [String: Any])?["value"] as? Double)
            #expect(reported.page.contains("| \(try duration(outage["p50"])) ("))
            #expect(reported.page.contains("| \(Phrase.small(failovers)) ("))
        }
        try checkRepetition(reported)
    }

    @Test("advise: what to type is there to be copied, and what makes no difference is not called anything")
    func advise() throws {
        let reported = try report(["advise", Tool.sixProcesses, "--replications", "2"])
        let measures = try reported.list("proposals").flatMap { try #require($0["measures"] as? [[String: Any]]) }
        #expect(measures.contains { $0["effect"] as? String == "none" })
        #expect(!reported.page.contains("| none |") && !reported.page.contains("| no difference shown |"))
        let applied = try reported.list("proposals").compactMap { $0["apply"] as? [String] }.filter { !$0.isEmpty }
        #expect(!applied.isEmpty)
        for lines in applied {
            #expect(reported.page.contains(MarkdownText.block(lines).joined(separator: "\n")), "\(lines)")
        }
    }

    @Test("sweep: every value and its interval")
    func sweep() throws {
        let reported = try report([
            "sweep", Tool.sixProcesses, "--scenario", "kill-master", "--vary", "cluster-node-timeout=2000,5000",
            "--statistic", "outage.anySlot p50", "--statistic", "P(promoted)", "--replications", "6",
        ])
        for alternative in try reported.list("alternatives") {
            let statistics = try #require(alternative["statistics"] as? [String: [String: Any]])
            #expect(statistics.count == 2)
            #expect(reported.page.contains("| \(try duration(statistics["outage.anySlot p50"]?["value"])) |"))
        }
        try checkRepetition(reported)
    }

    @Test("capacity: the verdict, and sizes in the units of the terminal")
    func capacity() throws {
        let command = ["capacity", Tool.twoNodes, "--replications", "2"]
        let reported = try report(command)
        let verdict = try #require(reported.json["verdict"] as? String)
        #expect(reported.page.contains("**\(MarkdownText.escaped(verdict))**"))
        let terminal = try Tool.run(command).output
        for server in try reported.list("servers") {
            let memory = try #require(server["memory"] as? [String: Any])
            for state in try #require(memory["states"] as? [[String: Any]]) {
                let size = Phrase.bytes(try #require(state["resident"] as? Double))
                #expect(reported.page.contains("| \(size) |"), "\(size)")
                #expect(terminal.contains(size), "\(size)")
            }
        }
        for limit in try reported.list("limits") {
            let factor = limit["factor"] as? Double ?? .infinity
            #expect(reported.page.contains("| \(Phrase.factor(factor)) times |"))
        }
    }

    @Test("run: the outages of the answer")
    func run() throws {
        let reported = try report(
            [
                "run", Tool.sixProcesses, "--scenario", "kill-master", "--replications", "6", "--expect",
                "milestones.healed p50 < 1min",
            ], statuses: [0, 3])
        let outage = try #require((reported.json["outage"] as? [String: Any])?["anySlot"] as? [String: Any])
        #expect(reported.page.contains("Some slot takes no writes for \(try duration(outage["p50"]))"))
        #expect((reported.json["command"] as? String)?.contains("--expect 'milestones.healed p50 < 1min'") == true)
    }

    @Test(
        "The others: their answers, and tables of what they hold",
        arguments: [
            (["losses", "models/two-hosts", "--load", "50", "--replications", "2"], "rows"),
            (["clients", Tool.sixProcesses, "--client", "jedis", "--replications", "2"], "clients"),
        ] as [([String], String)])
    func plain(arguments: [String], member: String) throws {
        let reported = try report(arguments)
        #expect(try !reported.list(member).isEmpty)
        #expect(reported.page.contains("## \(member.prefix(1).uppercased() + member.dropFirst())\n"))
        try checkRepetition(reported)
    }

    @Test("maintenance: every way to do the work, and each pod's turn")
    func maintenance() throws {
        let reported = try report(["maintenance", Tool.twoNodes, "--replications", "2"])
        for work in try reported.list("works") {
            for slots in ["anySlot", "worstSlot"] {
                let median = (work[slots] as? [String: Any])?["p50"]
                #expect(reported.page.contains("| \(try duration(median)) ("))
            }
        }
        #expect(reported.page.contains("| Work | redis-app-0 | redis-app-1 |"))
        try checkRepetition(reported)
    }

    @Test("place: what is likely, and every placement")
    func place() throws {
        let reported = try report(["place", Tool.twoNodes])
        #expect(reported.page.contains("With a probability of 75.0 % some master shares a worker"))
        #expect(reported.page.contains("| node1 | node2 | node2 | node1 | node2 | node1 | 12.5 % |"))
    }

    @Test("rare: the probability as it is written")
    func rare() throws {
        let reported = try report(
            [
                "rare", Tool.sixProcesses, "--scenario", "kill-master", "--event", "outage.anySlot > 7s", "--round",
                "100", "--max-replications", "200",
            ], statuses: [0, 3])
        #expect(reported.page.contains("| Probability | "))
        try checkRepetition(reported)
    }

    @Test("compare-models: the files of both")
    func compareModels() throws {
        let reported = try report([
            "compare-models", Tool.sixProcesses, "models/six-on-nfs", "--scenario", "kill-master", "--replications",
            "3",
        ])
        let files = try #require((reported.json["inputs"] as? [String: Any])?["files"] as? [[String: String]])
        let paths = files.compactMap { $0["path"] }
        #expect(paths.contains("models/six-processes/environment.yaml"))
        #expect(paths.contains("models/six-on-nfs/environment.yaml"))
    }

    @Test("replay: the verdict, and the recording's own digest")
    func replay() throws {
        let scratch = try Scratch()
        let archive = "\(Tool.sixProcesses)/recordings/redis-7.0.15.tar.xz"
        let recording = try Tool.shell(
            """
            tar -xJf \(archive) -C \(scratch.url.path)
            find \(scratch.url.path) -name '*.jsonl' ! -name trials.jsonl | sort | head -1
            """
        ).output.trimmingCharacters(in: .newlines)
        let reported = try report(
            ["replay", recording, Tool.sixProcesses, "--replications", "100"], statuses: [0, 2, 3])
        let verdict = try #require(reported.json["verdict"] as? String)
        #expect(reported.page.contains("Held against 1 recording of "))
        #expect(reported.page.contains(": \(verdict)."))
        let files = try #require((reported.json["inputs"] as? [String: Any])?["files"] as? [[String: String]])
        let sum = try Tool.shell("sha256sum \(recording) | cut -d' ' -f1").output.trimmingCharacters(in: .newlines)
        #expect(files.last == ["path": recording, "sha256": sum])
    }
}
