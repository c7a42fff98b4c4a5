/// Keys of the far future, unsorted: buckets of equal width in time, and one list of all that lies beyond them.
///
/// Keys are kept in chunks of seven behind a link, 128 bytes together, so that a bucket is filed into and read by whole
/// cache lines. A list is named by its newest chunk and how full that is; older chunks are full. Chunks are recycled:
/// steady state allocates nothing.
@frozen @usableFromInline
struct EventBuckets {
    /// Eight words of 16 bytes each: the next chunk's number, and seven keys. Number 0 is no chunk.
    @usableFromInline var chunks: UnsafeMutablePointer<UInt128>?
    @usableFromInline var chunkCapacity = 0
    /// Chunks from here on were never used.
    @usableFromInline var usedChunks = 1
    @usableFromInline var freeChunk = 0
    /// The list of each bucket.
    @usableFromInline var lists: UnsafeMutablePointer<Int>?
    @usableFromInline var listCapacity = 0
    /// Buckets in use; those before `nextBucket` are done and empty.
    @usableFromInline var bucketCount = 0
    @usableFromInline var nextBucket = 0
    /// Bucket i holds times from start + i * 2^widthBits on.
    @usableFromInline var start: Int64 = 0
    @usableFromInline var widthBits: Int64 = 0
    /// Keys in buckets, and beyond them.
    @usableFromInline var inBuckets = 0
    @usableFromInline var beyond = 0
    @usableFromInline var listBeyond = Self.emptyList

    /// No chunk, and full: the next key needs a new one.
    @inlinable @inline(__always) static var emptyList: Int { 7 }

    @inlinable
    init() {}

    @inlinable @inline(__always)
    var count: Int { inBuckets &+ beyond }

    @inlinable
    func deallocate() {
        chunks?.deallocate()
        lists?.deallocate()
    }

    @inlinable
    mutating func removeAll() {
        if inBuckets > 0 { lists?.update(repeating: Self.emptyList, count: bucketCount) }
        bucketCount = 0
        nextBucket = 0
        start = 0
        widthBits = 0
        inBuckets = 0
        beyond = 0
        listBeyond = Self.emptyList
        usedChunks = 1
        freeChunk = 0
    }

    /// Files a key whose time is in the next bucket or later.
    @inlinable @inline(__always)
    mutating func file(_ key: UInt128, _ time: Int64) {
        let bucket = Int(truncatingIfNeeded: (time &- start) &>> widthBits)
        if bucket < bucketCount, let lists {
            lists[bucket] = appended(key, to: lists[bucket])
            inBuckets &+= 1
        } else {
            listBeyond = appended(key, to: listBeyond)
            beyond &+= 1
        }
    }

    /// Adds a key to a list; returns the list's new name.
    @inlinable @inline(__always)
    mutating func appended(_ key: UInt128, to list: Int) -> Int {
        let longer = list & 7 == 7 ? takeChunk(before: list >> 3) : list &+ 1
        // Chunk and fill together are the key's place: the link is at fill 0.
        chunks.unsafelyUnwrapped[longer] = key
        return longer
    }

    /// A new chunk linked to another, as the name of a list of one key.
    @inlinable
    mutating func takeChunk(before next: Int) -> Int {
        var chunk = freeChunk
        if chunk != 0, let chunks {
            freeChunk = Int(truncatingIfNeeded: chunks[8 &* chunk])
        } else {
            if usedChunks >= chunkCapacity { growChunks() }
            chunk = usedChunks
            usedChunks &+= 1
        }
        chunks.unsafelyUnwrapped[8 &* chunk] = UInt128(truncatingIfNeeded: next)
        return 8 &* chunk &+ 1
    }

    /// Gives a list's newest chunk back; returns the name of what remains of the list.
    @inlinable @inline(__always)
    mutating func dropChunk(of list: Int) -> Int {
        guard let chunks else { return Self.emptyList }
        let chunk = list >> 3
        let next = Int(truncatingIfNeeded: chunks[8 &* chunk])
        chunks[8 &* chunk] = UInt128(truncatingIfNeeded: freeChunk)
        freeChunk = chunk
        return 8 &* next &+ 7
    }

    @inlinable @inline(never)
    mutating func growChunks() {
        let capacity = Swift.max(64, 2 * chunkCapacity)
        let raw = UnsafeMutableRawPointer.allocate(byteCount: 128 * capacity, alignment: 128)
        let larger = raw.bindMemory(to: UInt128.self, capacity: 8 * capacity)
        if let chunks {
            larger.update(from: chunks, count: 8 * usedChunks)
            chunks.deallocate()
        }
        chunks = larger
        chunkCapacity = capacity
    }

    /// Calls with each key of a list, giving its chunks back.
    @inlinable @inline(__always)
    mutating func drain(_ list: Int, _ take: (inout Self, UInt128) -> Void) {
        var list = list
        while list > Self.emptyList {
            var place = list
            while place & 7 != 0 {
                take(&self, chunks.unsafelyUnwrapped[place])
                place &-= 1
            }
            list = dropChunk(of: list)
        }
    }

    /// Spreads the keys beyond over new buckets, some six in each of the first ones; all buckets are empty.
    @inlinable @inline(never)
    mutating func spread() {
        guard let chunks, beyond > 0 else { return }
        var (first, sum) = (Int64.max, 0.0)
        var list = listBeyond
        while list > Self.emptyList {
            var place = list
            while place & 7 != 0 {
                let time = Int64(truncatingIfNeeded: chunks[place] >> 64)
                first = Swift.min(first, time)
                sum += Double(time)
                place &-= 1
            }
            list = 8 &* Int(truncatingIfNeeded: chunks[8 &* (list >> 3)]) &+ 7
        }
        let events = Double(beyond)
        // Half as many buckets as events reach some four times their average distance.
        makeLists(Swift.max(beyond / 2, 1))
        start = first
        widthBits = Int64(Swift.max(8 * (sum / events - Double(first)) / events, 1).exponent)
        nextBucket = 0
        list = listBeyond
        listBeyond = Self.emptyList
        beyond = 0
        drain(list) { $0.file($1, Int64(truncatingIfNeeded: $1 >> 64)) }
    }

    @inlinable
    mutating func makeLists(_ count: Int) {
        if count > listCapacity {
            lists?.deallocate()
            let larger = UnsafeMutablePointer<Int>.allocate(capacity: 2 * count)
            larger.initialize(repeating: Self.emptyList, count: 2 * count)
            lists = larger
            listCapacity = 2 * count
        }
        bucketCount = count
    }
}
