/// A Kubernetes resource quantity, kept exactly: an integer number of thousandths of its unit.
///
/// Thousandths are enough for what is modelled: cpu is counted in milli-cores, memory and storage in bytes. Upstream
/// keeps nano units and rounds up when it reads milli-cores or bytes, so finer input is rounded up here too
/// (apimachinery, pkg/api/resource/quantity.go).
package struct Quantity: Sendable, Equatable, Comparable {
    /// Thousandths: 200M is 200_000_000_000.
    package let thousandths: Int

    package init(thousandths: Int) { self.thousandths = thousandths }

    /// Why a text is no quantity.
    package enum ParseError: Error, Equatable {
        case empty
        /// The number before the suffix is not written as digits with at most one dot.
        case malformedNumber
        case unknownSuffix(String)
        /// More than 9.2e15 units.
        case tooLarge
        case negative
    }

    /// Reads forms such as `200M`, `200Mi`, `100m`, `1.5`, `1e3`, `.5Gi`.
    package init(parsing text: String) throws(ParseError) {
        guard !text.isEmpty else { throw .empty }
        var rest = Substring(text)
        if rest.first == "-" { throw .negative }
        if rest.first == "+" { rest = rest.dropFirst() }
        let whole = rest.prefix(while: Self.isDigit)
        rest = rest.dropFirst(whole.count)
        var fraction = Substring()
        if rest.first == "." {
            rest = rest.dropFirst()
            fraction = rest.prefix(while: Self.isDigit)
            rest = rest.dropFirst(fraction.count)
        }
        guard !(whole.isEmpty && fraction.isEmpty) else { throw .malformedNumber }
        let scale = try Scale(suffix: rest)
        thousandths = try Self.value(whole: whole, fraction: fraction, scale: scale)
    }

    /// Whole units, rounded up: bytes of memory or storage, pods.
    package var units: Int { thousandths / 1000 + (thousandths % 1000 > 0 ? 1 : 0) }

    /// Milli-cores of a cpu quantity.
    package var milli: Int { thousandths }

    package static func < (left: Quantity, right: Quantity) -> Bool { left.thousandths < right.thousandths }

    private static func isDigit(_ character: Character) -> Bool {
        character >= "0" && character <= "9" && character.isASCII
    }

    /// digits × 2^binary × 10^(decimal − fraction digits) × 1000, rounded up.
    private static func value(whole: Substring, fraction: Substring, scale: Scale) throws(ParseError) -> Int {
        var digits: [UInt8] = []
        for character in whole + fraction { digits.append(character.asciiValue.map { $0 &- 48 } ?? 0) }
        // Leading zeros carry nothing, and 19 digits more than fill 64 bits.
        let significant = Array(digits.drop { $0 == 0 })
        var decimal = scale.decimal + 3 - fraction.count
        // Kept wide: 19 digits times 2^60 fits 128 bits.
        var number: UInt128 = 0
        var lost = false
        for (index, digit) in significant.enumerated() {
            if index < 19 {
                number = number * 10 + UInt128(digit)
            } else {
                decimal += 1
                lost = lost || digit != 0
            }
        }
        if number == 0 { return 0 }
        number <<= UInt128(scale.binary)
        while decimal > 0 {
            guard number <= UInt128(Int.max) else { throw .tooLarge }
            number *= 10
            decimal -= 1
        }
        while decimal < 0 && number > 0 {
            lost = lost || number % 10 != 0
            number /= 10
            decimal += 1
        }
        if lost { number += 1 }
        guard let result = Int(exactly: number) else { throw .tooLarge }
        return result
    }

    /// What a suffix multiplies by: 2^binary × 10^decimal.
    private struct Scale {
        var binary = 0
        var decimal = 0

        init(suffix: Substring) throws(ParseError) {
            switch suffix {
            case "": break
            case "n": decimal = -9
            case "u": decimal = -6
            case "m": decimal = -3
            case "k": decimal = 3
            case "M": decimal = 6
            case "G": decimal = 9
            case "T": decimal = 12
            case "P": decimal = 15
            case "E": decimal = 18
            case "Ki": binary = 10
            case "Mi": binary = 20
            case "Gi": binary = 30
            case "Ti": binary = 40
            case "Pi": binary = 50
            case "Ei": binary = 60
            default: try parseExponent(suffix)
            }
        }

        private mutating func parseExponent(_ suffix: Substring) throws(ParseError) {
            guard suffix.first == "e" || suffix.first == "E" else { throw .unknownSuffix(String(suffix)) }
            guard let exponent = Int(suffix.dropFirst()) else { throw .unknownSuffix(String(suffix)) }
            // Beyond this range every digit string is either too large or rounds to nothing.
            guard exponent <= 40 else { throw .tooLarge }
            decimal = max(exponent, -80)
        }
    }
}
