import Foundation

/// Numbers as a person reads them. Independent of the locale, so that the same result gives the same bytes.
enum Quantity {
    /// A number with exactly so many digits after the point.
    static func fixed(_ value: Double, _ decimals: Int) -> String {
        String(format: "%.*f", locale: Locale(identifier: "en_US_POSIX"), decimals, value)
    }

    /// With at most so many digits after the point.
    static func shortest(_ value: Double, _ decimals: Int) -> String {
        var text = fixed(value, decimals)
        guard text.contains(".") else { return text }
        while text.hasSuffix("0") { text.removeLast() }
        if text.hasSuffix(".") { text.removeLast() }
        return text == "-0" ? "0" : text
    }

    /// Three significant digits, without an exponent where it can be avoided.
    static func plain(_ value: Double) -> String {
        let magnitude = value.magnitude
        if magnitude >= 1e15 { return "\(value)" }
        if magnitude >= 100 { return grouped(value) }
        return shortest(value, magnitude >= 10 ? 1 : magnitude >= 1 ? 2 : 4)
    }

    /// A whole number with commas between the thousands.
    static func grouped(_ value: Double) -> String {
        var text = fixed(value.magnitude.rounded(), 0)
        var position = text.count - 3
        while position > 0 {
            text.insert(",", at: text.index(text.startIndex, offsetBy: position))
            position -= 3
        }
        return value <= -0.5 ? "-" + text : text
    }

    /// Milliseconds with a unit that fits.
    static func duration(_ milliseconds: Double) -> String {
        let sign = milliseconds < 0 ? "-" : ""
        let magnitude = milliseconds.magnitude
        let text =
            switch magnitude {
            case 0: "0 s"
            case ..<0.9995: "\(fixed(magnitude * 1000, 0)) us"
            case ..<9.995: "\(fixed(magnitude, 1)) ms"
            case ..<999.5: "\(fixed(magnitude, 0)) ms"
            case ..<99_950: "\(fixed(magnitude / 1e3, 2)) s"
            case ..<600e3: "\(fixed(magnitude / 1e3, 0)) s"
            case ..<7_200e3: "\(shortest(magnitude / 60e3, 1)) min"
            default: "\(shortest(magnitude / 3_600e3, 1)) h"
            }
        return sign + text
    }

    /// Of `[low, high]` in milliseconds: "7.96 to 8.09 s"; an open end says so.
    static func durations(_ interval: (low: Double?, high: Double?)) -> String {
        switch (interval.low.map(duration), interval.high.map(duration)) {
        case (let low?, let high?):
            let (first, second) = (low.split(separator: " "), high.split(separator: " "))
            if first.count == 2, first.last == second.last { return "\(first[0]) to \(high)" }
            return "\(low) to \(high)"
        case (let low?, nil): return "\(low) or more"
        case (nil, let high?): return "up to \(high)"
        case (nil, nil): return "unknown"
        }
    }

    /// A share as percent.
    static func percent(_ share: Double) -> String { "\(percentDigits(share)) %" }

    static func percents(_ interval: (low: Double?, high: Double?)) -> String {
        "\(percentDigits(interval.low ?? 0)) to \(percent(interval.high ?? 1))"
    }

    private static func percentDigits(_ share: Double) -> String {
        fixed(share * 100, share > 0 && share < 0.001 || share > 0.999 && share < 1 ? 3 : 1)
    }
}
