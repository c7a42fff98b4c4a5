package import SystemModel

/// The memory of a shard's keys, part by part. Bytes.
package struct KeyspaceMemory: Sendable, Equatable {
    package var values: Double
    /// Names and dictionary entries.
    package var keys: Double
    package var tables: Double
    package var expiries: Double
    /// What the main table's next doubling takes on top, while old and new table exist.
    package var nextDoubling: Double

    package var total: Double { values + keys + tables + expiries }
}

/// Bytes of memory for each key, computed once for a demand: they do not depend on the number of keys.
package struct KeyCosts: Sendable {
    package let allocator: Allocator
    package let value: Double
    package let name: Double
    /// Share of keys that expire.
    package let expiring: Double
    /// Measured on a live cluster: everything that belongs to a key, in place of the formulas.
    package let measured: Double?

    /// An entry of the keyspace's dictionary: 24 bytes, and 16 in a cluster for the list of the slot's keys
    /// (cluster.h, clusterDictEntryMetadata).
    package static let entry = 40.0
    /// An entry of the dictionary of expiries, which shares the key.
    package static let expiryEntry = 24.0

    package init(_ demand: Demand, directives: SizingDirectives) {
        allocator = demand.server.bundledAllocator ? .bundled : .system
        let memory = ValueMemory(allocator: allocator, directives: directives)
        value = demand.values.reduce(0) { $0 + $1.share * memory.bytes($1) }
        name = demand.keySize.mean(of: memory.allocator.string)
        expiring = demand.expiring
        measured = demand.server.bytesPerKey
    }

    /// The memory of so many keys in one server.
    package func keyspace(of keys: Double) -> KeyspaceMemory {
        let doubling = allocator.table(Allocator.buckets(keys) * 2)
        if let measured {
            return KeyspaceMemory(values: keys * measured, keys: 0, tables: 0, expiries: 0, nextDoubling: doubling)
        }
        let expiring = keys * expiring
        return KeyspaceMemory(
            values: keys * value, keys: keys * (allocator.usable(Self.entry) + name), tables: allocator.table(keys),
            expiries: expiring * allocator.usable(Self.expiryEntry) + allocator.table(expiring),
            nextDoubling: doubling)
    }
}
