/// Durations as people write them: a number and a unit. In the program they are nanoseconds.
package enum DurationText {
    /// Ten years, in ns: longer than any rehearsal, and far from the edge of Int64.
    package static let limit: Int64 = 315_576_000_000_000_000

    private static let units: [(name: String, nanoseconds: Double)] = [
        ("ns", 1), ("us", 1e3), ("µs", 1e3), ("ms", 1e6), ("s", 1e9), ("min", 60e9), ("h", 3600e9), ("d", 86_400e9),
    ]

    /// Why a text is not a duration, and what to write.
    struct Refusal: Error, Equatable {
        var why: String
        var instead: String
    }

    /// Nanoseconds of `4ms`, `1.5s`, `100us`, `2min`, `1h`, `30d`; not negative and less than ten years.
    static func parse(_ text: String) throws(Refusal) -> Int64 {
        let trimmed = text.trimmed
        guard let split = trimmed.firstIndex(where: { $0.isLetter }) else {
            if Double(trimmed) != nil {
                throw Refusal(
                    why: "a time needs its unit", instead: "write \(trimmed)ms or \(trimmed)s, whichever is meant")
            }
            throw refusalOfForm
        }
        let number = trimmed[..<split].trimmed
        let unit = String(trimmed[split...])
        guard let value = Double(number), value.isFinite, number.first != "+" else { throw refusalOfForm }
        guard let scale = units.first(where: { $0.name == unit })?.nanoseconds else {
            throw refusal(ofUnit: unit, number)
        }
        guard value >= 0, number.first != "-" else {
            throw Refusal(why: "a time can't be negative", instead: "write a duration of 0s or more")
        }
        let nanoseconds = (value * scale).rounded()
        guard nanoseconds < Double(limit) else {
            throw Refusal(
                why: "that is ten years or more", instead: "write a shorter time, or forever where it is legal")
        }
        return Int64(nanoseconds)
    }

    /// Nanoseconds of a duration with its unit; nil for anything else.
    package static func nanoseconds(_ text: String) -> Int64? { try? parse(text) }

    private static var refusalOfForm: Refusal {
        Refusal(why: "that is not a duration", instead: "write a number with its unit, such as 4ms, 1.5s, 2min or 1h")
    }

    private static func refusal(ofUnit unit: String, _ number: String) -> Refusal {
        if unit == "m" {
            return Refusal(why: "m may mean minutes or milliseconds", instead: "write \(number)min or \(number)ms")
        }
        return Refusal(why: "there is no unit \"\(unit)\"", instead: "use one of ns, us, ms, s, min, h, d")
    }

    /// A duration as a user would write it, exact where three decimals are: `250us`, `1.5s`, `2min`.
    package static func text(ofNanoseconds nanoseconds: Double) -> String {
        guard nanoseconds > 0 else { return "0s" }
        let whole = nanoseconds.rounded() == nanoseconds
        for (name, scale) in [("h", 3600e9), ("min", 60e9)] where whole && nanoseconds >= 2 * scale {
            if nanoseconds.truncatingRemainder(dividingBy: scale) == 0 { return "\(Int64(nanoseconds / scale))\(name)" }
        }
        for (name, scale) in [("s", 1e9), ("ms", 1e6), ("us", 1e3)] where nanoseconds >= scale {
            return "\(decimal(nanoseconds / scale))\(name)"
        }
        return "\(decimal(nanoseconds))ns"
    }

    private static func decimal(_ value: Double) -> String {
        let rounded = (value * 1000).rounded() / 1000
        return rounded == rounded.rounded() ? "\(Int64(rounded))" : "\(rounded)"
    }
}

extension StringProtocol {
    /// Without white space at either end.
    var trimmed: String {
        guard let first = firstIndex(where: { !$0.isWhitespace }), let last = lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(self[first...last])
    }
}
