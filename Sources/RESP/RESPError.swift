/// What is wrong with a peer's bytes, and where.
package struct RESPError: Error, Equatable, Sendable, CustomStringConvertible {
    package var fault: Fault
    /// Of the first byte that can't be right (or, for a limit, of the line that exceeds it), counted from the first
    /// byte ever fed.
    package var offset: Int

    package init(_ fault: Fault, at offset: Int) {
        self.fault = fault
        self.offset = offset
    }

    package enum Fault: Equatable, Sendable {
        /// No RESP type begins with this byte.
        case unknownType(UInt8)
        /// A line feed, or a carriage return without its line feed, inside a line.
        case brokenLine
        /// A length or a count that is no decimal number from 0, or -1 where that is allowed.
        case badLength
        case badInteger
        case badDouble
        case badBoolean
        case badBigNumber
        /// A null with something in it.
        case badNull
        /// A verbatim string without its three letters and colon.
        case badVerbatim
        /// A bulk string that isn't followed by CR LF.
        case missingTerminator
        /// `;` outside of a streamed string, or another type inside of one.
        case misplacedChunk
        /// `.` where no streamed aggregate can end.
        case misplacedEnd
        /// A streamed map that ends after a key.
        case keyWithoutValue
        case lineTooLong(limit: Int)
        case tooDeep(limit: Int)
        case tooManyElements(limit: Int)
        case bulkTooLong(limit: Int)
        case valueTooLong(limit: Int)

        fileprivate var text: String {
            switch self {
            case .unknownType(let byte): "no type begins with \(RESPError.readable(byte))"
            case .brokenLine: "a line that does not end with CR LF"
            case .badLength: "a length that is no number"
            case .badInteger: "an integer that is no number of 64 bits"
            case .badDouble: "a double that is no number"
            case .badBoolean: "a boolean that is neither t nor f"
            case .badBigNumber: "a big number that is no number"
            case .badNull: "a null that is not empty"
            case .badVerbatim: "a verbatim string without its format"
            case .missingTerminator: "a bulk string that does not end with CR LF where it should"
            case .misplacedChunk: "a piece of a streamed string out of place"
            case .misplacedEnd: "an end of a streamed aggregate out of place"
            case .keyWithoutValue: "a streamed map that ends with a key"
            case .lineTooLong(let limit): "a line of more than \(limit) bytes"
            case .tooDeep(let limit): "values nested more than \(limit) deep"
            case .tooManyElements(let limit): "a reply of more than \(limit) elements"
            case .bulkTooLong(let limit): "a bulk string of more than \(limit) bytes"
            case .valueTooLong(let limit): "a reply of more than \(limit) bytes"
            }
        }
    }

    /// What is wrong, without the offset.
    package var what: String { fault.text }
    package var description: String { "\(what), at byte \(offset)" }

    private static func readable(_ byte: UInt8) -> String {
        if (0x21...0x7E).contains(byte) { return "'\(Character(UnicodeScalar(byte)))'" }
        let digits = String(byte, radix: 16, uppercase: true)
        return "0x" + (digits.count == 1 ? "0" : "") + digits
    }
}
