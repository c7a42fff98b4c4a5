/// A non-negative fraction in lowest terms. Operations that leave 64 bits give nil.
package struct Fraction: Sendable, Hashable, CustomStringConvertible {
    package let numerator: Int
    package let denominator: Int

    package static let zero = Fraction(reduced: 0, 1)
    package static let one = Fraction(reduced: 1, 1)

    /// Nil where the numerator is negative or the denominator is not positive.
    package init?(_ numerator: Int, _ denominator: Int) {
        guard numerator >= 0, denominator > 0 else { return nil }
        let divisor = Self.commonDivisor(numerator, denominator)
        self.init(reduced: numerator / divisor, denominator / divisor)
    }

    private init(reduced numerator: Int, _ denominator: Int) {
        self.numerator = numerator
        self.denominator = denominator
    }

    package var value: Double { Double(numerator) / Double(denominator) }

    package var description: String { denominator == 1 ? "\(numerator)" : "\(numerator)/\(denominator)" }

    package func times(_ other: Fraction) -> Fraction? {
        let (top, topOverflow) = numerator.multipliedReportingOverflow(by: other.numerator)
        let (bottom, bottomOverflow) = denominator.multipliedReportingOverflow(by: other.denominator)
        return topOverflow || bottomOverflow ? nil : Fraction(top, bottom)
    }

    package func plus(_ other: Fraction) -> Fraction? {
        let divisor = Self.commonDivisor(denominator, other.denominator)
        let (left, first) = numerator.multipliedReportingOverflow(by: other.denominator / divisor)
        let (right, second) = other.numerator.multipliedReportingOverflow(by: denominator / divisor)
        let (top, third) = left.addingReportingOverflow(right)
        let (bottom, fourth) = denominator.multipliedReportingOverflow(by: other.denominator / divisor)
        return first || second || third || fourth ? nil : Fraction(top, bottom)
    }

    private static func commonDivisor(_ a: Int, _ b: Int) -> Int {
        var (larger, smaller) = (a, b)
        while smaller != 0 { (larger, smaller) = (smaller, larger % smaller) }
        return max(larger, 1)
    }
}
