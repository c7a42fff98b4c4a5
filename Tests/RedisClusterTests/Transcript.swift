import Foundation

/// A test as text: commands, `----`, and what they print. Comments start with `#`; blocks are separated by blank lines.
struct Transcript {
    var blocks: [Block] = []

    struct Block {
        /// Comments and commands, as written.
        var lines: [String] = []
        /// nil where the file has no `----` yet.
        var expected: [String]?
        /// Of the first line in the file, from 1.
        var number = 0

        var commands: [String] { lines.filter { !$0.hasPrefix("#") && !$0.isEmpty } }
    }

    init(_ text: String) {
        var block = Block()
        for (index, line) in text.components(separatedBy: "\n").enumerated() {
            if line.isEmpty {
                if !block.lines.isEmpty { blocks.append(block) }
                block = Block()
                continue
            }
            if block.lines.isEmpty { block.number = index + 1 }
            if block.expected != nil {
                block.expected?.append(line)
            } else if line == "----" {
                block.expected = []
            } else {
                block.lines.append(line)
            }
        }
        if !block.lines.isEmpty { blocks.append(block) }
    }

    var text: String {
        let blocks = blocks.map { block in
            (block.lines + (block.expected.map { ["----"] + $0 } ?? [])).joined(separator: "\n")
        }
        return blocks.joined(separator: "\n\n") + "\n"
    }
}

/// A command that makes no sense; the transcript fails with it.
struct TranscriptError: Error, CustomStringConvertible {
    var description: String
}

/// `name positional... key=value...`.
struct TranscriptCommand {
    let line: String
    let name: String
    private(set) var words: [String] = []
    private(set) var values: [String: String] = [:]

    init(_ line: String) {
        self.line = line
        let parts = line.split(separator: " ").map(String.init)
        name = parts.first ?? ""
        for part in parts.dropFirst() {
            if let equals = part.firstIndex(of: "=") {
                values[String(part[..<equals])] = String(part[part.index(after: equals)...])
            } else {
                words.append(part)
            }
        }
    }

    func fail(_ why: String) -> TranscriptError { TranscriptError(description: "\(line): \(why)") }

    func integer(_ key: String, default fallback: Int) throws -> Int {
        guard let text = values[key] else { return fallback }
        guard let value = Int(text) else { throw fail("\(key) is not a number") }
        return value
    }

    func flag(_ key: String, default fallback: Bool) throws -> Bool {
        switch values[key] {
        case nil: return fallback
        case "yes": return true
        case "no": return false
        default: throw fail("\(key) is yes or no")
        }
    }

    func integer(_ position: Int) throws -> Int {
        guard position < words.count, let value = Int(words[position]) else {
            throw fail("word \(position + 1): a number")
        }
        return value
    }

    /// `5s`, `0.3s`, `250ms`, signed.
    func duration(_ text: String) throws -> Int64 {
        if text.hasSuffix("ms"), let value = Int64(text.dropLast(2)) { return value }
        if text.hasSuffix("s"), let value = Double(text.dropLast()) { return Int64((value * 1000).rounded()) }
        throw fail("\(text) is no duration")
    }
}
