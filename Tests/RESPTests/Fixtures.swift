import RESP
import Testing

/// A reply on the wire and what it means.
struct Fixture: Sendable, CustomTestStringConvertible {
    var name: String
    var wire: String
    var value: RESPValue

    init(_ name: String, _ wire: String, _ value: RESPValue) {
        self.name = name
        self.wire = wire
        self.value = value
    }

    var bytes: [UInt8] { Array(wire.utf8) }
    var testDescription: String { name }
}

extension RESPValue {
    static func bulk(_ text: String) -> RESPValue { .bulkString(Array(text.utf8)) }
    static func simple(_ text: String) -> RESPValue { .simpleString(Array(text.utf8)) }
    static func failed(_ text: String) -> RESPValue { .error(Array(text.utf8)) }
    static func big(_ digits: String) -> RESPValue { .bigNumber(Array(digits.utf8)) }
    static func verbatim(_ format: String, _ text: String) -> RESPValue {
        .verbatim(format: Array(format.utf8), text: Array(text.utf8))
    }
    static func pairs(_ pairs: (RESPValue, RESPValue)...) -> [Pair] { pairs.map { Pair(key: $0.0, value: $0.1) } }
}

extension Fixture {
    static let all: [Fixture] = resp2 + resp3 + streamed + nested

    static let resp2 = [
        Fixture("simple string", "+OK\r\n", .simple("OK")),
        Fixture("empty simple string", "+\r\n", .simple("")),
        Fixture("error", "-ERR unknown command 'x'\r\n", .failed("ERR unknown command 'x'")),
        Fixture("integer", ":1000\r\n", .integer(1000)),
        Fixture("negative integer", ":-7\r\n", .integer(-7)),
        Fixture("integer with a plus", ":+7\r\n", .integer(7)),
        Fixture("greatest integer", ":9223372036854775807\r\n", .integer(.max)),
        Fixture("least integer", ":-9223372036854775808\r\n", .integer(.min)),
        Fixture("bulk string", "$5\r\nhello\r\n", .bulk("hello")),
        Fixture("empty bulk string", "$0\r\n\r\n", .bulk("")),
        Fixture("bulk string with line ends", "$6\r\n\r\n+\r\n:\r\n", .bulk("\r\n+\r\n:")),
        Fixture("null bulk string", "$-1\r\n", .null),
        Fixture("array", "*2\r\n$1\r\na\r\n:1\r\n", .array([.bulk("a"), .integer(1)])),
        Fixture("empty array", "*0\r\n", .array([])),
        Fixture("null array", "*-1\r\n", .null),
        Fixture("array with nulls", "*3\r\n$-1\r\n*-1\r\n-NO\r\n", .array([.null, .null, .failed("NO")])),
    ]

    static let resp3 = [
        Fixture("null", "_\r\n", .null),
        Fixture("double", ",1.25\r\n", .double(1.25)),
        Fixture("double without a fraction", ",10\r\n", .double(10)),
        Fixture("double with an exponent", ",-1.5E-7\r\n", .double(-1.5e-7)),
        Fixture("double without whole digits", ",.5\r\n", .double(0.5)),
        Fixture("infinity", ",inf\r\n", .double(.infinity)),
        Fixture("negative infinity", ",-inf\r\n", .double(-.infinity)),
        Fixture("true", "#t\r\n", .boolean(true)),
        Fixture("false", "#f\r\n", .boolean(false)),
        Fixture(
            "big number", "(-3492890328409238509324850943850943825024385\r\n",
            .big("-3492890328409238509324850943850943825024385")),
        Fixture("bulk error", "!21\r\nSYNTAX invalid syntax\r\n", .failed("SYNTAX invalid syntax")),
        Fixture("bulk error of two lines", "!4\r\na\r\nb\r\n", .failed("a\r\nb")),
        Fixture("verbatim", "=15\r\ntxt:Some string\r\n", .verbatim("txt", "Some string")),
        Fixture("empty verbatim", "=4\r\nmkd:\r\n", .verbatim("mkd", "")),
        Fixture(
            "map", "%2\r\n+first\r\n:1\r\n$6\r\nsecond\r\n_\r\n",
            .map(RESPValue.pairs((.simple("first"), .integer(1)), (.bulk("second"), .null)))),
        Fixture("empty map", "%0\r\n", .map([])),
        Fixture("set", "~2\r\n#t\r\n:999\r\n", .set([.boolean(true), .integer(999)])),
        Fixture(
            "push", ">2\r\n+invalidate\r\n*1\r\n$1\r\nk\r\n", .push([.simple("invalidate"), .array([.bulk("k")])])),
        Fixture(
            "attribute", "|1\r\n+ttl\r\n:3600\r\n:1\r\n",
            .attributed(RESPValue.pairs((.simple("ttl"), .integer(3600))), .integer(1))),
        Fixture("empty attribute", "|0\r\n+x\r\n", .attributed([], .simple("x"))),
    ]

    static let streamed = [
        Fixture("streamed string", "$?\r\n;4\r\nHell\r\n;6\r\no\r\nwor\r\n;2\r\nld\r\n;0\r\n", .bulk("Hello\r\nworld")),
        Fixture("streamed string of nothing", "$?\r\n;0\r\n", .bulk("")),
        Fixture(
            "streamed array", "*?\r\n:1\r\n*?\r\n.\r\n:3\r\n.\r\n", .array([.integer(1), .array([]), .integer(3)])),
        Fixture("streamed map", "%?\r\n+a\r\n:1\r\n.\r\n", .map(RESPValue.pairs((.simple("a"), .integer(1))))),
        Fixture("streamed set", "~?\r\n$?\r\n;1\r\na\r\n;0\r\n.\r\n", .set([.bulk("a")])),
    ]

    static let nested = [
        Fixture(
            "attribute inside an array", "*3\r\n:1\r\n|1\r\n+ttl\r\n:3\r\n:2\r\n:3\r\n",
            .array([
                .integer(1), .attributed(RESPValue.pairs((.simple("ttl"), .integer(3))), .integer(2)), .integer(3),
            ])),
        Fixture(
            "attribute of an attribute", "|1\r\n|1\r\n+a\r\n+b\r\n+c\r\n_\r\n*0\r\n",
            .attributed(
                RESPValue.pairs((.attributed(RESPValue.pairs((.simple("a"), .simple("b"))), .simple("c")), .null)),
                .array([]))),
        Fixture(
            "empty attribute in a streamed array", "*?\r\n|0\r\n+x\r\n.\r\n", .array([.attributed([], .simple("x"))])),
        Fixture(
            "aggregates as keys", "%1\r\n*1\r\n_\r\n~0\r\n", .map(RESPValue.pairs((.array([.null]), .set([]))))),
        Fixture(
            "arrays in arrays", "*2\r\n*1\r\n*1\r\n*0\r\n*0\r\n",
            .array([.array([.array([.array([])])]), .array([])])),
    ]
}
