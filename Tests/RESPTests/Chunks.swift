import RESP

/// What a decoder makes of bytes that come in pieces of the given sizes, over and over.
struct Decoded: Equatable {
    var values: [RESPValue] = []
    var error: RESPError?
    var isComplete = false

    init(_ bytes: [UInt8], chunks: [Int], limits: RESPLimits = RESPLimits()) {
        var decoder = RESPDecoder(limits: limits)
        var start = 0
        var turn = 0
        while start < bytes.count {
            let end = min(bytes.count, start + max(1, chunks[turn % chunks.count]))
            decoder.feed(Array(bytes[start..<end]))
            start = end
            turn += 1
            do throws(RESPError) {
                while let value = try decoder.next() { values.append(value) }
            } catch {
                self.error = error
                return
            }
        }
        isComplete = decoder.isBetweenValues
    }

    init(whole bytes: [UInt8], limits: RESPLimits = RESPLimits()) {
        self.init(bytes, chunks: [max(1, bytes.count)], limits: limits)
    }
}

/// SplitMix64: the same numbers for the same seed.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
