import Glibc

/// Appends entries to a file as they come.
///
/// `append` hands all lines to the system in one write(2): what was written survives the program's death by any
/// signal, though not the machine's. Not for use by several threads.
package final class RecordingWriter {
    package let path: String
    private let descriptor: Int32
    /// Bytes written since it was opened.
    package private(set) var byteCount: Int64 = 0

    package enum Mode: Sendable {
        /// The file must not exist.
        case create
        case replace
        /// A recording that exists is continued under a header of its own; a torn last line is cut off.
        case append
    }

    /// Opens the file and writes the header. Throws RecordingError, also where an existing file is no recording.
    package init(path: String, mode: Mode, header: Recording.Header) throws(RecordingError) {
        var part = header
        var end: Int64?
        if mode == .append, access(path, F_OK) == 0 {
            end = try RecordingWriter.endOfLastLine(path, continuedBy: header)
            part.version = Recording.formatVersion
        }
        let flags = O_WRONLY | O_CLOEXEC | O_CREAT | O_APPEND
        let special = mode == .create ? O_EXCL : mode == .replace ? O_TRUNC : 0
        descriptor = open(path, flags | special, 0o644)
        self.path = path
        guard descriptor >= 0 else { throw RecordingError(file: path, line: nil, what: systemError()) }
        if let end, ftruncate(descriptor, off_t(end)) != 0 {
            throw RecordingError(file: path, line: nil, what: systemError())
        }
        try write(part.line)
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// Writes all entries at once. Throws RecordingError, for instance on a full disk.
    package func append(_ entries: [Recording.Entry]) throws(RecordingError) {
        guard !entries.isEmpty else { return }
        try write(entries.map(\.line).joined())
    }

    private func write(_ text: String) throws(RecordingError) {
        var rest = ArraySlice(Array(text.utf8))
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count >= 0 {
                rest = rest.dropFirst(count)
                byteCount += Int64(count)
            } else if errno != EINTR {
                throw RecordingError(file: path, line: nil, what: systemError())
            }
        }
    }

    /// Where a recording's last whole line ends.
    private static func endOfLastLine(
        _ path: String, continuedBy header: Recording.Header
    ) throws(RecordingError) -> Int64 {
        let bytes = try RecordingReader.contents(of: path)
        let earlier = try RecordingReader.read(bytes, file: path).header
        guard earlier.isRedacted == header.isRedacted else {
            let what = earlier.isRedacted ? "it is redacted, what would follow is not" : "it is not redacted"
            throw RecordingError(file: path, line: 1, what: "can't be continued: \(what)")
        }
        guard let newline = bytes.lastIndex(of: UInt8(ascii: "\n")) else {
            throw RecordingError(file: path, line: 1, what: "can't be continued: its header has no end")
        }
        return Int64(newline + 1)
    }
}
