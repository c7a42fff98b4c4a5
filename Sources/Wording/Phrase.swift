/// Quantities as a person reads them: a unit that fits, and no more digits than mean something. The terminal and the
/// reports say them with the same words.
package enum Phrase {
    // MARK: Time

    /// A duration in ns; infinite is "never".
    package static func duration(_ nanoseconds: Double) -> String {
        guard nanoseconds.isFinite else { return "never" }
        let (number, unit) = scaled(nanoseconds)
        return unit.isEmpty ? number : "\(number) \(unit)"
    }

    /// Two durations in ns, with one unit where they share it; an end that is not finite is open, and said to be so.
    package static func interval(low: Double, high: Double) -> String {
        guard low.isFinite else { return high.isFinite ? "up to \(duration(high))" : "unknown" }
        guard high.isFinite else { return "\(duration(low)) or more" }
        let (first, last) = (scaled(low), scaled(high))
        guard first.unit == last.unit, !last.unit.isEmpty else { return "\(duration(low)) to \(duration(high))" }
        return "\(first.number) to \(last.number) \(last.unit)"
    }

    private static func scaled(_ nanoseconds: Double) -> (number: String, unit: String) {
        switch nanoseconds.magnitude {
        case ..<0.5: ("0", "")
        case ..<999.5: (Digits.fixed(nanoseconds, 0), "ns")
        case ..<999.5e3: (Digits.fixed(nanoseconds / 1e3, 0), "us")
        case ..<9.995e6: (Digits.fixed(nanoseconds / 1e6, 1), "ms")
        case ..<999.5e6: (Digits.fixed(nanoseconds / 1e6, 0), "ms")
        case ..<99.95e9: (Digits.fixed(nanoseconds / 1e9, 2), "s")
        case ..<600e9: (Digits.fixed(nanoseconds / 1e9, 0), "s")
        case ..<7200e9: (Digits.fixed(nanoseconds / 60e9, 1), "min")
        default: (Digits.fixed(nanoseconds / 3600e9, 1), "h")
        }
    }

    // MARK: Shares

    /// A share of 1 in percent, with the digits that its sample can carry.
    package static func percent(_ share: Double) -> String { "\(percentDigits(share)) %" }

    /// Two shares of 1 in percent.
    package static func percentInterval(low: Double, high: Double) -> String {
        "\(percentDigits(low)) to \(percent(high))"
    }

    private static func percentDigits(_ share: Double) -> String {
        Digits.fixed(share * 100, share > 0 && share < 0.001 || share > 0.999 && share < 1 ? 3 : 1)
    }

    /// How much of something is used, of 1: whole percents from a tenth on.
    package static func use(_ share: Double) -> String {
        share.isFinite ? Digits.fixed(share * 100, share.magnitude < 0.1 ? 1 : 0) + " %" : "no end"
    }

    /// How many times as much; not finite is more than anybody looked for.
    package static func factor(_ factor: Double) -> String {
        guard factor.isFinite else { return "more than a million" }
        return Digits.shortest(factor, factor < 10 ? 2 : factor < 100 ? 1 : 0)
    }

    // MARK: Things

    /// A number of things that may be a mean.
    package static func amount(_ value: Double) -> String {
        if value.magnitude >= 100 || value == value.rounded() {
            return Digits.grouped(Int(max(-1e15, min(value.rounded(), 1e15))))
        }
        return Digits.shortest(value, value.magnitude >= 1 ? 1 : 3)
    }

    /// An amount of which small ones matter too: three digits at least; not negative.
    package static func small(_ value: Double) -> String {
        guard value.isFinite else { return "unbounded" }
        if value == 0 || value >= 1 { return amount(value) }
        if value < 0.0005 { return "under 0.001" }
        return Digits.shortest(value, 3)
    }

    /// Things with their noun, whose plural ends with s.
    package static func count(_ number: Int, _ noun: String) -> String {
        "\(Digits.grouped(number)) \(noun)\(number == 1 ? "" : "s")"
    }

    /// Bytes in powers of 1024, as the Mi of manifests and the mb of redis.conf are.
    package static func bytes(_ bytes: Double) -> String {
        guard bytes.isFinite else { return "no end" }
        for (name, scale) in [("TiB", 0x1p40), ("GiB", 0x1p30), ("MiB", 0x1p20), ("KiB", 0x1p10)]
        where bytes.magnitude >= scale * 0.9995 {
            let value = bytes / scale
            return "\(Digits.fixed(value, value.magnitude < 10 ? 2 : value.magnitude < 100 ? 1 : 0)) \(name)"
        }
        return "\(Digits.fixed(bytes, 0)) B"
    }
}
