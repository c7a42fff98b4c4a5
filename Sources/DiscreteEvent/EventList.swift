/// The future of one simulation: payloads in order of time, ties in order of scheduling.
///
/// Times are integer nanoseconds. The list is a 4-ary heap of 128-bit keys
///
///     time (62 bits) | sequence (40 bits) | slot (24 bits)
///
/// so that one comparison settles time and tie together and the order is total: the same schedule calls give the same
/// order of events, always. Payloads stay put in a slab and are found by slot. Comparisons are arithmetic rather than
/// branches, because the branches of a heap cannot be predicted; the four children of a node share one cache line.
///
/// Where hundreds are pending, only the events of the near future are in the heap; the others wait unsorted in buckets
/// of time (`EventLadder.swift`), which changes speed and nothing else.
///
/// Taking an event leaves its key at the root until it is known what comes next: nearly every handler schedules
/// something, and that first schedule then replaces the root in one pass instead of a removal and an insertion.
///
/// Bounds: times in 0 ..< 2^62 ns (146 years), 2^24 - 1 events pending, 2^40 - 1 (10^12) schedules between two
/// `removeAll()`; beyond them it traps. Memory grows with the largest number pending and is reused; steady state
/// allocates nothing.
@frozen
public struct EventList<Payload: BitwiseCopyable>: ~Copyable {
    /// The root at 0, the children of i at 4i+1 ... 4i+4; `.max` from `length` to the end of the storage, so that a
    /// comparison among four children never has to ask how many there are.
    @usableFromInline var keys: UnsafeMutablePointer<UInt128>
    @usableFromInline var slots: UnsafeMutablePointer<EventSlot<Payload>>
    /// Keys in the heap: events before `boundary`, cancelled ones not yet removed, and the root's hole.
    @usableFromInline var length = 0
    @usableFromInline var capacity: Int
    /// Slots from here on were never used.
    @usableFromInline var usedSlots = 0
    /// The last slot freed, or -1; free slots are chained through their stamps.
    @usableFromInline var freeSlot = -1
    @usableFromInline var cancelled = 0
    /// The next sequence number, in its place above the slot bits; 0 is never given out.
    @usableFromInline var sequence = Self.firstSequence
    /// True while the root's event is taken and nothing replaced its key yet.
    @usableFromInline var holeAtRoot = false
    @usableFromInline var clock: Int64 = 0
    /// Events from here on are in buckets; `.max` while none are.
    @usableFromInline var boundary = Int64.max
    /// The next bucket's events in descending order, taken from the end; only latecomers before `boundary` are in the
    /// heap then.
    @usableFromInline var run: UnsafeMutablePointer<UInt128>
    @usableFromInline var runLength = 0
    @usableFromInline var buckets = EventBuckets()

    @inlinable @inline(__always) static var slotBits: Int { 24 }
    @inlinable @inline(__always) static var firstSequence: UInt64 { 1 << slotBits }
    @inlinable @inline(__always) static var slotMask: UInt64 { firstSequence - 1 }
    /// One slot less than the bits can name: a free slot's link is its number plus one.
    @inlinable @inline(__always) static var largestCapacity: Int { Int(slotMask) }
    /// Keys before the root, so that each group of four children starts a cache line of 64 bytes.
    @inlinable @inline(__always) static var lead: Int { 3 }

    /// An empty list at time 0 with room for `minimumCapacity` pending events before it first grows.
    @inlinable
    public init(minimumCapacity: Int) {
        capacity = Swift.min(Swift.max(minimumCapacity, 16), Self.largestCapacity)
        keys = Self.allocateKeys(capacity)
        slots = .allocate(capacity: capacity)
        run = .allocate(capacity: Self.longestRun)
    }

    @inlinable
    deinit {
        UnsafeMutableRawPointer(keys - Self.lead).deallocate()
        slots.deallocate()
        run.deallocate()
        buckets.deallocate()
    }

    /// The time of the last event taken, or the last horizon reached, in ns.
    @inlinable @inline(__always)
    public var now: Int64 { clock }

    /// Events pending: scheduled, neither taken nor cancelled.
    @inlinable @inline(__always)
    public var count: Int { storedKeys - cancelled - (holeAtRoot ? 1 : 0) }

