import Foundation
import Testing

@Suite("Wrong input is refused in words, with a status of its own")
struct WrongInputTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var arguments: [String]
        var status: Int32
        var says: [String]

        var testDescription: String { arguments.joined(separator: " ") }
    }

    static let run = ["run", Tool.sixProcesses, "--scenario", "kill-master", "--replications", "1"]

    static let cases = [
        Case(
            arguments: ["run", Tool.sixProcesses, "--scenario", "kil-master"], status: 1,
            says: ["did you mean \"kill-master\""]),
        Case(arguments: ["run", Tool.sixProcesses], status: 64, says: ["--scenario", "kill-master"]),
        Case(
            arguments: ["run", "models/none", "--scenario", "x"], status: 1, says: ["models/none:1:1:", "directory"]),
        Case(arguments: ["run", "", "--scenario", "x"], status: 1, says: ["directory"]),
        Case(arguments: run + ["--set", "cluster-nod-timeout=5"], status: 1, says: ["--set", "cluster-node-timeout"]),
        Case(arguments: run + ["--set", "nothing"], status: 1, says: ["--set nothing", "KEY=VALUE"]),
        Case(
            arguments: run + ["--set", "cluster-node-timeout=soon"], status: 1,
            says: ["--set cluster-node-timeout=soon"]),
        Case(arguments: run + ["--set", "engine=redis:1"], status: 1, says: ["redis:7.0"]),
        Case(arguments: run + ["--set", "environment.load=-1"], status: 1, says: ["environment.load=-1"]),
        Case(arguments: run + ["--set", "cluster.masters=0"], status: 1, says: ["cluster.masters=0"]),
        Case(arguments: run + ["--set", "scenario.nothing=1"], status: 1, says: ["scenario.nothing=1"]),
        Case(arguments: run + ["--replications", "0"], status: 64, says: ["--replications"]),
        Case(arguments: run + ["--replications", "10000001"], status: 64, says: ["10000000"]),
        Case(arguments: run + ["--replications", "many"], status: 64, says: ["many"]),
        Case(arguments: run + ["--jobs", "0"], status: 64, says: ["--jobs"]),
        Case(arguments: run + ["--jobs", "1025"], status: 64, says: ["1024"]),
        Case(arguments: run + ["--seed", "-1"], status: 64, says: ["--seed -1 is negative"]),
        Case(
            arguments: run + ["--replications", "-1"], status: 64, says: ["--replications -1 is not in 1...10000000"]),
        Case(arguments: run + ["--samples"], status: 64, says: ["--samples"]),
        Case(arguments: run + ["-o", "xml"], status: 64, says: ["xml"]),
        Case(arguments: run + ["--no-such-option"], status: 64, says: ["no-such-option"]),
        Case(
            arguments: ["timeline", Tool.sixProcesses, "--scenario", "kill-master", "--replication", "-1"], status: 64,
            says: ["replication"]),
        Case(arguments: ["check", Tool.sixProcesses, "-o", "csv"], status: 64, says: ["csv"]),
        Case(arguments: ["check", "models/none"], status: 1, says: ["models/none"]),
        Case(arguments: ["place"], status: 64, says: ["-f"]),
        Case(arguments: ["place", Tool.sixProcesses], status: 1, says: ["processes"]),
        Case(arguments: ["place", Tool.twoNodes, "--trials", "0"], status: 64, says: ["--trials"]),
        Case(arguments: ["place", "-f", "none.yaml", "--explain"], status: 1, says: ["none.yaml:1:1:"]),
        Case(
            arguments: ["place", "-f", "models/two-nodes-six-pods/kubernetes/nodes.yaml"], status: 1,
            says: ["no pod to place"]),
        Case(
            arguments: ["place", "-f", "models/two-nodes-six-pods/kubernetes/nodes.yaml", "--set", "kubernetes=1.16"],
            status: 1, says: ["kubernetes=1.17", "kubernetes=current"]),
        Case(arguments: ["help", "capacty"], status: 64, says: ["did you mean \"capacity\"?"]),
        Case(arguments: ["replay", "models/none"], status: 1, says: ["models/none:1:1: no such recording"]),
        Case(arguments: ["replay", "models"], status: 1, says: ["models:1:1: no recording"]),
        Case(arguments: ["rehearse"], status: 64, says: ["rehearse"]),
    ]

    @Test(arguments: cases)
    func refused(_ wrong: Case) throws {
        let result = try Tool.run(wrong.arguments)
        #expect(result.status == wrong.status, "\(result.errors)")
        #expect(result.output.isEmpty)
        for text in wrong.says { #expect(result.errors.lowercased().contains(text.lowercased()), "\(result.errors)") }
        #expect(!result.errors.contains("Fatal error"))
    }

    @Test("A file that can't be read as YAML is named with line and column")
    func brokenFile() throws {
        let scratch = try Scratch()
        try scratch.write("environment.yaml", "apiVersion: rehearse/v1\nkind: Environment\nmetadata: {name: x\n")
        let result = try Tool.run("run", scratch.url.path, "--scenario", "x")
        #expect(result.status == 1)
        #expect(result.errors.hasPrefix("\(scratch.url.path)/environment.yaml:"), "\(result.errors)")
        #expect(result.output.isEmpty)
    }

    @Test("One broken scenario is reported by check, and does not keep the others from being run")
    func brokenScenario() throws {
        let scratch = try Scratch()
        for name in ["environment.yaml", "scenarios/kill-master.yaml"] {
            let file = Tool.package.appending(path: "\(Tool.sixProcesses)/\(name)")
            try scratch.write(name, try String(contentsOf: file, encoding: .utf8))
        }
        try scratch.write("scenarios/broken.yaml", "apiVersion: rehearse/v1\nkind: Scenario\nspek: {}\n")
        let check = try Tool.run("check", scratch.url.path)
        #expect(check.status == 1)
        #expect(check.errors.contains("scenarios/broken.yaml:"))
        #expect(check.output.contains("kill-master"))
        let run = try Tool.run("run", scratch.url.path, "--scenario", "kill-master", "--replications", "1")
        #expect(run.status == 0, "\(run.errors)")
    }

    @Test(
        "Help and version are answers, not errors",
        arguments: [["--help"], ["--version"], ["run", "--help"], ["help", "place"]])
    func help(arguments: [String]) throws {
        let result = try Tool.run(arguments)
        #expect(result.status == 0)
        #expect(!result.output.isEmpty)
        #expect(result.errors.isEmpty)
    }

    @Test("The exit statuses are documented in --help")
    func statuses() throws {
        let help = try Tool.run("--help").output
        for status in 0...255 {
            let isDocumented = help.contains(try Regex("\\n *\(status) +[a-z]"))
            #expect(isDocumented == [0, 1, 2, 3, 64, 69, 70, 74, 130].contains(status), "status \(status)")
        }
    }
}
