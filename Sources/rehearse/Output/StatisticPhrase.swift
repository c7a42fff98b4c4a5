import Statistics
import SystemModel
import Wording

/// Values of statistics as a person and as a program reads them.
extension Quantity.Kind {
    func phrase(_ value: Double) -> String {
        guard !value.isNaN else { return "-" }
        switch self {
        case .event: return Phrase.percent(value)
        case .duration: return Phrase.duration(value)
        case .amount: return value.isFinite ? Phrase.amount(value) : "endless"
        }
    }

    func phrase(_ interval: Interval) -> String {
        guard interval.low < .infinity else { return phrase(Double.infinity) }
        switch self {
        case .event: return Phrase.percentInterval(interval)
        case .duration: return Phrase.interval(interval)
        case .amount:
            guard interval.low.isFinite || interval.high.isFinite else { return "unknown" }
            guard interval.low.isFinite else { return "up to \(phrase(interval.high))" }
            return interval.high.isFinite
                ? "\(phrase(interval.low)) to \(phrase(interval.high))" : "\(phrase(interval.low)) or more"
        }
    }

    /// A difference with its sign: `+1.20 s`, `-3.0 points` of a percentage.
    func signed(_ value: Double) -> String {
        let sign = value > 0 ? "+" : ""
        switch self {
        case .event: return sign + Digits.fixed(value * 100, 1) + " points"
        case .duration: return value.isFinite ? sign + phrase(value) : value > 0 ? "endlessly more" : "endlessly less"
        case .amount: return sign + phrase(value)
        }
    }

    func signed(_ interval: Interval) -> String {
        guard interval.low.isFinite || interval.high.isFinite else { return "unknown" }
        guard interval.low.isFinite else { return "up to \(signed(interval.high))" }
        guard interval.high.isFinite else { return "\(signed(interval.low)) or more" }
        return "\(signed(interval.low)) to \(signed(interval.high))"
    }

    // MARK: For programs

    /// Milliseconds of durations, shares and amounts as they are.
    func document(_ value: Double) -> Document {
        switch self {
        case .event: .number(value, decimals: 6)
        case .duration: .milliseconds(value)
        case .amount: .number(value, decimals: 3)
        }
    }

    func document(_ interval: Interval) -> Document { .list([document(interval.low), document(interval.high)]) }

    var unit: String {
        switch self {
        case .event: "share"
        case .duration: "ms"
        case .amount: "count"
        }
    }
}
