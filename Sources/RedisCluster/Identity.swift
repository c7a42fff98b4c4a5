/// A node id as a dense index into `Wire.names`; what 40 hex digits are on the real wire.
package typealias NodeID = UInt16

/// "No node": an absent master, an unknown sender.
package let noNode: NodeID = .max

/// An ip and port as a dense index into `Wire.addresses`; 0 is "no address" (CLUSTER NODES prints `:0@0`).
package typealias Address = UInt32

package let noAddress: Address = 0

/// A node's index in another node's table. Its own entry is always 0.
package typealias PeerIndex = Int16

package let noPeer: PeerIndex = -1

/// Milliseconds of a node's own wall clock: Redis's `mstime_t`.
package typealias Milliseconds = Int64

/// 160 random bits, printed as 40 hex digits; ordered as `memcmp` orders the digits.
package struct NodeName: Sendable, Hashable, Comparable {
    package var high: UInt64
    package var middle: UInt64
    package var low: UInt32

    package init(high: UInt64, middle: UInt64, low: UInt32) {
        self.high = high
        self.middle = middle
        self.low = low
    }

    /// Reads 40 hex digits; nil for anything else.
    package init?(_ text: some StringProtocol) {
        let digits = Array(text.utf8)
        guard digits.count == 40 else { return nil }
        var words: (UInt64, UInt64, UInt64) = (0, 0, 0)
        for (position, digit) in digits.enumerated() {
            guard let value = hexValue(digit) else { return nil }
            switch position {
            case 0..<16: words.0 = words.0 << 4 | value
            case 16..<32: words.1 = words.1 << 4 | value
            default: words.2 = words.2 << 4 | value
            }
        }
        self.init(high: words.0, middle: words.1, low: UInt32(truncatingIfNeeded: words.2))
    }

    package static func < (a: NodeName, b: NodeName) -> Bool {
        if a.high != b.high { return a.high < b.high }
        if a.middle != b.middle { return a.middle < b.middle }
        return a.low < b.low
    }

    package var text: String { hexDigits(high, 16) + hexDigits(middle, 16) + hexDigits(UInt64(low), 8) }
}

private func hexValue(_ digit: UInt8) -> UInt64? {
    switch digit {
    case 0x30...0x39: UInt64(digit - 0x30)
    case 0x61...0x66: UInt64(digit - 0x61 + 10)
    default: nil
    }
}

private func hexDigits(_ value: UInt64, _ width: Int) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: width - digits.count) + digits
}