    /// Keys held, cancelled ones among them: what memory is used for. At most twice `count`, or 130 where that is more.
    @inlinable
    public var storedKeys: Int { length + runLength + buckets.count }

    /// Files a payload at a time in `now` ..< 2^62; traps outside.
    @inlinable @inline(__always) @discardableResult
    public mutating func schedule(_ payload: Payload, at time: Int64) -> EventToken {
        precondition(time >= clock, "an event cannot be scheduled in the past")
        precondition(time < 1 << 62, "event times end at 2^62 ns")
        let stamp: UInt64
        if time >= boundary {
            if holeAtRoot { closeHole() }
            stamp = sequence | UInt64(truncatingIfNeeded: takeSlot())
            buckets.file(Self.key(time, stamp), time)
        } else if holeAtRoot {
            stamp = sequence | UInt64(truncatingIfNeeded: keys[0]) & Self.slotMask
            holeAtRoot = false
            siftDown(Self.key(time, stamp))
        } else {
            let slot = takeSlot()
            stamp = sequence | UInt64(truncatingIfNeeded: slot)
            length += 1
            siftUp(Self.key(time, stamp), from: length - 1)
            if length > Self.crowd && boundary == .max {
                slots[slot] = EventSlot(stamp: stamp, payload: payload)
                openBuckets()
            }
        }
        sequence += Self.firstSequence
        slots[Int(truncatingIfNeeded: stamp & Self.slotMask)] = EventSlot(stamp: stamp, payload: payload)
        return EventToken(stamp: stamp)
    }

    /// Takes the next event and advances `now` to its time; nil when nothing is pending.
    @inlinable @inline(__always)
    public mutating func next() -> Payload? {
        while true {
            if holeAtRoot { closeHole() }
            if runIsNext {
                if let payload = takeRun() { return payload }
            } else if length > 0 {
                if let payload = takeRoot() { return payload }
            } else if !refill() {
                return nil
            }
        }
    }

    /// Takes the next event if its time is at most `horizon`; otherwise returns nil, and `now` is the horizon.
    @inlinable @inline(__always)
    public mutating func next(notAfter horizon: Int64) -> Payload? {
        while true {
            if holeAtRoot { closeHole() }
            let inRun = runIsNext
            if !inRun && length == 0 {
                if boundary < .max && refill() { continue }
                break
            }
            let time = Int64(truncatingIfNeeded: (inRun ? run[runLength &- 1] : keys[0]) >> 64)
            if time > horizon { break }
            if let payload = inRun ? takeRun() : takeRoot() { return payload }
        }
        clock = Swift.max(clock, horizon)
        return nil
    }

    /// Cancels a pending event; false where it was taken or cancelled before.
    ///
    /// Its key is removed when it surfaces, or when half of all keys are cancelled ones: memory stays bounded by twice
    /// the number pending.
    @inlinable
    public mutating func cancel(_ token: EventToken) -> Bool {
        let slot = Int(truncatingIfNeeded: token.stamp & Self.slotMask)
        guard token.stamp != 0, slot < usedSlots, slots[slot].stamp == token.stamp else { return false }
        slots[slot].stamp = 0
        cancelled += 1
        if cancelled > 64 && cancelled * 2 > storedKeys { compact() }
        return true
    }

    /// Forgets every event and starts again at time 0 and sequence 1, keeping the storage.
    @inlinable
    public mutating func removeAll() {
        keys.update(repeating: .max, count: length)
        length = 0
        usedSlots = 0
        freeSlot = -1
        cancelled = 0
        sequence = Self.firstSequence
        holeAtRoot = false
        clock = 0
        boundary = .max
        runLength = 0
        buckets.removeAll()
    }
}

/// A payload and the stamp of the event it belongs to; 0 once taken or cancelled, a chain link while free.
@frozen @usableFromInline
struct EventSlot<Payload: BitwiseCopyable> {
    @usableFromInline var stamp: UInt64
    @usableFromInline var payload: Payload

    @inlinable @inline(__always)
    init(stamp: UInt64, payload: Payload) {
        self.stamp = stamp
        self.payload = payload
    }
}
