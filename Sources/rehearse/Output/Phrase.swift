import Statistics
import Wording

/// Intervals of statistics, and texts as a terminal and a shell take them.
extension Phrase {
    /// Two durations in ns, with one unit where they share it; an open end says so.
    static func interval(_ interval: Interval) -> String { Phrase.interval(low: interval.low, high: interval.high) }

    static func percentInterval(_ interval: Interval) -> String {
        percentInterval(low: interval.low, high: interval.high)
    }

    /// An argument as a shell takes it for itself.
    static func shellQuoted(_ argument: String) -> String {
        let isSafe = argument.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.,:/=%+@".contains($0)) }
        if isSafe, !argument.isEmpty { return argument }
        return "'" + argument.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }

    /// Words in lines of at most `width` characters.
    static func wrapped(_ text: String, width: Int = 100) -> [String] {
        var lines: [String] = []
        var line = ""
        for word in text.split(whereSeparator: \.isWhitespace) {
            if !line.isEmpty, line.count + 1 + word.count > width {
                lines.append(line)
                line = ""
            }
            line += line.isEmpty ? String(word) : " \(word)"
        }
        if !line.isEmpty { lines.append(line) }
        return lines
    }
}

extension String {
    var withoutTrailingBlanks: String {
        var text = self
        while text.last == " " { text.removeLast() }
        return text
    }
}
