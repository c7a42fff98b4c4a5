/// A line without its type and its end, read as what its type says it is.
struct Line {
    private let text: ArraySlice<UInt8>

    init(_ text: ArraySlice<UInt8>) { self.text = text }

    var bytes: [UInt8] { Array(text) }
    var count: Int { text.count }
    var isEmpty: Bool { text.isEmpty }
    /// `?`: the length is not known yet.
    var isStreamed: Bool { text.elementsEqual([UInt8(ascii: "?")]) }
    /// RESP2's length of what is not there.
    var isNull: Bool { text.elementsEqual([UInt8(ascii: "-"), UInt8(ascii: "1")]) }

    /// Digits only.
    var length: Int? {
        guard !text.isEmpty else { return nil }
        var length = 0
        for byte in text {
            guard let digit = Line.digit(byte) else { return nil }
            let (product, overflows) = length.multipliedReportingOverflow(by: 10)
            let (sum, overflowsToo) = product.addingReportingOverflow(digit)
            guard !overflows, !overflowsToo else { return nil }
            length = sum
        }
        return length
    }

    /// Digits with a sign or without.
    var isDecimal: Bool {
        let digits = unsigned
        return !digits.isEmpty && digits.allSatisfy { Line.digit($0) != nil }
    }

    var integer: Int64? { isDecimal ? Int64(String(decoding: text, as: UTF8.self)) : nil }

    var boolean: Bool? {
        if text.elementsEqual([UInt8(ascii: "t")]) { return true }
        return text.elementsEqual([UInt8(ascii: "f")]) ? false : nil
    }

    /// `inf`, `nan`, or digits with a sign, a fraction and an exponent where there are such.
    var double: Double? {
        switch String(decoding: text, as: UTF8.self) {
        case "inf", "+inf": return .infinity
        case "-inf": return -.infinity
        case "nan", "-nan": return .nan
        case let number: return isDecimalFraction ? Double(number) : nil
        }
    }

    private var unsigned: ArraySlice<UInt8> {
        text.first == UInt8(ascii: "-") || text.first == UInt8(ascii: "+") ? text.dropFirst() : text
    }

    private var isDecimalFraction: Bool {
        var rest = unsigned
        let whole = Line.dropDigits(&rest)
        var fraction = 0
        if rest.first == UInt8(ascii: ".") {
            rest.removeFirst()
            fraction = Line.dropDigits(&rest)
        }
        guard whole + fraction > 0 else { return false }
        guard let exponent = rest.first else { return true }
        guard exponent == UInt8(ascii: "e") || exponent == UInt8(ascii: "E") else { return false }
        return Line(rest.dropFirst()).isDecimal
    }

    private static func dropDigits(_ text: inout ArraySlice<UInt8>) -> Int {
        let before = text.count
        text = text.drop { digit($0) != nil }
        return before - text.count
    }

    private static func digit(_ byte: UInt8) -> Int? {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) ? Int(byte - UInt8(ascii: "0")) : nil
    }
}
