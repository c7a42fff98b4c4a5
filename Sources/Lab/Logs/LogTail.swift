import Glibc

/// Reads what a growing log has gained, whole lines only.
struct LogTail {
    let path: String
    private var offset: off_t = 0
    private var rest: [UInt8] = []

    init(path: String) { self.path = path }

    /// What is there already is passed over.
    mutating func skipToEnd() {
        var status = stat()
        if stat(path, &status) == 0 { offset = status.st_size }
        rest.removeAll()
    }

    /// Events of the lines that are complete since the last call; none where the file is not there yet.
    mutating func read() -> [LogEvent] {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return [] }
        defer { close(file) }
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = pread(file, &chunk, chunk.count, offset)
            guard count > 0 else { break }
            offset += off_t(count)
            rest += chunk[..<count]
        }
        guard let end = rest.lastIndex(of: UInt8(ascii: "\n")) else { return [] }
        var events: [LogEvent] = []
        for line in rest[..<end].split(separator: UInt8(ascii: "\n")) where LogTail.mayTell(line) {
            if let event = LogEvent(line: Substring(decoding: line, as: UTF8.self)) { events.append(event) }
        }
        rest.removeSubrange(...end)
        return events
    }

    /// False for the bulk of a log at level debug (a line for every packet and every gossip entry), without reading
    /// its words: of that level's lines only those with stars matter. The level is the sixth word.
    private static func mayTell(_ line: ArraySlice<UInt8>) -> Bool {
        var blanks = 0
        for position in line.indices.dropLast(2) where line[position] == UInt8(ascii: " ") {
            blanks += 1
            guard blanks == 5 else { continue }
            return line[position + 1] != UInt8(ascii: ".")
                || line.dropFirst(position + 3 - line.startIndex).first == UInt8(ascii: "*")
        }
        return false
    }

    /// The end of a log, for messages.
    static func lastLines(of path: String, _ count: Int) -> String {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return "" }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 4096)
        let read = pread(file, &bytes, bytes.count, max(0, lseek(file, 0, SEEK_END) - off_t(bytes.count)))
        let lines = String(decoding: bytes[..<max(0, read)], as: UTF8.self).split(separator: "\n")
        return lines.suffix(count).joined(separator: " | ")
    }
}
