import Foundation
import Testing

/// Ctrl-C of commands that do one thing after another.
@Suite("What Ctrl-C leaves")
struct InterruptionTests {
    @Test("A comparison whose forecast is cut short records nothing")
    func compare() throws {
        let scratch = try Scratch()
        let recording = scratch.url.appending(path: "r.jsonl").path
        let result = try Tool.interrupt(
            after: 3,
            [
                "compare", "127.253.252.251:1", Tool.sixProcesses, "--scenario", "kill-master", "--replications",
                "1000000", "-o", recording,
            ])
        #expect(result.status == 130, "\(result.errors)")
        #expect(!FileManager.default.fileExists(atPath: recording))
    }

    @Test("A sizing prints what formulas say")
    func capacity() throws {
        let result = try Tool.interrupt(after: 3, ["capacity", Tool.twoNodes, "--replications", "1000", "-o", "json"])
        #expect(result.status == 130, "\(result.errors)")
        #expect(result.errors.contains("interrupted"))
        let json = try result.object()
        #expect(try #require(json["limits"] as? [Any]).count > 3)
        #expect(try #require(json["answers"] as? [Any]).isEmpty)
    }

    @Test("A search for a rare event says that nothing is known yet")
    func rare() throws {
        let result = try Tool.interrupt(
            after: 2,
            [
                "rare", Tool.sixProcesses, "--scenario", "kill-master", "--event", "milestones.healed > 60s", "--round",
                "100000",
            ])
        #expect(result.status == 130 && result.output.isEmpty, "\(result.errors)")
        #expect(result.errors.contains("nothing is known of its probability yet"))
    }

    @Test("A replay prints what it has of the recordings that it is through with")
    func replay() throws {
        let scratch = try Scratch()
        let archive = Tool.package.appending(path: "\(Tool.sixProcesses)/recordings/redis-7.0.15.tar.xz").path
        let count = 400
        let copies = try Tool.shell(
            """
            cd \(scratch.url.path); tar -xJf \(archive); mkdir copies
            one=$(find . -path '*kill-master*' -name '*.jsonl' ! -name trials.jsonl | sort | head -1)
            for number in $(seq -w \(count)); do ln "$PWD/$one" copies/$number.jsonl; done
            """)
        #expect(copies.status == 0, "\(copies.errors)")
        let result = try Tool.interrupt(
            after: 10,
            [
                "replay", scratch.url.appending(path: "copies").path, Tool.sixProcesses, "--replications", "100", "-o",
                "json", "--jobs", "1",
            ])
        #expect(result.status == 130, "\(result.errors)")
        let json = try result.object()
        let known = try #require(json["recordings"] as? [Any]).count
        #expect(known > 0 && known < count)
        #expect(json["complete"] as? Bool == false && json["unreadable"] as? Int == 0)
    }
}
