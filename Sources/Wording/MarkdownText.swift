/// Markdown as GitHub has it (GFM 0.29), of texts in which nothing is markup.
package enum MarkdownText {
    /// A text on one line in which nothing is markup, controls a terminal or turns the direction of what follows.
    package static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\", "`", "*", "_", "[", "]", "#", "|", "~": escaped += "\\\(scalar)"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "&": escaped += "&amp;"
            case "\u{0}"..<"\u{20}", "\u{7f}"..<"\u{a0}", "\u{2028}", "\u{2029}": escaped += " "
            case "\u{202a}"..."\u{202e}", "\u{2066}"..."\u{2069}": escaped += "?"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        // Four blanks in front would make a code block of it, two behind a line break.
        let trimmed = escaped.drop { $0 == " " }
        return String(trimmed[..<(trimmed.lastIndex { $0 != " " }.map(trimmed.index(after:)) ?? trimmed.startIndex)])
    }

    /// A code span whose fence is longer than any run of backquotes in it.
    package static func code(_ text: String) -> String {
        let fence = String(repeating: "`", count: longestFence(in: text) + 1)
        let padding = text.contains("`") ? " " : ""
        let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
        return "\(fence)\(padding)\(line)\(padding)\(fence)"
    }

    /// A fenced block of lines as they are, blanks included: what is to be copied.
    package static func block(_ lines: [String]) -> [String] {
        let fence = String(repeating: "`", count: max(3, (lines.map(longestFence).max() ?? 0) + 1))
        return [fence] + lines.map(harmless) + [fence]
    }

    /// Without what would control a terminal or turn the direction of what follows.
    private static func harmless(_ line: String) -> String {
        var text = ""
        for scalar in line.unicodeScalars {
            switch scalar {
            case "\n", "\t": text.unicodeScalars.append(scalar)
            case "\u{0}"..<"\u{20}", "\u{7f}"..<"\u{a0}", "\u{202a}"..."\u{202e}", "\u{2066}"..."\u{2069}": text += "?"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }

    private static func longestFence(in text: String) -> Int {
        text.split { $0 != "`" }.map(\.count).max() ?? 0
    }

    /// A table's lines; without a header it has an empty one, as Markdown's tables always have one.
    ///
    /// - Parameter left: the columns that stand left; the others stand right.
    package static func table(header: [String], rows: [[String]], left: Set<Int>) -> [String] {
        let columns = max(header.count, rows.map(\.count).max() ?? 0)
        guard columns > 0 else { return [] }
        func line(_ cells: [String]) -> String {
            let padded = cells + [String](repeating: "", count: columns - cells.count)
            return "| " + padded.map(escaped).joined(separator: " | ") + " |"
        }
        let rule = (0..<columns).map { left.contains($0) ? "---" : "---:" }.joined(separator: " | ")
        return [line(header), "| \(rule) |"] + rows.map(line)
    }
}
