import Foundation
import Testing

@Suite("check, scenarios and timeline")
struct ReportTests {
    @Test("check says what it understood and finds the majority on one worker")
    func check() throws {
        let json = try Tool.run("check", Tool.twoNodes, "-o", "json").object()
        #expect(json["format"] as? String == "rehearse.check/v1")
        let findings = try #require(json["findings"] as? [[String: String]])
        #expect(findings.contains { $0["severity"] == "problem" && $0["finding"]?.contains("3 masters") == true })
        #expect((json["understood"] as? [Any])?.isEmpty == false)
        #expect((json["scenarioErrors"] as? [Any])?.isEmpty == true)
        let text = try Tool.run("check", Tool.twoNodes, "--verbose")
        #expect(text.status == 0)
        for heading in ["Findings", "Understood", "Guessed", "Ignored"] { #expect(text.output.contains(heading)) }
    }

    @Test("Every shipped model passes check, and every scenario of it runs")
    func shipped() throws {
        let models = try FileManager.default.contentsOfDirectory(atPath: Tool.package.appending(path: "models").path)
            .filter { !$0.hasSuffix(".md") && $0 != "incidents" }
        #expect(models.count >= 4)
        for model in models.sorted() {
            let check = try Tool.run("check", "models/\(model)")
            #expect(check.status == 0, "\(check.errors)")
            let list = try Tool.run("scenarios", "models/\(model)", "-o", "json").object()
            let scenarios = try #require(list["scenarios"] as? [[String: Any]])
            #expect(!scenarios.isEmpty)
            for name in scenarios.compactMap({ $0["name"] as? String }) {
                let run = try Tool.run("run", "models/\(model)", "--scenario", name, "--replications", "1", "--quiet")
                #expect(run.status == 0, "\(model) \(name): \(run.errors)")
                #expect(run.output.contains("A replica is promoted"), "\(model) \(name)")
            }
        }
    }

    @Test("The README's way from kubectl to a forecast works, on other names than the reference's")
    func ownCluster() throws {
        let scratch = try Scratch()
        let mine = scratch.url.appending(path: "mine").path
        let steps = """
            set -e
            mkdir -p \(mine)/kubernetes \(mine)/scenarios
            for f in models/two-nodes-six-pods/kubernetes/*; do
              sed 's/redis-app/cache/g; s/node1/alpha/g; s/node2/beta/g' $f > \(mine)/kubernetes/$(basename $f)
            done
            cp models/two-nodes-six-pods/scenarios/delete-master.yaml \(mine)/scenarios/
            "$REHEARSE" check \(mine) --starter > \(mine)/environment.yaml
            "$REHEARSE" check \(mine) --verbose
            "$REHEARSE" run \(mine) --scenario delete-master --replications 2
            """
        let result = try Tool.shell(steps)
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains("cache") && result.output.contains("A replica is promoted"))
    }

    @Test("scenarios shows what each parameter may be")
    func choices() throws {
        let text = try Tool.run("scenarios", "models/six-on-nfs").output
        #expect(text.contains("--set scenario.kind=") && text.contains("stall, drop, restart"))
        #expect(text.contains("duration, such as"))
    }

    @Test(
        "Results that can't be written are an error, help included", arguments: ["--help", "run --help", "--version"])
    func fullDisk(arguments: String) throws {
        #expect(try Tool.shell("\"$REHEARSE\" \(arguments) > /dev/full").status == 74)
    }

    @Test("Servers that storage stops are told, with how long")
    func stalls() throws {
        let outage = ["run", "models/six-on-nfs", "--scenario", "nfs-outage", "--replications", "5", "--quiet"]
        let busy = ["--set", "environment.load=60", "--set", "scenario.for=20s", "--set", "scenario.kind=stall"]
        let json = try Tool.run(outage + busy + ["--set", "scenario.target=all", "-o", "json"]).object()
        let longest = try #require((json["longestStall"] as? [String: Any])?["p50"] as? Double)
        #expect(longest > 10_000 && longest < 25_000)
        #expect((json["stalledServers"] as? [String: Any])?["p50"] as? Double == 6)
        #expect(try Tool.run(outage + busy).output.contains("stand still for storage"))
    }

    @Test("A story tells the same replication that run counts")
    func story() throws {
        let scenario = [Tool.sixProcesses, "--scenario", "kill-master", "--seed", "9"]
        let run = try Tool.run(["run"] + scenario + ["--replications", "3", "--samples", "-o", "json"]).object()
        let samples = try #require(run["samples"] as? [[String: Any]])
        for (replication, sample) in samples.enumerated() {
            let arguments = ["timeline"] + scenario + ["--replication", "\(replication)", "-o", "json"]
            let lines = try #require(try Tool.run(arguments).object()["story"] as? [[String: Any]])
            let times = lines.compactMap { $0["time"] as? Double }
            #expect(times == times.sorted(), "seed 9, replication \(replication)")
            for (milestone, beginning) in [
                ("firstSuspected", "suspects"), ("failed", "counts a majority"), ("promoted", "wins the election"),
            ] {
                let line = lines.first { ($0["text"] as? String)?.hasPrefix(beginning) == true }
                let told = try #require(line?["time"] as? Double, "\(milestone), seed 9, replication \(replication)")
                #expect(told == sample[milestone] as? Double, "\(milestone), seed 9, replication \(replication)")
            }
            let changed = lines.flatMap { $0["clusterNodes"] as? [[String: String]] ?? [] }
            #expect(changed.contains { $0["after"]?.contains("master,fail?") == true })
            #expect(changed.contains { $0["after"]?.contains("myself,master") == true })
        }
    }

    @Test("The story in words names the fault, its victim and the winner")
    func words() throws {
        let text = try Tool.run("timeline", Tool.sixProcesses, "--scenario", "kill-master", "--seed", "9").output
        #expect(text.contains("FAULT: process"))
        #expect(text.contains("wins the election and is master"))
        #expect(text.contains("all is well"))
    }
}
