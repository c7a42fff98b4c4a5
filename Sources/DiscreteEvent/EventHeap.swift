// The heap beneath `EventList`: where keys move.

extension EventList {
    @inlinable @inline(__always)
    static func key(_ time: Int64, _ stamp: UInt64) -> UInt128 {
        UInt128(UInt64(bitPattern: time)) << 64 | UInt128(stamp)
    }

    /// The root's payload, leaving the hole; nil where the root was a cancelled event, which leaves the hole too.
    @inlinable @inline(__always)
    mutating func takeRoot() -> Payload? {
        let root = keys[0]
        let stamp = UInt64(truncatingIfNeeded: root)
        let slot = slots + Int(truncatingIfNeeded: stamp & Self.slotMask)
        holeAtRoot = true
        guard slot.pointee.stamp == stamp else {
            cancelled -= 1
            return nil
        }
        slot.pointee.stamp = 0
        clock = Int64(truncatingIfNeeded: root >> 64)
        return slot.pointee.payload
    }

    /// Removes the key of the event taken last, where no schedule replaced it.
    @inlinable
    mutating func closeHole() {
        holeAtRoot = false
        releaseSlot(Int(truncatingIfNeeded: UInt64(truncatingIfNeeded: keys[0]) & Self.slotMask))
        length -= 1
        let last = keys[length]
        keys[length] = .max
        if length > 0 { siftDown(last) }
    }

    /// Files `key` in the place of the root.
    @inlinable @inline(__always)
    mutating func siftDown(_ key: UInt128) { siftDown(key, from: 0) }

    /// Files `key` at `start` or below, moving smaller children up.
    @inlinable @inline(__always)
    mutating func siftDown(_ key: UInt128, from start: Int) {
        let keys = keys
        let length = length
        var hole = start
        var child = 4 * start + 1
        while child < length {
            let (least, leastKey) = Self.least(of: keys + child)
            if key < leastKey { break }
            keys[hole] = leastKey
            hole = child &+ least
            child = 4 &* hole &+ 1
        }
        keys[hole] = key
    }

    /// Files `key` at `start` or above, moving larger parents down.
    @inlinable @inline(__always)
    mutating func siftUp(_ key: UInt128, from start: Int) {
        let keys = keys
        var hole = start
        while hole > 0 {
            let parent = (hole - 1) / 4
            if keys[parent] < key { break }
            keys[hole] = keys[parent]
            hole = parent
        }
        keys[hole] = key
    }

    /// The least of four keys and its index, without a branch.
    ///
    /// Borrows of subtractions pick indices and the picked keys are loaded again: measured a sixth faster per event
    /// than selecting the keys themselves by mask, which keeps too many halves of them in registers.
    @inlinable @inline(__always)
    static func least(of children: UnsafeMutablePointer<UInt128>) -> (Int, UInt128) {
        let left = children[1].subtractingReportingOverflow(children[0]).overflow ? 1 : 0
        let right = children[3].subtractingReportingOverflow(children[2]).overflow ? 3 : 2
        let rightIsLess = children[right].subtractingReportingOverflow(children[left]).overflow ? 1 : 0
        let index = left ^ ((left ^ right) & (0 &- rightIsLess))
        return (index, children[index])
    }

    // MARK: Slots and storage

    @inlinable @inline(__always)
    mutating func takeSlot() -> Int {
        if freeSlot >= 0 {
            let slot = freeSlot
            freeSlot = Int(truncatingIfNeeded: slots[slot].stamp & Self.slotMask) - 1
            return slot
        }
        if usedSlots == capacity { grow() }
        usedSlots += 1
        return usedSlots - 1
    }

    /// Chains a slot into the free ones. The link has no sequence bits, so no token matches it.
    @inlinable @inline(__always)
    mutating func releaseSlot(_ slot: Int) {
        slots[slot].stamp = UInt64(truncatingIfNeeded: freeSlot + 1)
        freeSlot = slot
    }

    @inlinable @inline(never)
    mutating func grow() {
        precondition(capacity < Self.largestCapacity, "more than 2^24 - 1 events pending")
        let larger = Swift.min(capacity * 2, Self.largestCapacity)
        let moved = Self.allocateKeys(larger)
        moved.update(from: keys, count: length)
        UnsafeMutableRawPointer(keys - Self.lead).deallocate()
        keys = moved
        let slab = UnsafeMutablePointer<EventSlot<Payload>>.allocate(capacity: larger)
        slab.update(from: slots, count: usedSlots)
        slots.deallocate()
        slots = slab
        capacity = larger
    }

    /// Room for `count` keys from a root placed so that siblings share a cache line; all `.max`, four beyond the end.
    @inlinable
    static func allocateKeys(_ count: Int) -> UnsafeMutablePointer<UInt128> {
        let total = count + lead + 4
        let raw = UnsafeMutableRawPointer.allocate(byteCount: total * 16, alignment: 64)
        return raw.initializeMemory(as: UInt128.self, repeating: .max, count: total) + lead
    }

    /// Removes the keys of cancelled events and rebuilds the heap; the order of the rest is in their keys.
    @inlinable @inline(never)
    mutating func compact() {
        if holeAtRoot { closeHole() }
        var kept = 0
        for index in 0..<length {
            let key = keys[index]
            let stamp = UInt64(truncatingIfNeeded: key)
            let slot = Int(truncatingIfNeeded: stamp & Self.slotMask)
            if slots[slot].stamp == stamp {
                keys[kept] = key
                kept += 1
            } else {
                releaseSlot(slot)
            }
        }
        (keys + kept).update(repeating: .max, count: length - kept)
        length = kept
        orderKeys()
        compactRun()
        compactBuckets()
        cancelled = 0
    }

    /// Makes a heap of keys in any order.
    @inlinable @inline(__always)
    mutating func orderKeys() {
        var parent = (length &- 2) >> 2
        while parent >= 0 {
            siftDown(keys[parent], from: parent)
            parent &-= 1
        }
    }
}
