/// One reply or push of a server, RESP2 or RESP3, as it came over the wire.
///
/// Bytes stay bytes: a bulk string may hold anything. Maps and attributes keep the server's order.
package indirect enum RESPValue: Sendable, Equatable {
    case simpleString([UInt8])
    /// `-CODE message`, or RESP3's blob error.
    case error([UInt8])
    case integer(Int64)
    case bulkString([UInt8])
    /// RESP2's null bulk string and null array, and RESP3's null.
    case null
    case array([RESPValue])
    case double(Double)
    case boolean(Bool)
    /// Decimal digits, with a sign where negative; too large for an integer.
    case bigNumber([UInt8])
    /// Three letters of format (`txt`, `mkd`) and the text.
    case verbatim(format: [UInt8], text: [UInt8])
    case map([Pair])
    case set([RESPValue])
    case push([RESPValue])
    /// Out-of-band facts about the value that follows them.
    case attributed([Pair], RESPValue)

    package struct Pair: Sendable, Equatable {
        package var key: RESPValue
        package var value: RESPValue

        package init(key: RESPValue, value: RESPValue) {
            self.key = key
            self.value = value
        }
    }
}
