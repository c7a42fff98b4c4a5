import Wording

/// Numbers of a result in the words of the terminal; a result has its times in ms, and null where an interval is open.
enum Figures {
    /// Milliseconds with a unit that fits.
    static func duration(_ milliseconds: Double) -> String { Phrase.duration(milliseconds * 1e6) }

    /// Milliseconds that somebody chose: without zeros behind the point.
    static func setting(_ milliseconds: Double) -> String {
        switch milliseconds {
        case 1e3..<600e3: "\(Digits.shortest(milliseconds / 1e3, 3)) s"
        case 600e3..<7_200e3: "\(Digits.shortest(milliseconds / 60e3, 3)) min"
        case 7_200e3..<1e12: "\(Digits.shortest(milliseconds / 3_600e3, 3)) h"
        default: duration(milliseconds)
        }
    }

    /// Of `[low, high]` in milliseconds: "7.96 to 8.09 s"; an open end says so.
    static func durations(_ interval: (low: Double?, high: Double?)) -> String {
        Phrase.interval(
            low: interval.low.map { $0 * 1e6 } ?? -.infinity, high: interval.high.map { $0 * 1e6 } ?? .infinity)
    }

    /// Of two shares; an open end can't be beyond what a share can be.
    static func percents(_ interval: (low: Double?, high: Double?)) -> String {
        Phrase.percentInterval(low: interval.low ?? 0, high: interval.high ?? 1)
    }

    /// A quantile of a spread of times, with its 95 % interval: "24.6 s (24.2 to 25.1 s)".
    static func estimate(_ spread: ResultValue?, _ quantile: String) -> String {
        guard let value = spread?[quantile]?.number else { return spread == nil ? "-" : "not over" }
        let ends = spread?[path: "intervals.\(quantile)"]?.interval
        return duration(value) + (ends.map { " (\(durations($0)))" } ?? "")
    }

    /// A share with its 95 % interval: "81.0 % (72.2 to 87.5 %)".
    static func share(_ share: ResultValue?) -> String {
        guard let value = share?["value"]?.number else { return "-" }
        return Phrase.percent(value) + (share?["interval"]?.interval.map { " (\(percents($0)))" } ?? "")
    }

    /// A count of a result.
    static func grouped(_ value: Double) -> String { Phrase.amount(value.rounded()) }
}
