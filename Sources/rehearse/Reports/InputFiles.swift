import CCrypto
import Foundation
import ModelFile

/// What was read, so that somebody else can tell whether they have the same: each file's SHA-256 as sha256sum prints
/// it, and one over all of them and the settings.
struct InputFiles {
    let files: [(path: String, digest: String)]
    /// SHA-256 of the lines `DIGEST  PATH` of the files in their order, followed by `set KEY=VALUE` for each `--set`.
    let digest: String

    /// Nil for a file that can't be read any more.
    init(_ inputs: [(path: String, file: String)], settings: [String]) {
        files = inputs.map { input in
            let bytes = FileManager.default.contents(atPath: input.file).map(Array.init)
            return (input.path, bytes.map(InputFiles.sha256) ?? "unreadable")
        }
        let lines = files.map { "\($0.digest)  \($0.path)\n" } + settings.map { "set \($0)\n" }
        digest = InputFiles.sha256(Array(lines.joined().utf8))
    }

    /// In hexadecimal digits.
    static func sha256(_ bytes: [UInt8]) -> String {
        var digest = [UInt8](repeating: 0, count: 32)
        CCrypto.sha256(bytes, bytes.count, &digest)
        return digest.map { byte in
            let digits = String(byte, radix: 16)
            return digits.count < 2 ? "0" + digits : digits
        }.joined()
    }

    var document: Document {
        let entries = files.map { file in
            Document.object([("path", .text(file.path)), ("sha256", .text(file.digest))])
        }
        return .object([("digest", .text(digest)), ("files", .list(entries))])
    }
}
