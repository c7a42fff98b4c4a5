/// Bytes that came and are not used up yet, and the offset of the first of them in the stream.
///
/// Appending and consuming cost amortised constant time a byte, in whatever pieces the bytes come.
struct ReceiveBuffer: Sendable {
    private var storage: [UInt8] = []
    private var head = 0
    /// Of the first byte held, counted from the first ever appended.
    private(set) var offset = 0

    /// Above this a drained buffer's memory is given back.
    private static let keptCapacity = 64 << 10

    var count: Int { storage.count - head }

    subscript(_ index: Int) -> UInt8 { storage[head + index] }

    func bytes(_ range: Range<Int>) -> ArraySlice<UInt8> { storage[head + range.lowerBound..<head + range.upperBound] }

    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        if head > 4096, head > storage.count / 2 {
            storage.removeFirst(head)
            head = 0
        }
        storage.append(contentsOf: bytes)
    }

    mutating func consume(_ length: Int) {
        head += length
        offset += length
        if head == storage.count {
            storage.removeAll(keepingCapacity: storage.capacity <= ReceiveBuffer.keptCapacity)
            head = 0
        }
    }
}
