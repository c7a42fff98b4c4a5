import RedisCluster
import Testing

@testable import Lab

/// Lines as servers wrote them; ids are shortened to one digit 40 times.
@Suite("What servers' logs say")
struct LogEventTests {
    static let a = NodeName(String(repeating: "a", count: 40))!
    static let b = NodeName(String(repeating: "b", count: 40))!

    struct Line: Sendable, CustomTestStringConvertible {
        var server: String
        var text: String
        var kind: LogEvent.Kind
        var testDescription: String { "\(server): \(text)" }
    }

    private static func line(_ server: String, _ text: String, _ kind: LogEvent.Kind) -> Line {
        let ids = ["A", "B"].reduce(text) { text, letter in
            text.split(separator: "<\(letter)>", omittingEmptySubsequences: false)
                .joined(separator: String(repeating: letter.lowercased(), count: 40))
        }
        return Line(server: server, text: "537:S 22 Nov 2026 19:26:51.320 " + ids, kind: kind)
    }

    static let lines: [Line] = [
        line("redis 6.2.5", ". *** NODE <A> possibly failing", .suspected(a)),
        line("redis 6.2.5", "* Marking node <A> as failing (quorum reached).", .failed(a)),
        line("redis 6.2.5", "* FAIL message received from <B> about <A>", .toldFailed(a)),
        line("redis 6.2.5", "* Clear FAIL state for node <A>: master without slots is reachable again.", .cleared(a)),
        line("redis 6.2.5", "# Cluster state changed: ok", .stateOk),
        line(
            "redis 6.2.5", "# Start of election delayed for 810 milliseconds (rank #0, offset 14).",
            .electionScheduled),
        line("redis 6.2.5", "# Starting a failover election for epoch 7.", .electionStarted),
        line("redis 6.2.5", "# Failover election won: I'm the new master.", .electionWon),
        line("redis 6.2.5", "# Configuration change detected. Reconfiguring myself as a replica of <B>", .follows(b)),
        line("redis 6.2.5", "* MASTER <-> REPLICA sync: Finished with success", .synchronised),
        line("redis 7.0.15", "* Ready to accept connections", .ready),
        line("redis 7.0.15", "# Cluster state changed: fail", .stateFail),
        line("redis 7.0.15", "# Taking over the master (user request).", .takenOver),
        line("redis 7.0.15", "* Successful partial resynchronization with master.", .synchronised),
        line("redis 7.4", "* Marking node <A> (redis-2) as failing (quorum reached).", .failed(a)),
        line("redis 7.4", "* FAIL message received from <B> (x) about <A> ()", .toldFailed(a)),
        line("redis 7.4", "* Clear FAIL state for node <A> ():replica is reachable again.", .cleared(a)),
        line("valkey 9.1.2", "* NODE <A> (127.224.125.3:16204) possibly failing.", .suspected(a)),
        line("valkey 9.1.2", "* Marking node <A> (127.224.125.3:16204) as failing (quorum reached).", .failed(a)),
        line("valkey 9.1.2", "* FAIL message received from <B> (127.224.125.6:16204) about <A> (n)", .toldFailed(a)),
        line(
            "valkey 9.1.2", "* Clear FAIL state for node <A> (127.224.125.7:16204): replica is reachable again.",
            .cleared(a)),
        line(
            "valkey 9.1.2", "* Start of election delayed for 0 milliseconds (rank #0, primary rank #0, offset 28).",
            .electionScheduled),
        line("valkey 9.1.2", "* Starting a failover election for epoch 7, node config epoch is 3", .electionStarted),
        line("valkey 9.1.2", "* Failover election won: I'm the new primary.", .electionWon),
        line(
            "valkey 9.1.2",
            "* Configuration change detected. Reconfiguring myself as a replica of node <B> (1.2.3.4:5) in shard <A>",
            .follows(b)),
        line("valkey 9.1.2", "* PRIMARY <-> REPLICA sync: Finished with success", .synchronised),
        line("valkey 9.1.2", "* Taking over the primary (user request from '1.2.3.4:5').", .takenOver),
        line("valkey 9.1.2", "* Ready to accept connections tcp", .ready),
    ]

    @Test("Every version's words are understood", arguments: lines)
    func kinds(line: Line) throws {
        let event = try #require(LogEvent(line: Substring(line.text)))
        #expect(event.kind == line.kind)
        // date -u -d '2026-11-22 19:26:51' +%s
        #expect(event.time == 1_795_375_611_320_500)
    }

    @Test(
        "Lines that say nothing about the cluster, or are no lines, say nothing",
        arguments: [
            "", " ", "537:S", "537:S 22 Nov 2026 19:26:51.320 * ", "                    _._",
            "537:S 22 Nov 2026 19:26:51.320 . --- Processing packet of type pong, 2512 bytes",
            "537:S 22 Nov 2026 19:26:51 * Cluster state changed: ok",
            "537:S 99 Nov 2026 19:26:51.320 * Cluster state changed: ok",
            "537:S 22 Nov 99999999999999999 19:26:51.320 * Cluster state changed: ok",
            "537:S 22 Nov 2026 19:26:51.320 * Marking node nobody as failing (quorum reached).",
        ])
    func silence(line: String) { #expect(LogEvent(line: Substring(line)) == nil) }

    @Test("Leap days and the turn of a year are counted")
    func calendar() throws {
        // date -u -d ... +%s
        for (date, seconds) in [("29 Feb 2028", 1_835_395_200), ("31 Dec 2026", 1_798_675_200), ("01 Jan 1970", 0)] {
            let event = try #require(LogEvent(line: "1:M \(date) 00:00:00.000 # Cluster state changed: ok"))
            #expect(event.time == Int64(seconds) * 1_000_000 + 500)
        }
    }

    @Test("A tail gives each line once, when it is whole")
    func tail() throws {
        let scratch = try Scratch()
        let path = scratch.path + "/log"
        var tail = LogTail(path: path)
        #expect(tail.read().isEmpty)
        let ok = "1:M 22 Nov 2026 19:26:51.320 # Cluster state changed: ok\n"
        try scratch.append(ok + ok.prefix(20), to: path)
        #expect(tail.read().map(\.kind) == [.stateOk])
        #expect(tail.read().isEmpty)
        try scratch.append(ok.dropFirst(20) + ok, to: path)
        #expect(tail.read().map(\.kind) == [.stateOk, .stateOk])
        let id = LogEventTests.a
        let debug = "1:M 22 Nov 2026 19:26:51.320 . "
        try scratch.append(
            debug + "--- Processing packet of type pong, 2512 bytes\n1:M\n\n" + debug
                + "GOSSIP \(id.text) 127.0.0.1:1@2 master\n"
                + debug + "*** NODE \(id.text) possibly failing\n", to: path)
        #expect(tail.read().map(\.kind) == [.suspected(id)])
        try scratch.append(ok, to: path)
        tail.skipToEnd()
        #expect(tail.read().isEmpty)
    }
}
