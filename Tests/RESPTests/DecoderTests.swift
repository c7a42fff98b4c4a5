import Glibc
import RESP
import Testing

@Suite("RESP decoder")
struct DecoderTests {
    @Test("A reply that comes whole", arguments: Fixture.all)
    func whole(fixture: Fixture) {
        let decoded = Decoded(whole: fixture.bytes)
        #expect(decoded.values == [fixture.value])
        #expect(decoded.error == nil)
        #expect(decoded.isComplete)
    }

    @Test("A reply that comes byte by byte is there with its last byte and not before", arguments: Fixture.all)
    func byteByByte(fixture: Fixture) throws {
        var decoder = RESPDecoder()
        for byte in fixture.bytes.dropLast() {
            decoder.feed([byte])
            #expect(try decoder.next() == nil)
            #expect(!decoder.isBetweenValues)
        }
        decoder.feed([fixture.bytes[fixture.bytes.count - 1]])
        #expect(try decoder.next() == fixture.value)
        #expect(try decoder.next() == nil)
        #expect(decoder.isBetweenValues)
        #expect(decoder.offset == fixture.bytes.count)
    }

    @Test("Replies that come joined, cut anywhere", arguments: 0..<200)
    func randomChunks(seed: Int) {
        var dice = SeededGenerator(seed: UInt64(seed))
        let fixtures = (0..<20).compactMap { _ in Fixture.all.randomElement(using: &dice) }
        let chunks = (0..<50).map { _ in Int.random(in: 1...40, using: &dice) }
        let decoded = Decoded(fixtures.flatMap(\.bytes), chunks: chunks)
        #expect(decoded.values == fixtures.map(\.value), "seed \(seed)")
        #expect(decoded.error == nil && decoded.isComplete, "seed \(seed)")
    }

    @Test("A damaged reply gives the same values and the same error, however it is cut", arguments: 0..<400)
    func damaged(seed: Int) {
        var dice = SeededGenerator(seed: UInt64(seed))
        var bytes = (0..<5).compactMap { _ in Fixture.all.randomElement(using: &dice) }.flatMap(\.bytes)
        for _ in 0..<Int.random(in: 1...3, using: &dice) {
            let position = Int.random(in: bytes.indices, using: &dice)
            switch Int.random(in: 0..<3, using: &dice) {
            case 0: bytes[position] = UInt8.random(in: 0...255, using: &dice)
            case 1: bytes[position] = Array("+-:$*_,#(!=%~>|;.?\r\n0123456789".utf8).randomElement(using: &dice) ?? 0
            default: bytes.removeSubrange(position..<min(bytes.count, position + 3))
            }
            if bytes.isEmpty { return }
        }
        let limits = RESPLimits(depth: 3, elements: 40, bulkBytes: 64, lineBytes: 48, valueBytes: 128)
        let chunks = (0..<50).map { _ in Int.random(in: 1...20, using: &dice) }
        let whole = Decoded(whole: bytes, limits: limits)
        #expect(Decoded(bytes, chunks: [1], limits: limits) == whole, "seed \(seed): \(bytes)")
        #expect(Decoded(bytes, chunks: chunks, limits: limits) == whole, "seed \(seed): \(bytes)")
    }

    @Test("NaN is a double")
    func nan() throws {
        for text in [",nan\r\n", ",-nan\r\n"] {
            guard case .double(let number) = Decoded(whole: Array(text.utf8)).values.first else {
                Issue.record("\(text) is no double")
                continue
            }
            #expect(number.isNaN)
        }
    }

    @Test("A bulk string byte by byte takes linear time")
    func linear() throws {
        func nanoseconds(_ count: Int) -> Int64 {
            let text = "$\(count)\r\n" + String(repeating: "x", count: count) + "\r\n"
            let start = processorTime()
            let decoded = Decoded(Array(text.utf8), chunks: [1])
            #expect(decoded.values.first?.bytes?.count == count)
            return processorTime() - start
        }
        // Quadratic time would be 64 times as much.
        let small = (0..<3).map { _ in nanoseconds(100_000) }.min() ?? 0
        #expect(nanoseconds(800_000) < 30 * small)
    }

    @Test("A long line byte by byte takes linear time")
    func linearLine() {
        let text = "+" + String(repeating: "x", count: 60_000) + "\r\n"
        let start = processorTime()
        for _ in 0..<5 { #expect(Decoded(Array(text.utf8), chunks: [1]).values.count == 1) }
        // Looking at every byte again for each that comes would be 9,000,000,000 looks.
        #expect(processorTime() - start < 20_000_000_000)
    }

    /// Of this thread, ns: what other processes do to the machine does not count.
    private func processorTime() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
