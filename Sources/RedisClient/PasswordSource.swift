import Foundation

/// Where a password comes from. Never a flag's value: every process of the machine could read it.
package enum PasswordSource: Sendable, Equatable {
    /// The file's first line.
    case file(String)
    /// An environment variable, by name.
    case environment(String)
    /// Asked for on the terminal, without echo.
    case prompt

    package func read() throws(PasswordError) -> Password {
        switch self {
        case .file(let path): try PasswordSource.firstLine(of: path)
        case .environment(let name):
            if let value = ProcessInfo.processInfo.environment[name], !value.isEmpty {
                Password(value)
            } else {
                throw .unset(name)
            }
        case .prompt: try PasswordPrompt().ask()
        }
    }

    /// The longest password accepted, in bytes. Tokens of cloud services take some 2,000.
    static let longest = 1 << 16

    private static func firstLine(of path: String) throws(PasswordError) -> Password {
        let data: Data
        do {
            let file = try FileHandle(forReadingFrom: URL(filePath: path))
            defer { try? file.close() }
            data = try file.read(upToCount: longest + 1) ?? Data()
        } catch {
            throw .unreadable(path)
        }
        var line = data.prefix { $0 != UInt8(ascii: "\n") }
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        guard line.count <= longest else { throw .tooLong(path) }
        guard let secret = String(data: line, encoding: .utf8) else { throw .notText(path) }
        guard !secret.isEmpty else { throw .empty(path) }
        return Password(secret)
    }
}

package enum PasswordError: Error, Sendable, Equatable, CustomStringConvertible {
    case unreadable(String)
    case empty(String)
    case tooLong(String)
    case notText(String)
    case unset(String)
    case noTerminal
    case cancelled

    package var description: String {
        switch self {
        case .unreadable(let path): "\(path): cannot be read; name a file whose first line is the password"
        case .empty(let source): "\(source): its first line is empty; write the password there"
        case .tooLong(let path): "\(path): its first line is longer than \(PasswordSource.longest) bytes"
        case .notText(let source): "\(source): its first line is no UTF-8 text"
        case .unset(let name): "environment variable \(name): not set, or empty"
        case .noTerminal: "there is no terminal to ask for the password on; name a file or an environment variable"
        case .cancelled: "no password was given"
        }
    }
}
