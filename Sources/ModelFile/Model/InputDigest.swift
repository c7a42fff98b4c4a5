import CCrypto

/// A file as it was when it was read.
package struct InputFile: Sendable, Equatable {
    /// As results name it: within the model's directory, or as the user named it.
    package let path: String
    /// SHA-256 of the bytes that were read, as `sha256sum` prints it.
    package let sha256: String

    package init(path: String, bytes: [UInt8]) {
        self.init(path: path, sha256: SHA256.digits(of: bytes))
    }

    init(path: String, sha256: String) {
        self.path = path
        self.sha256 = sha256
    }

    /// Of a directory: named by its path from where the user is.
    package func below(_ directory: String) -> InputFile {
        InputFile(path: directory.hasSuffix("/") ? directory + path : "\(directory)/\(path)", sha256: sha256)
    }
}

/// One number for everything that a result depends on: SHA-256 of lines.
package struct InputDigest: Sendable, Equatable, CustomStringConvertible {
    private var text = ""

    package init() {}

    /// Of what `sha256sum` prints of the files, in their order, followed by `set KEY=VALUE` for each `--set`.
    package init(_ files: [InputFile], settings: [String]) {
        for file in files { add(line: "\(file.sha256)  \(file.path)") }
        for setting in settings { add(line: "set \(setting)") }
    }

    package mutating func add(line: String) { text += line + "\n" }

    /// 64 hexadecimal digits.
    package var description: String { SHA256.digits(of: Array(text.utf8)) }
}

enum SHA256 {
    /// In hexadecimal digits.
    static func digits(of bytes: [UInt8]) -> String {
        var digest = [UInt8](repeating: 0, count: 32)
        CCrypto.sha256(bytes, bytes.count, &digest)
        return digest.map { byte in
            let digits = String(byte, radix: 16)
            return digits.count < 2 ? "0" + digits : digits
        }.joined()
    }
}
