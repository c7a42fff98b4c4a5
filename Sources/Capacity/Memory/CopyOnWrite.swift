import Glibc
package import SystemModel

/// What a fork costs in memory: pages that the parent writes while the child lives are there twice.
///
/// jemalloc keeps allocations of one size class together, so a write touches pages of a few pools: those of dictionary
/// entries, of objects, of texts of the value's class. A freed place is the next one to be used, so an overwritten
/// value touches one old place, not a new one besides. A place lies where its number in the pool puts it, not at the
/// beginning of a page: one of 10 KiB (two and a half pages) always touches three. Of a pool of P pages, n touches
/// spread evenly leave P·exp(-n/P) alone. Reads touch nothing: Redis leaves the LRU clock alone while a child lives
/// (db.c, lookupKey).
package struct CopyOnWrite: Sendable {
    static let page = 4096.0
    /// Duplicated without any write: stacks, allocator and client structures. Measured on 7.0.15 as `rdb_last_cow_size`
    /// of a snapshot without writes.
    static let idle = 560_000.0
    /// What a write of an element of a larger value touches of it.
    private static let pagesOfElement = 2.0

    /// Allocations of one class.
    private struct Pool {
        /// Bytes of an allocation; nil for what lies in no class of its own.
        var allocation: Double?
        var bytesPerKey: Double
        /// Pages that a write touches on average.
        var touches: Double
    }

    private var pools: [Pool] = []

    package init(_ demand: Demand, directives: SizingDirectives) {
        let allocator: Allocator = demand.server.bundledAllocator ? .bundled : .system
        add(allocator.usable(KeyCosts.entry), perKey: 1, touched: 1)
        let names = demand.keySize.points
        for name in names { add(allocator.string(name), perKey: 1 / Double(names.count), touched: 0) }
        let memory = ValueMemory(allocator: allocator, directives: directives)
        for value in demand.values {
            guard value.kind == .string else {
                let bytes = value.share * memory.bytes(value)
                pools.append(Pool(allocation: nil, bytesPerKey: bytes, touches: Self.pagesOfElement * value.share))
                continue
            }
            let points = value.size.points
            for length in points { addString(length, share: value.share / Double(points.count), memory) }
        }
        guard demand.expiring > 0 else { return }
        // An expiry is removed and entered anew: an entry, and two buckets of a table that is three quarters full.
        add(allocator.usable(KeyCosts.expiryEntry), perKey: demand.expiring, touched: demand.expiring)
        pools.append(
            Pool(allocation: nil, bytesPerKey: 8 / 0.75 * demand.expiring, touches: 2 * demand.expiring))
    }

    private mutating func addString(_ length: Double, share: Double, _ memory: ValueMemory) {
        guard length > 44 else { return add(memory.string(length), perKey: share, touched: share) }
        let allocator = memory.allocator
        add(allocator.usable(16), perKey: share, touched: share)
        add(allocator.string(length), perKey: share, touched: share)
    }

    private mutating func add(_ allocation: Double, perKey count: Double, touched: Double) {
        let touches = touched * Self.pages(of: allocation)
        if let index = pools.firstIndex(where: { $0.allocation == allocation }) {
            pools[index].bytesPerKey += allocation * count
            pools[index].touches += touches
        } else {
            pools.append(Pool(allocation: allocation, bytesPerKey: allocation * count, touches: touches))
        }
    }

    /// Pages that an allocation of a class touches, averaged over the places of the class, which lie one after another
    /// from the beginning of a page on (jemalloc, slabs). They begin at every multiple of what page and class have in
    /// common.
    static func pages(of allocation: Double) -> Double {
        let bytes = Int(max(1, min(allocation, 1e15)))
        // The page is a power of two: the largest one that divides both is the class's lowest bit, or the page.
        let common = min(page, Double(bytes & -bytes))
        return 1 + (Double(bytes) - common) / page
    }

    /// Bytes duplicated by writes to random keys while a child lives.
    package func duplicated(keys: Double, writes: Double, fragmentation: Double = 1) -> Double {
        pools.reduce(Self.idle) { sum, pool in
            let pages = keys * pool.bytesPerKey * fragmentation / Self.page
            return pages > 0 ? sum + Self.page * pages * (1 - exp(-writes * pool.touches / pages)) : sum
        }
    }

    /// The child's page tables: 8 bytes for each page.
    static func pageTables(resident: Double) -> Double { resident / page * 8 }
}
