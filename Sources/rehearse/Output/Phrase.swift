import Statistics

/// Quantities as a person reads them: a unit that fits, and no more digits than mean something.
enum Phrase {
    /// A duration in ns; infinite is "never".
    static func duration(_ nanoseconds: Double) -> String {
        guard nanoseconds.isFinite else { return "never" }
        let (number, unit) = scaled(nanoseconds)
        return unit.isEmpty ? number : "\(number) \(unit)"
    }

    /// Two durations, with one unit where they share it; an open end says so.
    static func interval(_ interval: Interval) -> String {
        guard interval.low.isFinite else {
            return interval.high.isFinite ? "up to \(duration(interval.high))" : "unknown"
        }
        guard interval.high.isFinite else { return "\(duration(interval.low)) or more" }
        let (low, high) = (scaled(interval.low), scaled(interval.high))
        if low.unit == high.unit { return "\(low.number) to \(high.number) \(high.unit)".withoutTrailingBlanks }
        return "\(duration(interval.low)) to \(duration(interval.high))"
    }

    /// A share in percent with the digits that its sample can carry.
    static func percent(_ share: Double) -> String {
        let decimals = share > 0 && share < 0.001 || share > 0.999 && share < 1 ? 3 : 1
        return Decimal.fixed(share * 100, decimals) + " %"
    }

    static func percentInterval(_ interval: Interval) -> String {
        let (low, high) = (percent(interval.low), percent(interval.high))
        return "\(low.dropLast(2)) to \(high)"
    }

    /// A number of things that may be a mean.
    static func amount(_ value: Double) -> String {
        if value >= 100 || value == value.rounded() { return Decimal.grouped(Int(min(value.rounded(), 1e15))) }
        return Decimal.shortest(value, value >= 1 ? 1 : 3)
    }

    static func count(_ number: Int, _ noun: String) -> String {
        "\(Decimal.grouped(number)) \(noun)\(number == 1 ? "" : "s")"
    }

    /// An argument as a shell takes it for itself.
    static func shellQuoted(_ argument: String) -> String {
        let isSafe = argument.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.,:/=%+@".contains($0)) }
        if isSafe, !argument.isEmpty { return argument }
        return "'" + argument.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }

    private static func scaled(_ nanoseconds: Double) -> (number: String, unit: String) {
        switch nanoseconds.magnitude {
        case ..<0.5: ("0", "")
        case ..<999.5: (Decimal.fixed(nanoseconds, 0), "ns")
        case ..<999.5e3: (Decimal.fixed(nanoseconds / 1e3, 0), "us")
        case ..<9.995e6: (Decimal.fixed(nanoseconds / 1e6, 1), "ms")
        case ..<999.5e6: (Decimal.fixed(nanoseconds / 1e6, 0), "ms")
        case ..<99.95e9: (Decimal.fixed(nanoseconds / 1e9, 2), "s")
        case ..<600e9: (Decimal.fixed(nanoseconds / 1e9, 0), "s")
        case ..<7200e9: (Decimal.fixed(nanoseconds / 60e9, 1), "min")
        default: (Decimal.fixed(nanoseconds / 3600e9, 1), "h")
        }
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
