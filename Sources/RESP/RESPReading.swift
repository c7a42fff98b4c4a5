/// Replies as the one who asked expects them: the same answer, whether it came as RESP2 or RESP3.
extension RESPValue {
    /// The value without the attributes that precede it.
    package var plain: RESPValue {
        if case .attributed(_, let value) = self { return value.plain }
        return self
    }

    /// The bytes of any string: simple, bulk or verbatim.
    package var bytes: [UInt8]? {
        switch plain {
        case .simpleString(let bytes), .bulkString(let bytes), .verbatim(_, let bytes): bytes
        default: nil
        }
    }

    /// Any string; bytes that are no UTF-8 become U+FFFD.
    package var text: String? { bytes.map { String(decoding: $0, as: UTF8.self) } }

    /// An integer, or a string that is one.
    package var integer: Int64? {
        if case .integer(let number) = plain { return number }
        return text.flatMap { Int64($0) }
    }

    /// The elements of an array, a set or a push.
    package var elements: [RESPValue]? {
        switch plain {
        case .array(let elements), .set(let elements), .push(let elements): elements
        default: nil
        }
    }

    /// The pairs of a map, or of an array whose elements alternate, as RESP2 sends maps.
    package var pairs: [Pair]? {
        switch plain {
        case .map(let pairs): pairs
        case .array(let elements) where elements.count % 2 == 0:
            stride(from: 0, to: elements.count, by: 2).map { Pair(key: elements[$0], value: elements[$0 + 1]) }
        default: nil
        }
    }

    /// The value of the last pair with that key.
    package subscript(_ key: String) -> RESPValue? { pairs?.last { $0.key.text == key }?.value }

    /// The code (`ERR`, `NOPERM`, `MOVED`) and the message of an error reply; the code is empty where there is none.
    package var failure: (code: String, message: String)? {
        guard case .error(let bytes) = plain else { return nil }
        let text = String(decoding: bytes, as: UTF8.self)
        let code = text.prefix { $0 != " " }
        let isCode = !code.isEmpty && code.utf8.allSatisfy { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }
        return isCode ? (String(code), String(text.dropFirst(code.count + 1))) : ("", text)
    }
}
