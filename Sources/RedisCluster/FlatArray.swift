/// A growable array of plain values that one owner holds: an index is a load, and a change is a store.
///
/// Swift's own array asks before each change whether somebody else shares its storage, which costs more than most
/// changes a simulated event makes. This one cannot be shared, because it cannot be copied. Storage is kept when
/// elements are removed, so a steady state allocates nothing; it starts a cache line.
@frozen
public struct FlatArray<Element: BitwiseCopyable>: ~Copyable, @unchecked Sendable {
    @usableFromInline var base: UnsafeMutablePointer<Element>
    @usableFromInline var capacity: Int
    @usableFromInline var length = 0

    @inlinable
    public init(minimumCapacity: Int = 8) {
        capacity = Swift.max(minimumCapacity, 1)
        base = Self.allocate(capacity)
    }

    @inlinable
    deinit { UnsafeMutableRawPointer(base).deallocate() }

    @inlinable
    public var count: Int { @inline(__always) get { length } }

    @inlinable
    public var isEmpty: Bool { @inline(__always) get { length == 0 } }

    @inlinable
    public var indices: Range<Int> { @inline(__always) get { Range(uncheckedBounds: (0, length)) } }

    /// Where the elements are, for a loop that reads and writes many of them; until the next `append`.
    @inlinable
    public var start: UnsafeMutablePointer<Element> { @inline(__always) get { base } }

    /// The element at an index below `count`, which debug builds check.
    @inlinable
    public subscript(_ index: Int) -> Element {
        @inline(__always) _read {
            assert(index >= 0 && index < length, "an index beyond the end")
            yield base[index]
        }
        @inline(__always) _modify {
            assert(index >= 0 && index < length, "an index beyond the end")
            yield &base[index]
        }
    }

    @inlinable @inline(__always)
    public mutating func append(_ element: Element) {
        if length == capacity { grow() }
        base[length] = element
        length &+= 1
    }

    /// Takes the last element away; nil where there is none.
    @inlinable @inline(__always)
    public mutating func popLast() -> Element? {
        guard length > 0 else { return nil }
        length &-= 1
        return base[length]
    }

    @inlinable @inline(__always)
    public mutating func removeAll() { length = 0 }

    /// Forgets the first `amount` elements, at most `count`; the others move up.
    @inlinable
    public mutating func removeFirst(_ amount: Int) {
        precondition(amount >= 0 && amount <= length, "more elements removed than there are")
        length &-= amount
        base.update(from: base + amount, count: length)
    }

    /// Becomes `amount` times `element`.
    @inlinable
    public mutating func reset(to element: Element, count amount: Int) {
        length = 0
        for _ in 0..<amount { append(element) }
    }

    @inlinable
    public func contains(where matches: (Element) -> Bool) -> Bool {
        for index in indices where matches(base[index]) { return true }
        return false
    }

    @inlinable
    public func firstIndex(where matches: (Element) -> Bool) -> Int? {
        for index in indices where matches(base[index]) { return index }
        return nil
    }

    /// The elements as an array, for readers that keep them.
    public var elements: [Element] { Array(UnsafeBufferPointer(start: base, count: length)) }

    @inlinable @inline(never)
    mutating func grow() {
        let larger = Self.allocate(capacity * 2)
        larger.update(from: base, count: length)
        UnsafeMutableRawPointer(base).deallocate()
        base = larger
        capacity *= 2
    }

    @inlinable
    static func allocate(_ count: Int) -> UnsafeMutablePointer<Element> {
        UnsafeMutableRawPointer.allocate(byteCount: count * MemoryLayout<Element>.stride, alignment: 64)
            .bindMemory(to: Element.self, capacity: count)
    }
}
