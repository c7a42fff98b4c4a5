/// Turns a server's bytes into values, in whatever pieces they come. RESP2 and RESP3.
///
///     decoder.feed(bytes)
///     while let value = try decoder.next() { ... }
///
/// The same bytes give the same values and the same error, however they are cut. Time is linear in the bytes. Who asks
/// for every value after each `feed` never holds more than `limits.valueBytes` and what was fed last.
///
/// Source: the RESP2 page of the Redis documentation and the RESP3 specification, with streamed strings, arrays, sets
/// and maps; redis-server up to 7.4 and Valkey up to 9 send no streamed types.
package struct RESPDecoder: Sendable {
    package let limits: RESPLimits
    private var buffer = ReceiveBuffer()
    /// Bytes of the buffer's first line that are known to hold no line end.
    private var scanned = 0
    /// The bulk string whose header was read.
    private var bulk: Bulk?
    private var nesting: Nesting
    /// Where the value in work began.
    private var start = 0
    private var failure: RESPError?

    package init(limits: RESPLimits = RESPLimits()) {
        self.limits = limits
        nesting = Nesting(limits: limits)
    }

    private struct Bulk: Sendable {
        var kind: Kind
        var length: Int

        enum Kind: Sendable { case string, error, verbatim, chunk }
    }

    /// Offset of the first byte that is not part of a value returned, or of its line in work.
    package var offset: Int { buffer.offset }

    /// Whether the bytes so far end with a whole value.
    package var isBetweenValues: Bool { buffer.count == 0 && bulk == nil && nesting.isEmpty }

    package mutating func feed(_ bytes: UnsafeRawBufferPointer) {
        if failure == nil { buffer.append(bytes) }
    }

    package mutating func feed(_ bytes: [UInt8]) { bytes.withUnsafeBytes { feed($0) } }

    /// The next whole value, nil until more bytes come. After an error the stream has no meaning any more: the same
    /// error comes again.
    package mutating func next() throws(RESPError) -> RESPValue? {
        if let failure { throw failure }
        do throws(RESPError) {
            let value = try advance()
            if value != nil { start = buffer.offset }
            return value
        } catch {
            failure = error
            buffer = ReceiveBuffer()
            nesting = Nesting(limits: limits)
            throw error
        }
    }

    private mutating func advance() throws(RESPError) -> RESPValue? {
        while true {
            var value: RESPValue?
            if let bulk {
                guard let bytes = try takeBulk(bulk) else { return nil }
                value = try interpret(bulk, bytes)
            } else {
                guard let length = try lineLength() else { return nil }
                value = try interpret(length)
            }
            if let leaf = value, let whole = try nesting.add(leaf, at: buffer.offset) { return whole }
        }
    }

    // MARK: Lines

    /// Bytes before the first line's CR LF, type included; nil until its end has come.
    private mutating func lineLength() throws(RESPError) -> Int? {
        while scanned < buffer.count {
            let byte = buffer[scanned]
            if byte == UInt8(ascii: "\r") {
                guard scanned + 1 < buffer.count else { return nil }
                guard buffer[scanned + 1] == UInt8(ascii: "\n") else { throw fault(.brokenLine, after: scanned) }
                let length = scanned
                guard length > 0 else { throw fault(.unknownType(byte)) }
                guard buffer.offset - start + length + 2 <= limits.valueBytes else {
                    throw fault(.valueTooLong(limit: limits.valueBytes))
                }
                scanned = 0
                return length
            }
            if scanned == 0, !LineType.all.contains(byte) { throw fault(.unknownType(byte)) }
            guard byte != UInt8(ascii: "\n") else { throw fault(.brokenLine, after: scanned) }
            guard scanned < limits.lineBytes else { throw fault(.lineTooLong(limit: limits.lineBytes)) }
            scanned += 1
        }
        return nil
    }

    private func fault(_ fault: RESPError.Fault, after distance: Int = 0) -> RESPError {
        RESPError(fault, at: buffer.offset + distance)
    }

    /// A value without elements, or nil where the line only opens, continues or closes one.
    private mutating func interpret(_ length: Int) throws(RESPError) -> RESPValue? {
        let type = buffer[0]
        let text = Line(buffer.bytes(1..<length))
        if nesting.isInString != (type == LineType.chunk) { throw fault(.misplacedChunk) }
        var value: RESPValue?
        switch type {
        case LineType.simpleString: value = .simpleString(text.bytes)
        case LineType.error: value = .error(text.bytes)
        case LineType.integer: value = .integer(try known(text.integer, or: .badInteger))
        case LineType.double: value = .double(try known(text.double, or: .badDouble))
        case LineType.boolean: value = .boolean(try known(text.boolean, or: .badBoolean))
        case LineType.bigNumber:
            guard text.isDecimal else { throw fault(.badBigNumber, after: 1) }
            value = .bigNumber(text.bytes)
        case LineType.null:
            guard text.isEmpty else { throw fault(.badNull, after: 1) }
            value = .null
        case LineType.bulkString where text.isStreamed: try nesting.open(.string, count: nil, at: buffer.offset)
        case LineType.bulkString: value = try openBulk(.string, text)
        case LineType.bulkError: value = try openBulk(.error, text)
        case LineType.verbatim: value = try openBulk(.verbatim, text)
        case LineType.chunk: value = try openBulk(.chunk, text)
        case LineType.end:
            guard text.isEmpty else { throw fault(.misplacedEnd) }
            value = try nesting.end(at: buffer.offset)
        default: value = try openAggregate(type, text)
        }
        buffer.consume(length + 2)
        return value
    }

    private func known<T>(_ value: T?, or fault: RESPError.Fault) throws(RESPError) -> T {
        guard let value else { throw self.fault(fault, after: 1) }
        return value
    }

    /// - Returns: what `text` says at once: RESP2's null, a streamed string's end.
    private mutating func openBulk(_ kind: Bulk.Kind, _ text: Line) throws(RESPError) -> RESPValue? {
        if kind == .string, text.isNull { return .null }
        let length = try known(text.length, or: .badLength)
        let joined = kind == .chunk ? nesting.stringBytes : 0
        guard length <= limits.bulkBytes - joined else { throw fault(.bulkTooLong(limit: limits.bulkBytes)) }
        // The header's own bytes are counted too: type, digits, CR LF.
        guard buffer.offset - start + text.count + 3 + length + 2 <= limits.valueBytes else {
            throw fault(.valueTooLong(limit: limits.valueBytes))
        }
        if kind == .chunk, length == 0 { return nesting.endString() }
        bulk = Bulk(kind: kind, length: length)
        return nil
    }

    /// - Returns: the value, where it has no elements.
    private mutating func openAggregate(_ type: UInt8, _ text: Line) throws(RESPError) -> RESPValue? {
        let kind: Nesting.Kind
        switch type {
        case LineType.array: kind = .array
        case LineType.map: kind = .map
        case LineType.set: kind = .set
        case LineType.push: kind = .push
        case LineType.attribute: kind = .attribute
        default: throw fault(.unknownType(type))
        }
        if type == LineType.array, text.isNull { return .null }
        let streams = kind == .array || kind == .map || kind == .set
        let count = streams && text.isStreamed ? nil : try known(text.length, or: .badLength)
        return try nesting.open(kind, count: count, at: buffer.offset)
    }

    // MARK: Bulk strings

    /// The bulk string's bytes; nil until its end has come.
    private mutating func takeBulk(_ bulk: Bulk) throws(RESPError) -> [UInt8]? {
        let end = bulk.length
        if buffer.count > end, buffer[end] != UInt8(ascii: "\r") { throw fault(.missingTerminator, after: end) }
        guard buffer.count > end + 1 else { return nil }
        guard buffer[end + 1] == UInt8(ascii: "\n") else { throw fault(.missingTerminator, after: end + 1) }
        let bytes = Array(buffer.bytes(0..<end))
        if bulk.kind == .verbatim, end < 4 || bytes[3] != UInt8(ascii: ":") { throw fault(.badVerbatim) }
        buffer.consume(end + 2)
        self.bulk = nil
        return bytes
    }

    private mutating func interpret(_ bulk: Bulk, _ bytes: [UInt8]) throws(RESPError) -> RESPValue? {
        switch bulk.kind {
        case .string: return .bulkString(bytes)
        case .error: return .error(bytes)
        case .verbatim: return .verbatim(format: Array(bytes[..<3]), text: Array(bytes[4...]))
        case .chunk:
            nesting.append(bytes)
            return nil
        }
    }
}
