import RedisCluster
import Testing

@testable import Recording

@Suite("Redaction")
struct RedactorTests {
    private func redacted() throws -> (before: Recording, after: Recording) {
        var recording = try SampleRecording.whole()
        let id = SampleRecording.id
        recording.entries += [
            .note(
                Note(
                    at: 400,
                    text:
                        "10.1.1.1:7000 (redis-app-0, on node1) and \(id(2).text), [::1]:7001; 1.5 s later. redis-app-0."
                )),
            .status(
                ObservedStatus(
                    interval: ObservedInterval(after: 1, before: 2), observer: id(1),
                    fields: [
                        .init(name: "master_host", value: "10.1.1.1"), .init(name: "master_replid", value: id(5).text),
                    ])),
        ]
        var redactor = Redactor()
        var after = recording
        after.entries = recording.entries.map { redactor.redact($0) }
        return (recording, after)
    }

    @Test("Nothing that identifies is left, notes included")
    func leaks() throws {
        let text = try redacted().after.text
        var secrets = [
            "10.1.1.1", "10.1.1.3", "\"::1\"", " ::1", "redis-0", "redis-app-0", "node1",
            String(repeating: "f", count: 40),
        ]
        secrets += [1, 2, 3, 5, 7].map { SampleRecording.id($0).text }
        for secret in secrets { #expect(!text.contains(secret), "\(secret)") }
    }

    @Test("The same stays the same, and everything else stays")
    func consistency() throws {
        let (before, after) = try redacted()
        #expect(after.entries.map(\.time) == before.entries.map(\.time))
        #expect(after.transitions.map(\.transition.change) == before.transitions.map(\.transition.change))
        #expect(Set(after.observers).count == 3)
        guard case .server(let server) = after.entries[0], case .view(let view) = after.entries[2],
            case .note(let deed) = after.entries[4], case .note(let words) = after.entries[10],
            case .status(let status) = after.entries[11]
        else { throw Unexpected() }
        #expect(view.view.nodes[0].id == server.id && view.view.nodes[0].address == server.address)
        #expect(view.view.nodes[2].master == server.id && view.view.nodes[0].moves[0].node == view.view.nodes[1].id)
        #expect(deed.targets == [view.view.nodes[2].id])
        #expect(server.configuration.count == 2 && server.version == "8.1.1" && server.address.port == 7000)
        #expect(status.fields[0].value == server.address.ip)
        let ip = server.address.ip
        let other = view.view.nodes[1]
        #expect(
            words.text
                == "\(ip):7000 (pod-1, on worker-1) and \(other.id.text), [\(other.address.ip)]:7001; "
                + "1.5 s later. pod-1."
        )
    }

    @Test("It reads as any recording; another redactor gives other ids")
    func others() throws {
        let (_, after) = try redacted()
        #expect(try RecordingReader.read(Array(after.text.utf8), file: "r") == after)
        #expect(try redacted().after.observers != after.observers)
    }

    @Test("More than 256 addresses stay apart")
    func many() {
        var redactor = Redactor()
        var seen: Set<String> = []
        for number in 0..<600 {
            let note = Note(at: 0, text: "10.0.\(number >> 8).\(number & 255)")
            if case .note(let redacted) = redactor.redact(.note(note)) { seen.insert(redacted.text) }
        }
        #expect(seen.count == 600 && seen.allSatisfy { $0.hasPrefix("198.1") })
    }
}
