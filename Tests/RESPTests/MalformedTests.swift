import RESP
import Testing

/// Bytes that are no RESP, and what is said of them.
struct Malformed: Sendable, CustomTestStringConvertible {
    var wire: String
    var fault: RESPError.Fault
    var offset: Int

    init(_ wire: String, _ fault: RESPError.Fault, at offset: Int) {
        self.wire = wire
        self.fault = fault
        self.offset = offset
    }

    var testDescription: String { wire.debugDescription }

    static let all = [
        Malformed("HTTP/1.1 400 Bad Request\r\n", .unknownType(0x48), at: 0),
        Malformed("\r\n", .unknownType(0x0D), at: 0),
        Malformed("\n", .unknownType(0x0A), at: 0),
        Malformed("+OK\r\nx", .unknownType(0x78), at: 5),
        Malformed("*1\r\nx", .unknownType(0x78), at: 4),
        Malformed("+O\nK\r\n", .brokenLine, at: 2),
        Malformed("+O\rK\r\n", .brokenLine, at: 2),
        Malformed(":\r\n", .badInteger, at: 1),
        Malformed(":-\r\n", .badInteger, at: 1),
        Malformed(":1x\r\n", .badInteger, at: 1),
        Malformed(": 1\r\n", .badInteger, at: 1),
        Malformed(":9223372036854775808\r\n", .badInteger, at: 1),
        Malformed(",\r\n", .badDouble, at: 1),
        Malformed(",.\r\n", .badDouble, at: 1),
        Malformed(",1e\r\n", .badDouble, at: 1),
        Malformed(",0x1p3\r\n", .badDouble, at: 1),
        Malformed(",infinity\r\n", .badDouble, at: 1),
        Malformed("#true\r\n", .badBoolean, at: 1),
        Malformed("(12a\r\n", .badBigNumber, at: 1),
        Malformed("_0\r\n", .badNull, at: 1),
        Malformed("$\r\n", .badLength, at: 1),
        Malformed("$-2\r\n", .badLength, at: 1),
        Malformed("$+1\r\n", .badLength, at: 1),
        Malformed("*-2\r\n", .badLength, at: 1),
        Malformed("%-1\r\n", .badLength, at: 1),
        Malformed(">?\r\n", .badLength, at: 1),
        Malformed("|?\r\n", .badLength, at: 1),
        Malformed("!?\r\n", .badLength, at: 1),
        Malformed("$99999999999999999999\r\n", .badLength, at: 1),
        Malformed("$1\r\nab\r\n", .missingTerminator, at: 5),
        Malformed("$1\r\na\rx", .missingTerminator, at: 6),
        Malformed("=3\r\ntxt\r\n", .badVerbatim, at: 4),
        Malformed("=5\r\ntxtxt\r\n", .badVerbatim, at: 4),
        Malformed(";1\r\na\r\n", .misplacedChunk, at: 0),
        Malformed("$?\r\n+a\r\n", .misplacedChunk, at: 4),
        Malformed("$?\r\n;?\r\n", .badLength, at: 5),
        Malformed(".\r\n", .misplacedEnd, at: 0),
        Malformed("*1\r\n.\r\n", .misplacedEnd, at: 4),
        Malformed("*?\r\n.x\r\n", .misplacedEnd, at: 4),
        Malformed("*?\r\n|0\r\n.\r\n", .misplacedEnd, at: 8),
        Malformed("%?\r\n:1\r\n.\r\n", .keyWithoutValue, at: 8),
        Malformed("*9999999999999\r\n", .tooManyElements(limit: 20), at: 0),
        Malformed("%9223372036854775807\r\n", .tooManyElements(limit: 20), at: 0),
        Malformed("*11\r\n*10\r\n", .tooManyElements(limit: 20), at: 5),
        Malformed("%11\r\n", .tooManyElements(limit: 20), at: 0),
        Malformed("*?\r\n" + String(repeating: "_\r\n", count: 21), .tooManyElements(limit: 20), at: 67),
        Malformed("*1\r\n*1\r\n*1\r\n*1\r\n", .tooDeep(limit: 3), at: 12),
        Malformed("|0\r\n|0\r\n|0\r\n|0\r\n", .tooDeep(limit: 3), at: 12),
        Malformed("$51\r\n", .bulkTooLong(limit: 50), at: 0),
        Malformed("$?\r\n;30\r\n" + String(repeating: "x", count: 30) + "\r\n;21\r\n", .bulkTooLong(limit: 50), at: 41),
        Malformed("+" + String(repeating: "x", count: 80), .lineTooLong(limit: 70), at: 0),
        Malformed(
            "*2\r\n$40\r\n" + String(repeating: "x", count: 40) + "\r\n$50\r\n", .valueTooLong(limit: 100), at: 51),
        Malformed("*?\r\n" + String(repeating: "+123456\r\n", count: 11), .valueTooLong(limit: 100), at: 94),
    ]
}

