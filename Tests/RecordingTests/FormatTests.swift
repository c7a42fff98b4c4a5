import Foundation
import RedisCluster
import Testing

@testable import Recording

@Suite("A recording's file")
struct FormatTests {
    @Test("What is written is read")
    func roundTrip() throws {
        let recording = try SampleRecording.whole()
        let read = try RecordingReader.read(Array(recording.text.utf8), file: "r")
        #expect(read == recording)
        #expect(read.text == recording.text)
    }

    @Test("Cut at any byte after its header it reads, without what was cut")
    func cut() throws {
        let recording = try SampleRecording.whole()
        let bytes = Array(recording.text.utf8)
        for end in recording.header.line.utf8.count - 1...bytes.count {
            let read = try RecordingReader.read(Array(bytes[..<end]), file: "r")
            let lines = bytes[..<end].count { $0 == UInt8(ascii: "\n") }
            // A line that lacks its newline only is whole.
            let isWhole = end == bytes.count || bytes[end] == UInt8(ascii: "\n")
            let entries = max(0, isWhole && bytes[end - 1] != UInt8(ascii: "\n") ? lines : lines - 1)
            #expect(read.entries == Array(recording.entries.prefix(entries)), "cut at \(end)")
        }
    }

    @Test("No bytes crash the reader")
    func damage() throws {
        let whole = Array(try SampleRecording.whole().text.utf8)
        var generator = SplitMix(state: 7)
        for _ in 0..<3000 {
            var bytes = whole
            for _ in 0..<(1 + generator.below(3)) {
                let place = generator.below(bytes.count)
                switch generator.below(3) {
                case 0: bytes[place] = UInt8(truncatingIfNeeded: generator.next())
                case 1: bytes.remove(at: place)
                default: bytes.insert(contentsOf: "9999999999999999999".utf8, at: place)
                }
            }
            _ = (try? RecordingReader.read(bytes, file: "r"))?.transitions
        }
    }

    static let header = Recording.Header(startedAt: 5, interval: 50_000).line

    @Test(
        "Errors say where and why",
        arguments: [
            ("", "r:1: the file is empty: a recording starts with its header"),
            ("{}\n", "r:1: no recording: its first line says \"format\":\"rehearse.recording\""),
            ("hello\n", "r:1: no JSON: no JSON value starts here (at byte 1)"),
            (header + "{\"kind\":\"note\"}\n", "r:2: at is missing"),
            (
                header + "{\"kind\":\"nope\"}\n",
                "r:2: kind nope: one of server, view, change, status, silence and note is expected"
            ),
            (header + "{\"kind\":\"note\",\"at\":1e3,\"text\":\"\"}\n", "r:2: at: a whole number is expected"),
            (
                header + "{\"kind\":\"note\",\"at\":-9223372036854775808,\"text\":\"\"}\n",
                "r:2: at: -9223372036854775808 µs is more than a century"
            ),
            (header + "\n{\"kind\":\n", "r:3: no JSON: the JSON ends too early (at byte 9)"),
            (
                header.replacing("\"version\":1", with: "\"version\":2"),
                "r:1: version 2 of the format: only 1 can be read; use a newer rehearse"
            ),
            (
                header
                    + "{\"kind\":\"view\",\"after\":2,\"before\":1,"
                    + "\"observer\":\"\(SampleRecording.id(1).text)\",\"nodes\":[]}\n",
                "r:2: after is later than before"
            ),
            (
                header + "{\"kind\":\"view\",\"after\":1,\"before\":1,\"observer\":\"x\",\"nodes\":[\"y\"]}\n",
                "r:2: nodes: line 1:1: node id y: 40 hexadecimal digits are expected"
            ),
            (String(repeating: "[", count: 100) + "\n", "r:1: no JSON: JSON nested deeper than 32 levels (at byte 33)"),
        ])
    func errors(text: String, message: String) {
        let error = #expect(throws: RecordingError.self) { try RecordingReader.read(Array(text.utf8), file: "r") }
        #expect(error?.description == message)
    }

    @Test("Members that are not known are let pass, escapes of all kinds understood")
    func leniency() throws {
        let line =
            #"{ "kind" : "note", "later": [1.5e3, null, {"a": true}], "at": 7, "text": "\ud83e\uddea\u00e9\/\b\f" }"#
        let read = try RecordingReader.read(Array((FormatTests.header + line).utf8), file: "r")
        #expect(read.entries == [.note(Note(at: 7, text: "\u{1F9EA}é/\u{8}\u{c}"))])
    }

    @Test("A file is created, refused, replaced and continued; a torn line does not survive a continuation")
    func modes() throws {
        let directory = try ScratchDirectory()
        let path = directory.path(of: "r.jsonl")
        let sample = try SampleRecording.whole()
        let writer = try RecordingWriter(path: path, mode: .create, header: sample.header)
        try writer.append(Array(sample.entries.prefix(3)))
        #expect(throws: RecordingError.self) { try RecordingWriter(path: path, mode: .create, header: sample.header) }

        let whole = try String(contentsOfFile: path, encoding: .utf8)
        try (whole + "{\"kind\":\"no").write(toFile: path, atomically: false, encoding: .utf8)
        let later = Recording.Header(startedAt: sample.header.startedAt + 1_000_000, interval: 50_000)
        let second = try RecordingWriter(path: path, mode: .append, header: later)
        try second.append([sample.entries[2], .note(Note(at: 9, text: "later"))])

        let read = try RecordingReader.read(path: path)
        #expect(read.header == sample.header)
        #expect(read.entries.count == 5)
        // Nobody knows when, since the first part's view at 5 µs, the second one's came about.
        #expect(read.entries[3].time == 1_000_005)
        guard case .view(let view) = read.entries[3] else { throw Unexpected() }
        #expect(view.interval.after == 5)
        #expect(read.entries[4] == .note(Note(at: 1_000_009, text: "later")))

        let redacted = Recording.Header(startedAt: 1, interval: 1, isRedacted: true)
        #expect(throws: RecordingError.self) { try RecordingWriter(path: path, mode: .append, header: redacted) }
        _ = try RecordingWriter(path: path, mode: .replace, header: later)
        #expect(try RecordingReader.read(path: path).entries.isEmpty)
        #expect(throws: RecordingError.self) { try RecordingReader.read(path: directory.path(of: "none")) }
    }

    @Test("What is no recording is not continued")
    func stranger() throws {
        let directory = try ScratchDirectory()
        let path = directory.path(of: "notes.txt")
        try "my notes\n".write(toFile: path, atomically: false, encoding: .utf8)
        #expect(throws: RecordingError.self) {
            try RecordingWriter(path: path, mode: .append, header: SampleRecording.whole().header)
        }
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "my notes\n")
    }
}

struct Unexpected: Error {}

/// Bytes of damage that are the same every time.
struct SplitMix {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
}

/// Removed with its content when the test ends.
struct ScratchDirectory: ~Copyable {
    private let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "rehearse-recording-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func path(of name: String) -> String { url.appending(path: name).path }
}
