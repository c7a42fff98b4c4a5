import Foundation
import Testing

@Suite("rehearse run")
struct RunTests {
    static let milestones = [
        "firstSuspected", "lastSuspected", "failed", "stateDown", "electionScheduled", "electionStarted", "promoted",
        "healed",
        "demoted", "resynchronised",
    ]

    private func run(_ extra: String...) throws -> Tool.Result {
        try Tool.run(["run", Tool.sixProcesses, "--scenario", "kill-master"] + extra)
    }

    @Test("The same command gives the same bytes, with any number of jobs", arguments: ["json", "yaml", "csv"])
    func sameBytes(format: String) throws {
        let one = try run("--replications", "6", "--seed", "7", "-o", format, "--samples", "--jobs", "1")
        #expect(one.status == 0, "\(one.errors)")
        #expect(one.output.count > 500)
        for jobs in ["1", "2", "5"] {
            let other = try run("--replications", "6", "--seed", "7", "-o", format, "--samples", "--jobs", jobs)
            #expect(other.output == one.output, "seed 7 with --jobs \(jobs) differs from --jobs 1")
        }
    }

    @Test("Another seed gives another sample, more replications keep the first ones")
    func seeds() throws {
        let three = try run("--replications", "3", "-o", "csv", "--samples")
        let five = try run("--replications", "5", "-o", "csv", "--samples")
        #expect(five.output.hasPrefix(three.output))
        let other = try run("--replications", "3", "-o", "csv", "--samples", "--seed", "2")
        #expect(other.output != three.output)
    }

