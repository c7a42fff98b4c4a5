import Foundation
import RESP
import RedisClient
import RedisCluster
import Testing

@testable import LiveCluster
@testable import Recording

@Suite(
    "Real clusters are recorded", .serialized,
    .enabled(if: RealServer.isAvailable, Comment(rawValue: RealServer.none)))
struct RealClusterTests {
    @Test("A master dies while it is recorded: silence, suspicion, failure, promotion, in that order")
    func death() async throws {
        let cluster = try await RealCluster(masters: 3, replicas: 3)
        defer { cluster.stop() }
        let scratch = try ScratchDirectory()
        let log = EntryLog()
        let options = RecordingOptions(interval: .milliseconds(10))
        let recorder = try await LiveRecorder.start(
            seeds: [cluster.servers[1].address], options: options,
            to: .init(path: scratch.path(of: "r.jsonl")), observer: log.observer)
        try await log.wait { entries in Set(entries.compactMap(\.server).map(\.id)).count == 6 }

        let victim = try await cluster.id(of: cluster.servers[0])
        let heir = try await cluster.id(of: cluster.servers[3])
        let instant = Monotonic.now
        cluster.servers[0].kill()
        try await recorder.note("killed", action: "kill", targets: [victim], at: instant)
        // Everybody that is left has seen the promotion, and says that all is well.
        try await log.wait { entries in
            let promoted = Recording(header: recording, entries: entries).transitions.filter {
                $0.transition.subject == heir && $0.transition.change.isPromotion
            }
            return Set(promoted.map(\.transition.observer)).count == 5
        }
        let summary = try await recorder.stop()
        #expect(summary.nodes.count == 6 && summary.notes == 1)
        #expect(log.problems == [])

        let read = try RecordingReader.read(path: scratch.path(of: "r.jsonl"))
        #expect(read.entries == log.entries)
        let note = try #require(read.notes.first)
        #expect(note.action == "kill" && note.targets == [victim])
        let silence = try #require(read.entries.compactMap(\.silence).first)
        #expect(silence.observer == victim && silence.kind == .refused)
        // It still answered a poll before it was killed, and its end was noticed at once.
        #expect(silence.interval.after <= note.at && silence.interval.before - note.at < 1_000_000)
        let story = read.transitions.filter { $0.transition.subject == victim }.map(\.transition.change)
        let suspected = try #require(story.firstIndex { $0.added.has(.pfail) })
        let failed = try #require(story.firstIndex { $0.added.has(.fail) })
        #expect(suspected < failed)
        // Suspected after the node timeout, not at once; every interval is a poll or two wide.
        let first = try #require(read.transitions.first { $0.transition.change.added.has(.pfail) })
        #expect(first.interval.before - note.at > 500_000)
        let widths = read.transitions.map { $0.interval.before - $0.interval.after }.sorted()
        #expect(widths[widths.count / 2] < 300_000, "median \(widths[widths.count / 2]) µs")
        // The unanswered ping's time, which tells when suspicion was due.
        let suspicion = try #require(
            read.entries.compactMap(\.change).first { $0.lines.contains { $0.flags.has(.pfail) } })
        #expect(suspicion.lines.first { $0.flags.has(.pfail) }?.pingSent ?? 0 > 0)
    }

    @Test("A node that returns under a new address is followed")
    func move() async throws {
        let cluster = try await RealCluster(masters: 3, replicas: 0)
        defer { cluster.stop() }
        let log = EntryLog()
        let recorder = try await LiveRecorder.start(
            seeds: [cluster.servers[0].address], options: RecordingOptions(interval: .milliseconds(20)),
            observer: log.observer)
        let moved = try await cluster.id(of: cluster.servers[2])
        let before = try await log.first { entry in entry.server.flatMap { $0.id == moved ? $0 : nil } }
        cluster.servers[2].kill()
        _ = try await log.first { entry in entry.silence.flatMap { $0.observer == moved ? $0 : nil } }
        try cluster.servers[2].restart(host: cluster.unusedHost)
        let after = try await log.first { entry in
            entry.server.flatMap { $0.id == moved && $0.runID != before.runID ? $0 : nil }
        }
        #expect(after.address.ip == cluster.unusedHost)
        #expect(log.entries.contains { $0.silence?.observer == moved && $0.silence?.kind == .answers })
        try await recorder.stop()
        // One node, two addresses, and nobody is asked twice.
        #expect(Set(log.entries.compactMap(\.observer)).count == 3)
    }

    @Test("A frozen node is silent and delays nobody; it answers as soon as it can")
    func freeze() async throws {
        let cluster = try await RealCluster(masters: 3, replicas: 0)
        defer { cluster.stop() }
        let log = EntryLog()
        let recorder = try await LiveRecorder.start(
            seeds: [cluster.servers[0].address], options: RecordingOptions(interval: .milliseconds(10)),
            observer: log.observer)
        try await log.wait { entries in Set(entries.compactMap(\.server).map(\.id)).count == 3 }
        let frozen = try await cluster.id(of: cluster.servers[1])
        let instant = Int64((Monotonic.now - recorder.origin) / 1000)
        cluster.servers[1].freeze()
        let silence = try await log.first { $0.silence }
        #expect(silence.observer == frozen && silence.kind == .timeout)
        #expect(silence.interval.after <= instant && instant <= silence.interval.before)
        #expect(silence.interval.before - silence.interval.after < 500_000)
        // The others go on: they suspect it meanwhile.
        _ = try await log.first { $0.change.flatMap { $0.lines.contains { $0.flags.has(.pfail) } ? $0 : nil } }
        let thaw = Int64((Monotonic.now - recorder.origin) / 1000)
        cluster.servers[1].thaw()
        let answer = try await log.first { entry in entry.silence.flatMap { $0.kind == .answers ? $0 : nil } }
        #expect(answer.observer == frozen && answer.interval.before >= thaw)
        #expect(answer.interval.before - answer.interval.after < 500_000)
        try await recorder.stop()
    }

    @Test("A user with the documented permissions is enough; configuration that may not be read is left out")
    func permissions() async throws {
        let cluster = try await RealCluster(masters: 3, replicas: 0)
        defer { cluster.stop() }
        let documented = try DocumentedPermissions.words
        for server in cluster.servers {
            try await cluster.ask(server, words: ["ACL", "SETUSER"] + documented)
        }
        var connection = ConnectionOptions()
        connection.credentials = Credentials(user: documented[0], password: Password("secret"))
        let log = EntryLog()
        let recorder = try await LiveRecorder.start(
            seeds: [cluster.servers[0].address], options: RecordingOptions(interval: .milliseconds(20)),
            connection: connection, observer: log.observer)
        try await log.wait { entries in
            Set(entries.compactMap(\.server).map(\.id)).count == 3
                && Set(entries.compactMap(\.status).flatMap(\.fields).map(\.name)).isSuperset(of: [
                    "role", "cluster_state", "loading",
                ])
        }
        let server = try #require(log.entries.compactMap(\.server).first)
        #expect(server.configuration.contains(.init(name: "cluster-node-timeout", value: "1000")))
        try await recorder.stop()
        #expect(log.problems == [])
        for server in cluster.servers {
            let denied = try await cluster.ask(server, "ACL", "LOG")
            #expect(denied.elements?.isEmpty == true)
        }

        for server in cluster.servers {
            try await cluster.ask(server, words: ["ACL", "SETUSER", documented[0], "-config"])
        }
        let second = EntryLog()
        let modest = try await LiveRecorder.start(
            seeds: [cluster.servers[0].address], connection: connection, observer: second.observer)
        let found = try await second.first { $0.server }
        #expect(found.configuration.isEmpty && !found.version.isEmpty)
        try await modest.stop()
        #expect(second.problems == [])
    }

    @Test("Redaction leaks no id, address or run id of a real cluster")
    func redaction() async throws {
        let cluster = try await RealCluster(masters: 3, replicas: 1)
        defer { cluster.stop() }
        let scratch = try ScratchDirectory()
        let log = EntryLog()
        let recorder = try await LiveRecorder.start(
            seeds: [cluster.servers[0].address],
            options: RecordingOptions(interval: .milliseconds(20), redacts: true),
            to: .init(path: scratch.path(of: "r.jsonl")), observer: log.observer)
        try await log.wait { entries in
            Set(entries.compactMap(\.server).map(\.id)).count == 4
                && entries.compactMap(\.status).flatMap(\.fields).contains { $0.name == "master_replid" }
        }
        try await recorder.note(
            "restarted \(cluster.servers[0].address), then \(log.entries.compactMap(\.server)[0].runID).")
        try await recorder.stop()
        let text = try String(contentsOfFile: scratch.path(of: "r.jsonl"), encoding: .utf8)
        let read = try RecordingReader.read(path: scratch.path(of: "r.jsonl"))
        #expect(read.header.isRedacted && read.entries.count == log.entries.count)
        for server in log.entries.compactMap(\.server) {
            for secret in [server.id.text, server.address.ip, server.runID] { #expect(!text.contains(secret)) }
        }
        for field in log.entries.compactMap(\.status).flatMap(\.fields) where field.name == "master_replid" {
            #expect(!text.contains(field.value))
        }
        // Who is whose replica is still to be seen.
        let view = try #require(read.entries.compactMap(\.view).first).view
        let replica = try #require(view.nodes.first { $0.flags.has(.replica) })
        #expect(view.nodes.contains { $0.id == replica.master && $0.flags.has(.master) })
    }

    @Test("Nobody answers: the reasons are given, and no file is left")
    func nobody() async throws {
        let scratch = try ScratchDirectory()
        let path = scratch.path(of: "r.jsonl")
        let error = await #expect(throws: LiveClusterError.self) {
            try await LiveRecorder.start(seeds: [ServerAddress(host: "127.0.0.1", port: 1)], to: .init(path: path))
        }
        #expect(error == .noAnswer(["127.0.0.1:1: connection refused"]))
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test("A server without cluster support is no cluster")
    func standalone() async throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "rehearse-\(UUID().uuidString)")
        let host = "127.\(Int.random(in: 1...254)).\(Int.random(in: 1...254)).1"
        let server = try RealServer(host: host, directory: directory, ["--cluster-enabled", "no"])
        defer {
            server.kill()
            try? FileManager.default.removeItem(at: directory)
        }
        let error = await #expect(throws: LiveClusterError.self) {
            try await LiveRecorder.start(seeds: [server.address])
        }
        #expect(error?.description.contains("cluster support disabled") == true)
    }

    @Test("Servers that turn us away are not pestered")
    func unwelcome() async throws {
        let cluster = try await RealCluster(masters: 3, replicas: 0)
        defer { cluster.stop() }
        try await cluster.ask(cluster.servers[1], words: ["ACL", "SETUSER", "default", "-cluster|nodes"])
        let log = EntryLog()
        let recorder = try await LiveRecorder.start(
            seeds: [cluster.servers[0].address], options: RecordingOptions(interval: .milliseconds(10)),
            observer: log.observer)
        try await log.wait { entries in Set(entries.compactMap(\.server).map(\.id)).count == 2 }
        try await log.wait { _ in !log.problems.isEmpty }
        try await recorder.stop()
        #expect(log.problems.count == 1 && log.problems[0].contains("NOPERM"), "\(log.problems)")
        let refusals = try await cluster.ask(cluster.servers[1], "ACL", "LOG")
        #expect(try #require(refusals.elements).count == 1)
        let count = try #require(refusals.elements?.first?["count"]?.integer)
        #expect(count <= 3)
    }
}

private let recording = Recording.Header(startedAt: 0, interval: 1)
