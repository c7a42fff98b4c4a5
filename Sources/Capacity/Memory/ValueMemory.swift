import Glibc
package import SystemModel

/// Bytes of values in the encodings that 7.0.15 chooses (object.c, t_hash.c, t_zset.c, t_set.c, quicklist.c).
///
/// Texts are taken as texts: numbers, which Redis packs tighter, are over-estimated.
package struct ValueMemory: Sendable {
    package let allocator: Allocator
    package let directives: SizingDirectives

    package init(allocator: Allocator, directives: SizingDirectives = SizingDirectives()) {
        self.allocator = allocator
        self.directives = directives
    }

    /// `robj`: type, encoding, LRU, reference count, pointer.
    private static let object = 16.0
    /// `dictEntry` outside of the keyspace; `dict` of 7.0.
    private static let entry = 24.0
    private static let dictionary = 56.0

    /// Mean bytes of a value of that class, over its sizes.
    package func bytes(_ value: Demand.ValueClass) -> Double {
        switch value.kind {
        case .string: value.size.mean(of: string)
        case .hash: hash(value)
        case .set: allocator.usable(Self.object) + table(value.elements, element: value.size.mean(of: allocator.string))
        case .list: list(value)
        case .zset: sortedSet(value)
        }
    }

    /// Up to 44 bytes share one allocation with the object (OBJ_ENCODING_EMBSTR_SIZE_LIMIT); longer ones have one more.
    package func string(_ length: Double) -> Double {
        length <= 44
            ? allocator.usable(Self.object + 3 + length + 1)
            : allocator.usable(Self.object) + allocator.string(length)
    }

    private func hash(_ value: Demand.ValueClass) -> Double {
        let limit = directives.hashListpackValue
        let fits = share(of: value.fieldSize, within: limit) * share(of: value.size, within: limit)
        let packed = value.elements <= directives.hashListpackEntries ? pow(fits, value.elements) : 0
        let pair =
            value.fieldSize.mean(of: Self.listpackEntry) + value.size.mean(of: Self.listpackEntry)
        let listpack = allocator.usable(Self.listpackFrame + value.elements * pair)
        let element = value.fieldSize.mean(of: allocator.string) + value.size.mean(of: allocator.string)
        let spread = table(value.elements, element: element)
        return allocator.usable(Self.object) + packed * listpack + (1 - packed) * spread
    }

    private func sortedSet(_ value: Demand.ValueClass) -> Double {
        let fits = share(of: value.size, within: directives.zsetListpackValue)
        let packed = value.elements <= directives.zsetListpackEntries ? pow(fits, value.elements) : 0
        let pair = value.size.mean(of: Self.listpackEntry) + Self.listpackEntry(Self.scoreLength)
        let listpack = allocator.usable(Self.listpackFrame + value.elements * pair)
        // A skip list beside the dictionary (server.h): 32 levels in the head, 4/3 levels of 16 bytes in a node.
        let head = allocator.usable(24 + 16 * 32) + allocator.usable(32) + allocator.usable(16)
        let levels = (1...8).reduce(0.0) { sum, level in
            sum + pow(0.25, Double(level - 1)) * 0.75 * allocator.usable(24 + 16 * Double(level))
        }
        let spread = head + table(value.elements, element: value.size.mean(of: allocator.string) + levels)
        return allocator.usable(Self.object) + packed * listpack + (1 - packed) * spread
    }

    /// A quicklist of listpacks of 8 KiB at most (`list-max-listpack-size -2`).
    private func list(_ value: Demand.ValueClass) -> Double {
        let element = value.size.mean(of: Self.listpackEntry)
        let capacity = max(1, ((8192 - Self.listpackFrame) / element).rounded(.down))
        let full = (value.elements / capacity).rounded(.down)
        let rest = value.elements - full * capacity
        func node(_ elements: Double) -> Double {
            elements > 0 ? allocator.usable(40) + allocator.usable(Self.listpackFrame + elements * element) : 0
        }
        return allocator.usable(Self.object) + allocator.usable(40) + full * node(capacity) + node(rest)
    }

    private func table(_ elements: Double, element: Double) -> Double {
        allocator.usable(Self.dictionary) + allocator.table(elements)
            + elements * (allocator.usable(Self.entry) + element)
    }

    // MARK: Listpacks

    /// Header and end mark of a listpack (listpack.c).
    static let listpackFrame = 7.0
    /// A score as text, such as 1763848000.
    private static let scoreLength = 10.0

    /// An element of a listpack: its encoding, its bytes, its length once more for reading backwards.
    static func listpackEntry(_ length: Double) -> Double {
        let encoding: Double = length < 64 ? 1 : length < 4096 ? 2 : 5
        let body = encoding + length
        let back: Double = body <= 127 ? 1 : body <= 16_383 ? 2 : body <= 2_097_151 ? 3 : 4
        return body + back
    }

    private func share(of sizes: ByteSizes, within limit: Double) -> Double {
        let points = sizes.points
        return Double(points.count { $0 <= limit }) / Double(points.count)
    }
}
