import Foundation

/// The text of one input file, and the way back from an offset to a line.
struct SourceFile: Sendable {
    /// Largest file read, in bytes: ten times what `kubectl get` prints of a cluster of a thousand pods.
    static let sizeLimit = 16 << 20

    let path: String
    let text: String
    /// Of the bytes as they were read.
    let sha256: String

    init(path: String, text: String) {
        self.path = path
        sha256 = SHA256.digits(of: Array(text.utf8))
        self.text = text.first == "\u{FEFF}" ? String(text.dropFirst()) : text
    }

    /// Reads a regular file of UTF-8 text; links are followed.
    static func read(_ path: String) throws(Diagnostic) -> SourceFile {
        try decoded(contents(of: path), path)
    }

    /// Reads a file that the user names for one command: `-` is standard input.
    static func read(named name: String) throws(Diagnostic) -> SourceFile {
        guard name == "-" else { return try read(name) }
        return try decoded(contents(of: STDIN_FILENO, standardInput), standardInput)
    }

    /// Bytes of a file that reading would meet; 0 where it can't be read.
    static func size(of path: String) -> Int {
        var status = stat()
        return stat(path, &status) == 0 ? min(max(0, Int(status.st_size)), sizeLimit + 1) : 0
    }

    /// What messages call standard input.
    static let standardInput = "<stdin>"

    private static func decoded(_ bytes: [UInt8], _ path: String) throws(Diagnostic) -> SourceFile {
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
            throw Diagnostic(
                at: .start(of: path), "UTF-16 text", "files are read as UTF-8", instead: "save the file as UTF-8")
        }
        if let offset = bytes.firstIndex(where: { $0 < 0x20 && $0 != 9 && $0 != 10 && $0 != 13 || $0 == 0x7F }) {
            throw Diagnostic(
                at: place(ofByte: offset, in: bytes, path: path), "a control character (byte \(bytes[offset]))",
                "this is not a text file", instead: "give a YAML or JSON file, or delete the character")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Diagnostic(
                at: place(ofByte: firstInvalidByte(of: bytes), in: bytes, path: path), "bytes that are not UTF-8",
                "files are read as UTF-8", instead: "save the file as UTF-8")
        }
        return SourceFile(path: path, text: text)
    }

    /// The bytes of a regular file. A directory, a device or a pipe is refused before it can block the reading.
    private static func contents(of path: String) throws(Diagnostic) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { throw unreadable(path, errno) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw unreadable(path, errno) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw Diagnostic(
                at: .start(of: path), "not a regular file", "only files of text can be read",
                instead: "replace it by a file")
        }
        guard status.st_size <= sizeLimit else { throw tooLarge(path) }
        return try contents(of: descriptor, path)
    }

    private static func contents(of descriptor: Int32, _ path: String) throws(Diagnostic) -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = Foundation.read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw unreadable(path, errno) }
            if count == 0 { return bytes }
            bytes += chunk[..<count]
            guard bytes.count <= sizeLimit else { throw tooLarge(path) }
        }
    }

    private static func tooLarge(_ path: String) -> Diagnostic {
        Diagnostic(
            at: .start(of: path), "a file of more than \(sizeLimit >> 20) MiB", "a model's files are small texts",
            instead: "keep only the objects that Redis needs")
    }

    /// True where the directory has an entry of that name, even a link that leads nowhere: reading it then says so.
    static func exists(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0
    }

    private static func unreadable(_ path: String, _ code: Int32) -> Diagnostic {
        let reason = String(cString: strerror(code))
        return Diagnostic(
            at: .start(of: path), "can't be read", reason.lowercased(),
            instead: "name a file that exists and may be read")
    }

    private static func firstInvalidByte(of bytes: [UInt8]) -> Int {
        var decoder = Unicode.UTF8.ForwardParser()
        var iterator = bytes.makeIterator()
        var offset = 0
        while true {
            switch decoder.parseScalar(from: &iterator) {
            case .valid(let scalar): offset += scalar.count
            case .emptyInput, .error: return min(offset, max(0, bytes.count - 1))
            }
        }
    }

    /// The line and column of a byte of UTF-8 text.
    static func place(ofByte offset: Int, in bytes: some Sequence<UInt8>, path: String) -> Place {
        var line = 1
        var column = 1
        for byte in bytes.prefix(offset) {
            if byte == 10 {
                line += 1
                column = 1
            } else if byte & 0xC0 != 0x80 {
                column += 1
            }
        }
        return .file(path, line: line, column: column)
    }
}
