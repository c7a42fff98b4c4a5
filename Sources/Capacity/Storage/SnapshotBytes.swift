package import SystemModel

/// Bytes of a key in a snapshot, and in the AOF's base, which is one (rdb.c).
package enum SnapshotBytes {
    /// Mean over a demand's keys.
    package static func perKey(_ demand: Demand) -> Double {
        let key = demand.keySize.mean(of: text)
        let value = demand.values.reduce(0) { $0 + $1.share * bytes(of: $1) }
        // Type, and for what expires a mark and 8 bytes of time.
        return (1 + key + value) * demand.server.compression + 9 * demand.expiring
    }

    private static func bytes(of value: Demand.ValueClass) -> Double {
        let count = length(value.elements)
        let element = value.size.mean(of: text)
        switch value.kind {
        case .string: return element
        case .hash: return count + value.elements * (value.fieldSize.mean(of: text) + element)
        case .list, .set: return count + value.elements * element
        case .zset: return count + value.elements * (element + 8)
        }
    }

    private static func text(_ bytes: Double) -> Double { length(bytes) + bytes }

    /// Lengths below 64 take a byte, below 16384 two, others five.
    private static func length(_ value: Double) -> Double { value < 64 ? 1 : value < 16_384 ? 2 : 5 }
}
