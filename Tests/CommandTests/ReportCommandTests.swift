import Foundation
import Testing

/// What reports show of results is held by ReportTests; here is how the tool makes them.
@Suite("report, completion and man")
struct ReportCommandTests {
    private static let forecast = ["run", Tool.sixProcesses, "--scenario", "kill-master", "--replications", "4"]

    @Test("A report with the run is the report of its result", arguments: ["html", "md"])
    func same(form: String) throws {
        let scratch = try Scratch()
        let direct = scratch.url.appending(path: "direct.\(form)").path
        let later = scratch.url.appending(path: "later.\(form)").path
        let drawn = form == "html" ? ["--no-figures"] : []
        let run = try Tool.run(ReportCommandTests.forecast + ["-o", "json", "--report", direct] + drawn)
        #expect(run.status == 0, "\(run.errors)")
        let result = try scratch.write("result.json", run.output)
        let report = try Tool.run(["report", result, "-o", later] + drawn)
        #expect(report.status == 0 && report.output.isEmpty, "\(report.errors)")
        let text = try String(contentsOfFile: direct, encoding: .utf8)
        #expect(text == (try String(contentsOfFile: later, encoding: .utf8)))
        #expect(text.contains("rehearse run models/six-processes --scenario kill-master --replications 4 --seed 1"))
        // Samples are not shown, and threads reach nothing.
        let sampled = try Tool.run(
            ReportCommandTests.forecast + ["-o", "json", "--samples", "--jobs", "2", "--report", later] + drawn)
        #expect(sampled.status == 0)
        #expect(text == (try String(contentsOfFile: later, encoding: .utf8)))
    }

    @Test("The digest is the one that sha256sum gives")
    func digest() throws {
        let run = try Tool.run(ReportCommandTests.forecast + ["-o", "json", "--set", "cluster-node-timeout=4000"])
        let inputs = try #require(try run.object()["inputs"] as? [String: Any])
        let files = try #require(inputs["files"] as? [[String: String]]).compactMap { $0["path"] }
        #expect(files == ["environment.yaml", "scenarios/kill-master.yaml"])
        let sums = "cd \(Tool.sixProcesses) && sha256sum \(files.joined(separator: " "))"
        let line = "set cluster-node-timeout=4000"
        let expected = try Tool.shell("{ (\(sums)); echo '\(line)'; } | sha256sum | cut -c-64").output
        #expect(inputs["digest"] as? String == expected.trimmingCharacters(in: .newlines))
    }

    @Test("Guesses come first, and each is halved and doubled")
    func sensitivity() throws {
        let json = try Tool.run(ReportCommandTests.forecast + ["-o", "json", "--sensitivity", "--quiet"]).object()
        let kinds = try #require(json["assumptions"] as? [[String: String]]).compactMap { $0["kind"] }
        let order = ["guess", "default", "reader", "set", "stated"]
        let ranks = try kinds.map { try #require(order.firstIndex(of: $0)) }
        #expect(ranks == ranks.sorted() && kinds.contains("guess"))
        let sensitivity = try #require(json["sensitivity"] as? [String: Any])
        let settings = try #require(sensitivity["settings"] as? [[String: Any]])
        #expect(sensitivity["replications"] as? Int == 4 && settings.count > 2)
        let reaches = settings.map { setting in
            ["low", "high"].compactMap { ((setting[$0] as? [String: Any])?["difference"] as? Double)?.magnitude }
                .max() ?? 0
        }
        #expect(reaches == reaches.sorted(by: >))
    }

    @Test("What can't be reported is refused with its reason")
    func refusals() throws {
        let scratch = try Scratch()
        let result = try scratch.write("result.json", "{\n \"format\": \"rehearse.run/v1\",}\n")
        for (arguments, status, words) in [
            (["report", result], 1, "result.json:2:30: no JSON: a name in quotes is expected; give what"),
            (["report", "/nonexistent.json"], 1, "/nonexistent.json:1:1: can't be read"),
            (["report", result, "-o", "report.pdf"], 64, "FILE.html or FILE.md"),
            (["report", result, "--index", "-o", "x.html"], 64, "--index is Markdown"),
            (["report", "-", "-"], 64, "standard input can be read once"),
            (ReportCommandTests.forecast + ["--report", "x.txt"], 64, "FILE.html or FILE.md"),
            (ReportCommandTests.forecast + ["--report", "/nonexistent/x.md"], 74, "the report can't be written"),
        ] as [([String], Int32, String)] {
            let refused = try Tool.run(arguments)
            #expect(refused.status == status, "\(arguments): \(refused.errors)")
            #expect(refused.errors.contains(words), "\(arguments): \(refused.errors)")
        }
    }

    @Test("Without gnuplot nothing is simulated for a page that can't be drawn")
    func noGnuplot() throws {
        let scratch = try Scratch()
        let page = scratch.url.appending(path: "x.html").path
        let refused = try Tool.run(ReportCommandTests.forecast + ["--report", page], environment: ["PATH": "/nowhere"])
        #expect(refused.status == 69 && refused.output.isEmpty)
        #expect(refused.errors.contains("apt-get install gnuplot-nox") && refused.errors.contains("--no-figures"))
        #expect(!FileManager.default.fileExists(atPath: page))
    }

    @Test("Results come by standard input, and the answer by standard output")
    func streams() throws {
        let line =
            "\"$REHEARSE\" \(ReportCommandTests.forecast.joined(separator: " ")) -o json | \"$REHEARSE\" report -"
        let report = try Tool.shell(line)
        #expect(report.status == 0 && report.output.hasPrefix("# six-processes: kill-master\n"), "\(report.errors)")
    }

    @Test("Shells learn the commands", arguments: ["bash", "zsh", "fish"])
    func completion(shell: String) throws {
        let script = try Tool.run("completion", shell)
        #expect(script.status == 0)
        for word in ["timeline", "replications", "completion"] { #expect(script.output.contains(word), "\(word)") }
        guard shell == "bash" else { return }
        #expect(try Tool.shell("\"$REHEARSE\" completion bash | bash -n").status == 0)
    }

    @Test("The manual has every command and option, and roff takes it without a complaint")
    func manual() throws {
        let page = try Tool.run("man")
        #expect(page.status == 0)
        #expect(page.output.hasPrefix(".TH REHEARSE 1"))
        for word in ["rehearse run", "rehearse lab", "\\-\\-replications", "EXAMPLES", "EXIT STATUS"] {
            #expect(page.output.contains(word), "\(word)")
        }
        let check = try Tool.shell(
            "command -v groff > /dev/null || exit 0; "
                + "\"$REHEARSE\" man | groff -man -ww -z 2>&1 | grep . && exit 1; exit 0"
        )
        #expect(check.status == 0, "\(check.output)")
    }

    @Test("A mistyped command gets the nearest one")
    func suggestion() throws {
        let near = try Tool.run("timelin")
        #expect(
            near.status == 64 && near.errors.contains("there is no command \"timelin\"; did you mean \"timeline\"?"))
        let far = try Tool.run("qqqqqqqqqq")
        #expect(far.status == 64 && far.errors.contains("rehearse --help lists them"))
    }
}
