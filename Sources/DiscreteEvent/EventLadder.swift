// Heap, run and buckets together: a ladder queue with one rung (Tang, Goh and Thng 2005).
//
// Filing into a bucket costs the same whatever is pending. The next bucket with events becomes the run, in order; only
// latecomers, filed before the run's end, are in the heap then. When the last bucket is done the events beyond are
// spread over new buckets, whose width follows from how far away they lie on average. Times that defeat the width end
// in a crowded bucket, which becomes a heap: never much worse than the heap alone.

extension EventList {
    /// So many keys make a heap slow enough for buckets to pay; so few that they do not any more.
    @inlinable @inline(__always) static var crowd: Int { 384 }
    @inlinable @inline(__always) static var company: Int { 96 }

    /// Moves every key from the heap to the buckets, and the nearest ones back.
    @inlinable @inline(never)
    mutating func openBuckets() {
        for index in 0..<length { buckets.file(keys[index], Int64(truncatingIfNeeded: keys[index] >> 64)) }
        keys.update(repeating: .max, count: length)
        length = 0
        _ = refill()
    }

    /// Fills the empty run, or heap, with the events of the next bucket; false where nothing is pending.
    @inlinable @inline(never)
    mutating func refill() -> Bool {
        while buckets.count > 0 {
            if buckets.inBuckets == 0 {
                if buckets.beyond <= Self.company {
                    takeAll(buckets.listBeyond)
                    break
                }
                buckets.spread()
            }
            guard let lists = buckets.lists else { return false }
            var bucket = buckets.nextBucket
            while lists[bucket] == EventBuckets.emptyList { bucket &+= 1 }
            let list = lists[bucket]
            lists[bucket] = EventBuckets.emptyList
            buckets.nextBucket = bucket &+ 1
            boundary = buckets.start &+ Int64(truncatingIfNeeded: bucket &+ 1) &<< buckets.widthBits
            buckets.inBuckets &-= takeAll(list)
            if length > 0 || runLength > 0 { return true }
        }
        boundary = .max
        buckets.removeAll()
        return length > 0 || runLength > 0
    }

    /// Makes the run, or the heap, of a list's events without the cancelled ones; returns how many keys the list had.
    @inlinable @discardableResult
    mutating func takeAll(_ list: Int) -> Int {
        var (live, dropped) = (0, 0)
        let (keys, slots) = (keys, slots)
        var list = list
        while list > EventBuckets.emptyList {
            var place = list
            while place & 7 != 0 {
                let key = buckets.chunks.unsafelyUnwrapped[place]
                let slot = Int(truncatingIfNeeded: UInt64(truncatingIfNeeded: key) & Self.slotMask)
                if slots[slot].stamp == UInt64(truncatingIfNeeded: key) {
                    keys[live] = key
                    live &+= 1
                } else {
                    releaseSlot(slot)
                    dropped &+= 1
                }
                place &-= 1
            }
            list = buckets.dropChunk(of: list)
        }
        cancelled &-= dropped
        if live <= Self.longestRun {
            sortRun(live)
        } else {
            length = live
            orderKeys()
        }
        return live &+ dropped
    }

    /// A bucket with more events becomes a heap.
    @inlinable @inline(__always) static var longestRun: Int { 24 }

    /// Moves the first keys of the heap's storage into the run, in descending order.
    ///
    /// Each key is placed by the number of keys above it, counted without a branch.
    @inlinable @inline(__always)
    mutating func sortRun(_ count: Int) {
        let (keys, run) = (keys, run)
        for index in 0..<count {
            let key = keys[index]
            var above = 0
            var other = 0
            while other < count {
                // The sign of the difference: both are below 2^126.
                above &+= Int(truncatingIfNeeded: UInt64(truncatingIfNeeded: (key &- keys[other]) >> 64) >> 63)
                other &+= 1
            }
            run[above] = key
        }
        keys.update(repeating: .max, count: count)
        runLength = count
    }

    /// True where the run's next event comes before the heap's; false where the run is empty.
    @inlinable @inline(__always)
    var runIsNext: Bool { runLength > 0 && (length == 0 || run[runLength &- 1] < keys[0]) }

    /// The payload of the run's next event; nil where it was cancelled.
    @inlinable @inline(__always)
    mutating func takeRun() -> Payload? {
        runLength &-= 1
        let key = run[runLength]
        let stamp = UInt64(truncatingIfNeeded: key)
        let slot = Int(truncatingIfNeeded: stamp & Self.slotMask)
        let content = slots[slot]
        releaseSlot(slot)
        guard content.stamp == stamp else {
            cancelled &-= 1
            return nil
        }
        clock = Int64(truncatingIfNeeded: key >> 64)
        return content.payload
    }

    /// Drops cancelled events from the run.
    @inlinable
    mutating func compactRun() {
        var kept = 0
        for index in 0..<runLength {
            let stamp = UInt64(truncatingIfNeeded: run[index])
            let slot = Int(truncatingIfNeeded: stamp & Self.slotMask)
            if slots[slot].stamp == stamp {
                run[kept] = run[index]
                kept &+= 1
            } else {
                releaseSlot(slot)
            }
        }
        runLength = kept
    }

    /// Drops cancelled events from the buckets and from beyond.
    @inlinable
    mutating func compactBuckets() {
        guard buckets.count > 0 else { return }
        if buckets.inBuckets > 0, let lists = buckets.lists {
            for bucket in buckets.nextBucket..<buckets.bucketCount {
                let (list, dropped) = compacted(lists[bucket])
                lists[bucket] = list
                buckets.inBuckets &-= dropped
            }
        }
        let (list, dropped) = compacted(buckets.listBeyond)
        buckets.listBeyond = list
        buckets.beyond &-= dropped
    }

    /// A list without its cancelled events, and how many they were.
    @inlinable
    mutating func compacted(_ list: Int) -> (list: Int, dropped: Int) {
        var (kept, dropped, rest) = (EventBuckets.emptyList, 0, list)
        while rest > EventBuckets.emptyList {
            var place = rest
            while place & 7 != 0 {
                let key = buckets.chunks.unsafelyUnwrapped[place]
                let slot = Int(truncatingIfNeeded: UInt64(truncatingIfNeeded: key) & Self.slotMask)
                if slots[slot].stamp == UInt64(truncatingIfNeeded: key) {
                    kept = buckets.appended(key, to: kept)
                } else {
                    releaseSlot(slot)
                    dropped &+= 1
                }
                place &-= 1
            }
            rest = buckets.dropChunk(of: rest)
        }
        return (kept, dropped)
    }
}