    @Test("JSON has the promised fields")
    func fields() throws {
        let json = try run("--replications", "5", "--seed", "3", "-o", "json").object()
        #expect(json["format"] as? String == "rehearse.run/v1")
        #expect(json["version"] as? String == "0.1.0")
        #expect(json["model"] as? String == "six-processes")
        #expect(json["scenario"] as? String == "kill-master")
        #expect(json["seed"] as? Int == 3)
        #expect(json["replications"] as? Int == 5)
        #expect(json["engine"] as? String == "redis:7.0")
        #expect(json["samples"] == nil)
        let probabilities = try #require(json["probabilities"] as? [String: [String: Any]])
        for name in ["promoted", "recovered"] {
            let value = try #require(probabilities[name]?["value"] as? Double)
            let interval = try #require(probabilities[name]?["interval"] as? [Double])
            #expect(interval.count == 2 && interval[0] <= value && value <= interval[1], "\(name), seed 3")
        }
        let milestones = try #require(json["milestones"] as? [String: [String: Any]])
        #expect(milestones.keys.sorted() == RunTests.milestones.sorted())
        for name in RunTests.milestones.prefix(8) {
            #expect(milestones[name]?["count"] as? Int == 5, "\(name), seed 3")
            let values = try ["p50", "p90", "p95", "p99"].map { try #require(milestones[name]?[$0] as? Double) }
            #expect(values == values.sorted(), "\(name), seed 3")
            let intervals = try #require(milestones[name]?["intervals"] as? [String: [Any]])
            #expect(intervals.keys.sorted() == ["mean", "p50", "p90", "p95", "p99"])
        }
        #expect(milestones["demoted"]?["count"] as? Int == 0)
    }

    @Test("A sample's milestones come in their order, and are absent where they did not happen")
    func samples() throws {
        let json = try run("--replications", "5", "--seed", "4", "-o", "json", "--samples").object()
        let samples = try #require(json["samples"] as? [[String: Any]])
        #expect(samples.count == 5)
        for (index, sample) in samples.enumerated() {
            #expect(sample["replication"] as? Int == index)
            #expect(sample["demoted"] == nil)
            #expect(sample["elections"] as? Int ?? 0 >= 1, "seed 4, replication \(index)")
            let order = ["firstSuspected", "failed", "electionScheduled", "electionStarted", "promoted", "healed"]
            let times = try order.map { try #require(sample[$0] as? Double, "\($0), seed 4, replication \(index)") }
            #expect(times == times.sorted(), "seed 4, replication \(index)")
            // Nobody is suspected before a node timeout (5 s) after its last sign of life, at most half of one old.
            #expect(times[0] > 2500 && times[4] < 60_000, "seed 4, replication \(index)")
        }
    }

    @Test("CSV has one row a milestone, or one a replication")
    func csv() throws {
        let stages = try run("--replications", "3", "-o", "csv").output.split(separator: "\n")
        #expect(stages[0].hasPrefix("milestone,count,mean,mean_low,mean_high,p50,"))
        #expect(stages.dropFirst().map { String($0.prefix { $0 != "," }) } == RunTests.milestones)
        let rows = try run("--replications", "3", "-o", "csv", "--samples").output.split(separator: "\n")
        #expect(rows.count == 4)
        let columns = rows.map { $0.split(separator: ",", omittingEmptySubsequences: false).count }
        #expect(Set(columns).count == 1)
    }

    @Test("The table leads with the answer")
    func table() throws {
        let result = try run("--replications", "3")
        let answer = try #require(result.output.range(of: "A replica is promoted"))
        let stages = try #require(result.output.range(of: "After the fault"))
        #expect(answer.lowerBound < stages.lowerBound)
        #expect(result.errors.isEmpty)
        #expect(!result.output.contains("\u{1b}"), "no colours where the output is no terminal")
    }

    @Test("What a loss of the majority costs is said with its reason")
    func neverRecovered() throws {
        let json = try Tool.run(
            "run", Tool.sixProcesses, "--scenario", "kill-two-masters", "--replications", "3", "-o", "json"
        ).object()
        let probabilities = try #require(json["probabilities"] as? [String: [String: Any]])
        #expect(probabilities["promoted"]?["value"] as? Double == 0)
        #expect(probabilities["recovered"]?["value"] as? Double == 0)
        let obstacles = try #require(json["obstacles"] as? [[String: Any]])
        #expect((obstacles.first?["why"] as? String)?.hasPrefix("no quorum") == true)
        let outage = try #require(json["outage"] as? [String: [String: Any]])
        #expect(outage["anySlot"]?["unended"] as? Int == 3)
        #expect(outage["anySlot"]?["p50"] is NSNull)
    }

    @Test("What was observed of an incident stands beside the forecast")
    func observed() throws {
        let command = [
            "run", "models/incidents/redis62-5s", "--scenario", "nt-sweep-5s", "--replications", "20", "--quiet",
        ]
        let text = try Tool.run(command)
        #expect(text.output.contains("Observed (file 56767381386"))
        #expect(text.output.contains("8.79 s") && text.output.contains("[+] yes"))
        #expect(!text.output.contains("its timeout is 300 ms"))
        #expect(try Tool.run(command + ["-o", "wide"]).output.contains("its timeout is 300 ms"))
        let changed = try Tool.run(command + ["--set", "cluster-node-timeout=15000"]).output
        #expect(changed.contains("[x] no") && changed.contains("which --set has changed"))
        let observed = try #require(try Tool.run(command + ["-o", "json"]).object()["observed"] as? [String: Any])
        let value = try #require((observed["values"] as? [[String: Any]])?.first)
        #expect(value["quantity"] as? String == "outage.anySlot" && value["seen"] as? Double == 8793)
        #expect(value["range"] as? [Double] == [8180, 8800] && value["possible"] as? Bool == true)
        #expect((value["band"] as? [Double])?.count == 2 && value["p50"] is Double)
    }

    @Test("--set reaches redis.conf, the scenario and the environment")
    func settings() throws {
        let slow = try run("--replications", "3", "-o", "json", "--set", "cluster-node-timeout=9000").object()
        let milestones = try #require(slow["milestones"] as? [String: [String: Any]])
        #expect(try #require(milestones["firstSuspected"]?["p50"] as? Double) > 6500)
        let brief = try Tool.run(
            "run", Tool.sixProcesses, "--scenario", "freeze-master", "--replications", "3", "-o", "json", "--set",
            "scenario.for=1s"
        ).object()
        #expect((brief["parameters"] as? [String: String])?["for"] == "1s")
        let probabilities = try #require(brief["probabilities"] as? [String: [String: Any]])
        #expect(
            probabilities["promoted"]?["count"] as? Int == 0, "a freeze shorter than the node timeout promotes nobody")
    }

    @Test("Ctrl-C prints what is known")
    func interruption() throws {
        let result = try Tool.interrupt(
            after: 8,
            ["run", Tool.sixProcesses, "--scenario", "kill-master", "--replications", "10000000", "-o", "json"])
        #expect(result.status == 130)
        #expect(result.errors.contains("interrupted after"))
        let known = try #require(try result.object()["replications"] as? Int)
        #expect(known > 0 && known < 10_000_000)
    }

    @Test("A reader that leaves is no error, a full disk is one")
    func brokenOutput() throws {
        let command = "\"$REHEARSE\" run models/six-processes --scenario kill-master --replications 2 -o json --samples"
        let left = try Tool.shell("set -o pipefail; \(command) | true")
        #expect(left.status == 0)
        #expect(left.errors.isEmpty)
        let full = try Tool.shell("\(command) > /dev/full")
        #expect(full.status == 74)
        #expect(full.errors.contains("can't be written"))
    }
}
