/// The decoder under libFuzzer: the same bytes give the same, in whatever pieces, and what is printed reads back.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = UnsafeBufferPointer(start: start, count: count)
    guard let first = input.first else { return 0 }
    // The first byte chooses the cut and the limits.
    let bytes = Array(input.dropFirst())
    let limits =
        first & 1 == 0
        ? RESPLimits() : RESPLimits(depth: 4, elements: 16, bulkBytes: 24, lineBytes: 16, valueBytes: 96)
    let whole = decode(bytes, chunk: max(1, bytes.count), limits)
    same(whole, decode(bytes, chunk: 1, limits), "byte by byte is not whole")
    same(whole, decode(bytes, chunk: 2 + Int(first >> 1), limits), "in pieces is not whole")
    if let error = whole.error { demand((0...bytes.count).contains(error.offset), "offset \(error.offset)") }
    let printed = print(whole.values)
    let again = decode(printed, chunk: max(1, printed.count), RESPLimits(depth: 512))
    demand(again.error == nil, "what was printed is malformed: \(again.error as Any)")
    // Compared as text: NaN is not equal to itself.
    demand(print(again.values) == printed, "what was printed reads as something else")
    for value in whole.values { _ = (value.text, value.integer, value.pairs, value.failure, value["key"]) }
    return 0
}

private struct Decoded {
    var values: [RESPValue] = []
    var error: RESPError?
    var isComplete = false
}

private func decode(_ bytes: [UInt8], chunk: Int, _ limits: RESPLimits) -> Decoded {
    var decoded = Decoded()
    var decoder = RESPDecoder(limits: limits)
    for start in stride(from: 0, to: bytes.count, by: chunk) {
        decoder.feed(Array(bytes[start..<min(bytes.count, start + chunk)]))
        do throws(RESPError) {
            while let value = try decoder.next() { decoded.values.append(value) }
        } catch {
            decoded.error = error
            return decoded
        }
    }
    decoded.isComplete = decoder.isBetweenValues
    return decoded
}

private func print(_ values: [RESPValue]) -> [UInt8] {
    var bytes: [UInt8] = []
    for value in values { RESPEncoder.append(value, to: &bytes) }
    return bytes
}

private func same(_ one: Decoded, _ other: Decoded, _ message: String) {
    demand(one.error == other.error, "\(message): \(one.error as Any), \(other.error as Any)")
    demand(one.isComplete == other.isComplete, message)
    demand(print(one.values) == print(other.values), message)
}
