/// Numbers as text: the same on every machine and in every locale.
package enum Digits {
    private static let powers: [Double] = [1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9]

    /// With exactly `decimals` digits (0...9) after the point, rounded half away from zero.
    package static func fixed(_ value: Double, _ decimals: Int) -> String {
        let scaled = (value * powers[decimals]).rounded()
        guard scaled.magnitude < 9e18 else { return "\(value)" }
        let digits = String(Int64(scaled).magnitude)
        let sign = scaled < 0 ? "-" : ""
        guard decimals > 0 else { return sign + digits }
        let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
        return sign + padded.dropLast(decimals) + "." + padded.suffix(decimals)
    }

    /// With at most `decimals` digits after the point: no zeros at the end.
    package static func shortest(_ value: Double, _ decimals: Int) -> String {
        var text = fixed(value, decimals)
        guard text.contains("."), !text.contains("e") else { return text }
        while text.hasSuffix("0") { text.removeLast() }
        if text.hasSuffix(".") { text.removeLast() }
        return text == "-0" ? "0" : text
    }

    /// With five significant digits: `3.2e-7`, `1e-2`.
    package static func scientific(_ value: Double) -> String {
        guard value != 0, value.isFinite else { return "0" }
        var (digits, power) = (value.magnitude, 0)
        while digits < 1 { (digits, power) = (digits * 10, power - 1) }
        while digits >= 10 { (digits, power) = (digits / 10, power + 1) }
        let text = (value < 0 ? "-" : "") + shortest(digits, 4)
        return power == 0 ? text : "\(text)e\(power)"
    }

    /// A count with commas between the thousands.
    package static func grouped(_ value: Int) -> String {
        var text = String(value.magnitude)
        var position = text.count - 3
        while position > 0 {
            text.insert(",", at: text.index(text.startIndex, offsetBy: position))
            position -= 3
        }
        return value < 0 ? "-" + text : text
    }
}
