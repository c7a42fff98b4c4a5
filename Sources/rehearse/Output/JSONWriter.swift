import Wording

/// Writes a document as JSON (RFC 8259): two blanks a level, short lists and rows on one line.
struct JSONWriter {
    let output: ResultStream

    func write(_ document: Document) {
        write(document, level: 0)
        output.write("\n")
    }

    private func write(_ document: Document, level: Int) {
        switch document {
        case .object(let entries) where !entries.isEmpty:
            output.write("{\n")
            for (index, entry) in entries.enumerated() {
                indent(level + 1)
                output.write(JSONWriter.quoted(entry.key) + ": ")
                write(entry.value, level: level + 1)
                output.write(index + 1 < entries.count ? ",\n" : "\n")
            }
            indent(level)
            output.write("}")
        case .list(let elements) where !elements.allSatisfy(\.isScalar):
            writeElements(elements.count, level: level) { write(elements[$0], level: level + 1) }
        case .rows(let count, let row) where count > 0:
            writeElements(count, level: level) { output.write(JSONWriter.compact(row($0))) }
        default:
            output.write(JSONWriter.compact(document))
        }
    }

    private func writeElements(_ count: Int, level: Int, write: (Int) -> Void) {
        output.write("[\n")
        for index in 0..<count {
            indent(level + 1)
            write(index)
            output.write(index + 1 < count ? ",\n" : "\n")
        }
        indent(level)
        output.write("]")
    }

    private func indent(_ level: Int) { output.write(String(repeating: "  ", count: level)) }

    /// On one line.
    static func compact(_ document: Document) -> String {
        switch document {
        case .null: "null"
        case .boolean(let value): value ? "true" : "false"
        case .integer(let value): String(value)
        case .number(let value, let decimals): value.isFinite ? Digits.shortest(value, decimals) : "null"
        case .scientific(let value): value.isFinite ? Digits.scientific(value) : "null"
        case .text(let text): quoted(text)
        case .list(let elements): "[" + elements.map(compact).joined(separator: ", ") + "]"
        case .object(let entries):
            "{" + entries.map { "\(quoted($0.key)): \(compact($0.value))" }.joined(separator: ", ") + "}"
        case .rows(let count, let row): "[" + (0..<count).map { compact(row($0)) }.joined(separator: ", ") + "]"
        }
    }

    static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\r": quoted += "\\r"
            case "\t": quoted += "\\t"
            case "\u{0}"..<"\u{20}", "\u{7f}", "\u{85}", "\u{2028}", "\u{2029}":
                let digits = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
