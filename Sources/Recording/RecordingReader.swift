import Glibc
import RedisCluster

/// What is wrong with a recording, and where.
package struct RecordingError: Error, Equatable, CustomStringConvertible {
    package var file: String
    /// From 1; nil where the file itself can't be read.
    package var line: Int?
    package var what: String

    package var description: String { line.map { "\(file):\($0): \(what)" } ?? "\(file): \(what)" }
}

/// Reads a recording, from its file or from its bytes.
///
/// A last line without a newline that can't be read is left out: the recorder was killed while it wrote. Where a file
/// was appended to, each part has a header of its own; the times of the later ones are shifted to the first one's by
/// the wall clock.
package struct RecordingReader {
    private let file: String
    private var header: Recording.Header?
    private var entries: [Recording.Entry] = []
    /// Added to all times of the current part.
    private var shift: Int64 = 0
    /// The latest time so far.
    private var latest: Int64 = 0
    /// When each observer's view was last known, over all parts; and who has been seen in the current one.
    private var lastKnown: [NodeName: Int64] = [:]
    private var seenInPart: Set<NodeName> = []

    private init(file: String) { self.file = file }

    /// Reads a file. Throws RecordingError.
    package static func read(path: String) throws(RecordingError) -> Recording {
        try read(contents(of: path), file: path)
    }

    /// Reads a file's bytes; `file` is its name in errors.
    package static func read(_ bytes: [UInt8], file: String) throws(RecordingError) -> Recording {
        var reader = RecordingReader(file: file)
        var number = 0
        var start = bytes.startIndex
        while start < bytes.endIndex {
            number += 1
            let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n"))
            let line = bytes[start..<(end ?? bytes.endIndex)]
            do {
                try reader.read(line)
            } catch  where end == nil && reader.header != nil {
                break
            } catch {
                throw RecordingError(file: file, line: number, what: error.what)
            }
            start = line.endIndex + 1
        }
        guard let header = reader.header else {
            throw RecordingError(file: file, line: 1, what: "the file is empty: a recording starts with its header")
        }
        return Recording(header: header, entries: reader.entries)
    }

    private mutating func read(_ line: ArraySlice<UInt8>) throws(RecordingLineFault) {
        if line.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }), header != nil { return }
        let fields = try RecordingFields(line)
        if fields.has("format") {
            try begin(Recording.Header(fields))
        } else {
            guard header != nil else {
                throw RecordingLineFault("no recording: its first line says \"format\":\"\(Recording.format)\"")
            }
            try add(Recording.Entry(fields))
        }
    }

    private mutating func begin(_ found: Recording.Header) throws(RecordingLineFault) {
        if let header {
            guard header.isRedacted == found.isRedacted else {
                throw RecordingLineFault("one part of the recording is redacted, the other is not")
            }
            // A wall clock that was set back must not make time run backwards here.
            shift = max(found.startedAt - header.startedAt, latest)
            guard shift < RecordingFields.longest else {
                throw RecordingLineFault("startedAt: more than a century after the recording's start")
            }
            seenInPart.removeAll()
        } else {
            header = found
        }
    }

    private mutating func add(_ read: Recording.Entry) {
        var entry = read.shifted(by: shift)
        latest = max(latest, entry.time)
        switch entry {
        case .view(var seen):
            // What happened between two parts was last seen otherwise in the earlier one.
            if seenInPart.insert(seen.observer).inserted, let known = lastKnown[seen.observer] {
                seen.interval.after = min(seen.interval.after, known)
                entry = .view(seen)
            }
            lastKnown[seen.observer] = seen.interval.before
        case .change(let change): lastKnown[change.observer] = change.interval.before
        case .server, .status, .silence, .note: break
        }
        entries.append(entry)
    }

    package static func contents(of path: String) throws(RecordingError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw RecordingError(file: path, line: nil, what: systemError()) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 18)
        while true {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count == 0 { return bytes }
            if count > 0 {
                bytes.append(contentsOf: chunk[..<count])
            } else if errno != EINTR {
                throw RecordingError(file: path, line: nil, what: systemError())
            }
        }
    }
}

/// What errno says, in words.
func systemError(_ number: Int32 = errno) -> String {
    strerror(number).map { String(cString: $0) } ?? "error \(number)"
}

extension Recording.Header {
    init(_ fields: RecordingFields) throws(RecordingLineFault) {
        let format = try fields.text("format")
        guard format == Recording.format else {
            throw RecordingLineFault("format \(format): \(Recording.format) is expected")
        }
        let version = try fields.integer("version")
        guard (1...Int64(Recording.formatVersion)).contains(version) else {
            throw RecordingLineFault("version \(version) of the format: only 1 can be read; use a newer rehearse")
        }
        let startedAt = try fields.time("startedAt")
        let interval = try fields.time("interval")
        guard interval > 0 else { throw RecordingLineFault("interval: more than 0 µs is expected") }
        self.init(
            version: Int(version), startedAt: startedAt, interval: interval, isRedacted: try fields.boolean("redacted"))
    }
}

extension Recording.Entry {
    init(_ fields: RecordingFields) throws(RecordingLineFault) {
        let kind = try fields.text("kind")
        switch kind {
        case "server": self = .server(try ObservedServer(fields))
        case "view":
            let view = ClusterView(nodes: try fields.nodes())
            self = .view(ObservedView(interval: try fields.interval(), observer: try fields.id("observer"), view: view))
        case "change":
            self = .change(
                ObservedChange(
                    interval: try fields.interval(), observer: try fields.id("observer"), lines: try fields.nodes(),
                    gone: try fields.ids("gone")))
        case "status":
            self = .status(
                ObservedStatus(
                    interval: try fields.interval(), observer: try fields.id("observer"),
                    fields: try fields.settings("fields")))
        case "silence":
            let state = try fields.text("state")
            guard let silence = ObservedSilence.Kind(rawValue: state) else {
                let known = ObservedSilence.Kind.allCases.map(\.rawValue).joined(separator: ", ")
                throw RecordingLineFault("state \(state): one of \(known) is expected")
            }
            self = .silence(
                ObservedSilence(interval: try fields.interval(), observer: try fields.id("observer"), kind: silence))
        case "note":
            self = .note(
                Note(
                    at: try fields.time("at"), text: try fields.text("text"),
                    action: fields.has("action") ? try fields.text("action") : nil, targets: try fields.ids("targets")))
        default:
            throw RecordingLineFault(
                "kind \(kind): one of server, view, change, status, silence and note is expected")
        }
    }
}

extension ObservedServer {
    fileprivate init(_ fields: RecordingFields) throws(RecordingLineFault) {
        func port(_ name: String) throws(RecordingLineFault) -> Int {
            let number = try fields.integer(name)
            guard (0...65_535).contains(number) else { throw RecordingLineFault("\(name): 0 to 65535 is expected") }
            return Int(number)
        }
        func optional(_ name: String) throws(RecordingLineFault) -> String? {
            fields.has(name) ? try fields.text(name) : nil
        }
        let address = NodeAddress(
            ip: try fields.text("ip"), port: try port("port"),
            busPort: fields.has("busPort") ? try port("busPort") : nil,
            hostname: try optional("hostname"),
            auxiliary: fields.has("auxiliary") ? try fields.texts("auxiliary") : [])
        self.init(
            at: try fields.time("at"), id: try fields.id("id"), address: address, runID: try fields.text("runID"),
            product: try fields.text("product"), version: try fields.text("version"),
            configuration: try fields.settings("configuration"), pod: try optional("pod"),
            worker: try optional("worker"), podPhase: try optional("podPhase"))
    }
}
