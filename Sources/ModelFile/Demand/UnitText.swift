import Glibc
import SystemModel

/// Quantities of a demand as people write them: a number and a unit. Each answers nil for anything else.
enum UnitText {
    /// `200000`, `200k`, `1.5M`: not negative and at most 10^12.
    static func number(_ text: String) -> Double? {
        number(text.trimmed, units: ["": 1, "k": 1e3, "M": 1e6, "G": 1e9], in: 0...1e12)
    }

    /// The same in a second: `500/s`, or without the unit.
    static func rate(_ text: String) -> Double? {
        number(text.trimmed.hasSuffix("/s") ? String(text.trimmed.dropLast(2)) : text)
    }

    /// `100`, `100B`, `4KiB`, `200M`: bytes.
    static func bytes(_ text: String) -> Double? { number(text.trimmed, units: byteUnits, in: 0...1e15) }

    /// `20%` or `0.2`.
    static func share(_ text: String) -> Double? { number(text.trimmed, units: ["": 1, "%": 0.01], in: 0...1) }

    /// `1Gbit/s`, `60MB/s`: bytes a second, not 0.
    static func bandwidth(_ text: String) -> Double? {
        let trimmed = text.trimmed
        guard trimmed.hasSuffix("/s") else { return nil }
        let bits = ["bit": 0.125, "kbit": 125, "Mbit": 125e3, "Gbit": 125e6]
        return number(
            String(trimmed.dropLast(2)).trimmed, units: byteUnits.merging(bits) { one, _ in one }, in: 1...1e13)
    }

    /// `5%/month`, `40%/year`, `2000/month`, of a day, a week, a month or a year.
    static func growth(_ text: String) -> Demand.Growth? {
        let parts = text.trimmed.split(separator: "/", omittingEmptySubsequences: false).map(\.trimmed)
        let perMonth = ["day": 30.436_875, "week": 4.348_125, "month": 1, "year": 1.0 / 12]
        guard parts.count == 2, let periods = perMonth[parts[1]] else { return nil }
        if parts[0].hasSuffix("%") {
            guard let share = number(parts[0], units: ["%": 0.01], in: -1...100) else { return nil }
            return .compound(perMonth: pow(1 + share, periods) - 1)
        }
        return number(parts[0], units: ["": 1, "k": 1e3, "M": 1e6], in: -1e12...1e12)
            .map { .linear(perMonth: $0 * periods) }
    }

    private static let byteUnits: [String: Double] = [
        "": 1, "B": 1, "k": 1e3, "kB": 1e3, "KB": 1e3, "M": 1e6, "MB": 1e6, "G": 1e9, "GB": 1e9, "Ki": 1024,
        "KiB": 1024, "Mi": 1_048_576, "MiB": 1_048_576, "Gi": 1_073_741_824, "GiB": 1_073_741_824,
    ]

    private static func number(_ text: String, units: [String: Double], in range: ClosedRange<Double>) -> Double? {
        let end = text.lastIndex { $0.isASCII && ($0.isNumber || $0 == ".") }
        guard let end, text.first != "+" else { return nil }
        let unit = text[text.index(after: end)...].trimmed
        guard let scale = units[unit], let value = Double(text[...end].trimmed), value.isFinite else { return nil }
        return range.contains(value * scale) ? value * scale : nil
    }
}

/// How a setting's value is written for people.
package enum QuantityUnit: Sendable {
    case plain, share
    /// Seconds, and bytes a second.
    case seconds, bandwidth

    package func text(_ value: Double) -> String {
        switch self {
        case .plain: Self.decimal(value)
        case .share: Self.decimal(value * 100) + "%"
        case .seconds: DurationText.text(ofNanoseconds: value * 1e9)
        case .bandwidth: Self.decimal(value / 1e6) + "MB/s"
        }
    }

    /// With two digits after the point at most.
    private static func decimal(_ value: Double) -> String {
        let rounded = (value * 100).rounded() / 100
        return rounded == rounded.rounded() && rounded.magnitude < 1e15 ? "\(Int(rounded))" : "\(rounded)"
    }
}
