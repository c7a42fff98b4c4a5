/// Appends commands and values to bytes that will be sent.
package enum RESPEncoder {
    /// A request: an array of bulk strings, which every server understands.
    package static func append(_ command: [String], to bytes: inout [UInt8]) {
        header(LineType.array, command.count, &bytes)
        for word in command { bulk(LineType.bulkString, word.utf8, &bytes) }
    }

    /// A value as a RESP3 server sends it, in one piece.
    package static func append(_ value: RESPValue, to bytes: inout [UInt8]) {
        switch value {
        case .simpleString(let text): line(LineType.simpleString, text, &bytes)
        // Only the bulk form can hold line ends.
        case .error(let text) where text.contains { $0 == UInt8(ascii: "\r") || $0 == UInt8(ascii: "\n") }:
            bulk(LineType.bulkError, text, &bytes)
        case .error(let text): line(LineType.error, text, &bytes)
        case .integer(let number): line(LineType.integer, String(number).utf8, &bytes)
        case .bulkString(let text): bulk(LineType.bulkString, text, &bytes)
        case .null: line(LineType.null, [], &bytes)
        case .double(let number): line(LineType.double, text(number).utf8, &bytes)
        case .boolean(let isTrue): line(LineType.boolean, (isTrue ? "t" : "f").utf8, &bytes)
        case .bigNumber(let digits): line(LineType.bigNumber, digits, &bytes)
        case .verbatim(let format, let text):
            bulk(LineType.verbatim, format + [UInt8(ascii: ":")] + text, &bytes)
        case .array(let elements): list(LineType.array, elements, &bytes)
        case .set(let elements): list(LineType.set, elements, &bytes)
        case .push(let elements): list(LineType.push, elements, &bytes)
        case .map(let pairs): self.pairs(LineType.map, pairs, &bytes)
        case .attributed(let pairs, let value):
            self.pairs(LineType.attribute, pairs, &bytes)
            append(value, to: &bytes)
        }
    }

    private static func text(_ number: Double) -> String {
        if number.isNaN { return "nan" }
        if number.isInfinite { return number < 0 ? "-inf" : "inf" }
        return String(number)
    }

    private static func line(_ type: UInt8, _ text: some Sequence<UInt8>, _ bytes: inout [UInt8]) {
        bytes.append(type)
        bytes.append(contentsOf: text)
        bytes.append(contentsOf: [UInt8(ascii: "\r"), UInt8(ascii: "\n")])
    }

    private static func header(_ type: UInt8, _ count: Int, _ bytes: inout [UInt8]) {
        line(type, String(count).utf8, &bytes)
    }

    private static func bulk(_ type: UInt8, _ text: some Collection<UInt8>, _ bytes: inout [UInt8]) {
        header(type, text.count, &bytes)
        bytes.append(contentsOf: text)
        bytes.append(contentsOf: [UInt8(ascii: "\r"), UInt8(ascii: "\n")])
    }

    private static func list(_ type: UInt8, _ elements: [RESPValue], _ bytes: inout [UInt8]) {
        header(type, elements.count, &bytes)
        for element in elements { append(element, to: &bytes) }
    }

    private static func pairs(_ type: UInt8, _ pairs: [RESPValue.Pair], _ bytes: inout [UInt8]) {
        header(type, pairs.count, &bytes)
        for pair in pairs {
            append(pair.key, to: &bytes)
            append(pair.value, to: &bytes)
        }
    }
}