@Suite("RESP that is none")
struct MalformedTests {
    static let limits = RESPLimits(depth: 3, elements: 20, bulkBytes: 50, lineBytes: 70, valueBytes: 100)

    @Test("Says what is wrong and where, whole and byte by byte", arguments: Malformed.all)
    func says(malformed: Malformed) {
        let bytes = Array(malformed.wire.utf8)
        let expected = RESPError(malformed.fault, at: malformed.offset)
        #expect(Decoded(whole: bytes, limits: MalformedTests.limits).error == expected)
        #expect(Decoded(bytes, chunks: [1], limits: MalformedTests.limits).error == expected)
    }

    @Test("The values before the fault are given")
    func before() {
        let decoded = Decoded(whole: Array("+OK\r\n:1\r\n?".utf8))
        #expect(decoded.values == [.simple("OK"), .integer(1)])
        #expect(decoded.error == RESPError(.unknownType(0x3F), at: 9))
    }

    @Test("An error stays, whatever comes after it")
    func stays() {
        var decoder = RESPDecoder()
        decoder.feed(Array("?".utf8))
        for _ in 0..<3 {
            #expect(throws: RESPError(.unknownType(0x3F), at: 0)) { try decoder.next() }
            decoder.feed(Array("+OK\r\n".utf8))
        }
    }

    @Test("Offsets count from the first byte of the stream, limits from each value's")
    func offsets() throws {
        var decoder = RESPDecoder(limits: MalformedTests.limits)
        for _ in 0..<1000 {
            decoder.feed(Array("+0123456789\r\n".utf8))
            #expect(try decoder.next() != nil)
        }
        decoder.feed([0])
        #expect(throws: RESPError(.unknownType(0), at: 13_000)) { try decoder.next() }
    }

    @Test("Errors read as sentences")
    func text() {
        #expect(RESPError(.unknownType(0x48), at: 7).description == "no type begins with 'H', at byte 7")
        #expect(RESPError(.unknownType(7), at: 0).description == "no type begins with 0x07, at byte 0")
        #expect(RESPError(.tooDeep(limit: 3), at: 2).what == "values nested more than 3 deep")
    }

    @Test("The deepest nesting allowed is decoded, compared, printed and released")
    func deepest() {
        let limits = RESPLimits(depth: 100_000)
        #expect(limits.depth == 512)
        let bytes = Array(String(repeating: "*1\r\n", count: 512).utf8) + Array("_\r\n".utf8)
        let values = Decoded(whole: bytes, limits: limits).values
        #expect(values == Decoded(bytes, chunks: [7], limits: limits).values)
        var printed: [UInt8] = []
        for value in values { RESPEncoder.append(value, to: &printed) }
        #expect(printed == bytes)
        #expect(Decoded(whole: Array("*1\r\n".utf8) + bytes, limits: limits).error?.fault == .tooDeep(limit: 512))
    }
}
