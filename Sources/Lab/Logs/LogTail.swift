import Glibc

/// Reads what a growing log has gained, whole lines only.
struct LogTail {
    let path: String
    private var offset: off_t = 0
    private var rest: [UInt8] = []

    init(path: String) { self.path = path }

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
        let lines = rest[..<end].split(separator: UInt8(ascii: "\n"))
        let events = lines.compactMap { LogEvent(line: Substring(decoding: $0, as: UTF8.self)) }
        rest.removeSubrange(...end)
        return events
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
