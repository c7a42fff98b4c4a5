package import Randomness

/// The dictionary of known nodes (dict.c): chained hashing with a random seed per process, so that iteration order and
/// the bias of "random" picks differ from process to process, as on real servers.
package struct NodeTable: ~Copyable, Sendable {
    /// Entries by index; holes have `inUse == false`. Index 0 is this node.
    package var peers = FlatArray<Peer>()
    /// When a tick next has to look at each peer, by index; see `Cron`.
    package var deadlines = FlatArray<Milliseconds>()
    /// Index by NodeID, or `noPeer`.
    private var indexByID = FlatArray<PeerIndex>()
    /// Entries in iteration order: bucket by bucket, newest first inside a chain.
    package private(set) var order = FlatArray<PeerIndex>()
    /// Start of each non-empty bucket's chain in `order`, and one past the last.
    private var chainStarts = FlatArray<Int32>()
    /// What `rebuildOrder` works with: entries as they were ordered, and where each bucket's chain ends.
    private var sequence = FlatArray<PeerIndex>()
    private var bucketEnds = FlatArray<Int32>()
    private var buckets = 4
    package private(set) var count = 0 {
        didSet { gossipShare = min(max(3, count / 10), max(count - 2, 0)) }
    }
    /// How many entries a ping or pong tells of: a tenth, at least three, neither its sender nor its receiver
    /// (clusterSendPing).
    private(set) var gossipShare = 0

    package init() {}

    package mutating func removeAll() {
        peers.removeAll()
        deadlines.removeAll()
        indexByID.removeAll()
        order.removeAll()
        chainStarts.removeAll()
        buckets = 4
        count = 0
    }

    @inline(__always)
    package func index(of id: NodeID) -> PeerIndex {
        Int(id) < indexByID.count ? indexByID[Int(id)] : noPeer
    }

    /// The least of `deadlines`.
    var earliestDeadline: Milliseconds {
        let start = deadlines.start
        let count = deadlines.count
        var earliest = Milliseconds.max
        var index = 0
        // Nothing is below 0. To ask for that keeps the loop from being made of vectors, whose 64-bit comparisons cost
        // more on a plain x86-64.
        while index < count, earliest > 0 {
            earliest = min(earliest, start[index])
            index &+= 1
        }
        return earliest
    }

    /// `index(of:)` for a loop over many ids, until the table next changes.
    var indices: PeerIndices {
        @inline(__always) get { PeerIndices(start: indexByID.start, count: indexByID.count) }
    }

    /// Adds an entry; the hash is drawn, as the process's siphash seed makes it random.
    @discardableResult
    package mutating func add(_ peer: Peer, _ dice: inout RandomStream) -> PeerIndex {
        var entry = peer
        entry.hash = UInt32(truncatingIfNeeded: dice.next())
        let index: PeerIndex
        if let hole = peers.firstIndex(where: { !$0.inUse }) {
            index = PeerIndex(hole)
            peers[hole] = entry
            deadlines[hole] = 0
        } else {
            index = PeerIndex(peers.count)
            peers.append(entry)
            deadlines.append(0)
        }
        note(id: entry.id, index)
        // _dictExpandIfNeeded: a full table grows to the next power of two above its size.
        if count >= buckets { buckets *= 2 }
        count += 1
        rebuildOrder(newest: index)
        return index
    }

    /// Adds many at once: a table as it is after a long life, or loaded from a file.
    package mutating func add(contentsOf entries: [Peer], _ dice: inout RandomStream) {
        for entry in entries {
            var entry = entry
            entry.hash = UInt32(truncatingIfNeeded: dice.next())
            note(id: entry.id, PeerIndex(peers.count))
            order.append(PeerIndex(peers.count))
            peers.append(entry)
            deadlines.append(0)
            if count >= buckets { buckets *= 2 }
            count += 1
        }
        rebuildOrder(newest: noPeer)
    }

    package mutating func remove(_ index: PeerIndex) {
        indexByID[Int(peers[Int(index)].id)] = noPeer
        peers[Int(index)].inUse = false
        deadlines[Int(index)] = .max
        count -= 1
        rebuildOrder(newest: noPeer)
    }

    /// clusterRenameNode: the same entry under its real id.
    package mutating func rename(_ index: PeerIndex, to id: NodeID, _ dice: inout RandomStream) {
        indexByID[Int(peers[Int(index)].id)] = noPeer
        peers[Int(index)].id = id
        peers[Int(index)].hash = UInt32(truncatingIfNeeded: dice.next())
        note(id: id, index)
        rebuildOrder(newest: index)
    }

    /// The table's random picks, until it next changes.
    var picks: RandomPicks {
        @inline(__always) get {
            RandomPicks(
                order: order.start, chainStarts: chainStarts.start,
                chains: UInt64(truncatingIfNeeded: chainStarts.count - 1))
        }
    }

    /// Where dictGetSomeKeys begins: at a uniformly drawn bucket, and if that is empty at the next that is not. A
    /// position in `order`.
    func randomStart(_ dice: inout RandomStream) -> Int {
        let drawn = dice.below(buckets)
        return order.indices.first { bucket(of: order[$0]) >= drawn } ?? 0
    }

    private mutating func note(id: NodeID, _ index: PeerIndex) {
        while indexByID.count <= Int(id) { indexByID.append(noPeer) }
        indexByID[Int(id)] = index
    }

    /// Sorts the entries by bucket, keeping their order inside each chain; `newest` leads its own.
    private mutating func rebuildOrder(newest: PeerIndex) {
        sequence.removeAll()
        if newest != noPeer { sequence.append(newest) }
        for position in order.indices where order[position] != newest && peers[Int(order[position])].inUse {
            sequence.append(order[position])
        }
        order.reset(to: noPeer, count: sequence.count)
        bucketEnds.reset(to: 0, count: buckets)
        for position in sequence.indices { bucketEnds[bucket(of: sequence[position])] += 1 }
        chainStarts.removeAll()
        var end: Int32 = 0
        for bucket in bucketEnds.indices {
            if bucketEnds[bucket] > 0 { chainStarts.append(end) }
            end += bucketEnds[bucket]
            bucketEnds[bucket] = end
        }
        var position = sequence.count
        while position > 0 {
            position -= 1
            let bucket = bucket(of: sequence[position])
            bucketEnds[bucket] -= 1
            order[Int(bucketEnds[bucket])] = sequence[position]
        }
        chainStarts.append(Int32(order.count))
    }

    private func bucket(of index: PeerIndex) -> Int { Int(peers[Int(index)].hash) & (buckets - 1) }
}

/// Which entry is whose, in a table that does not change meanwhile.
struct PeerIndices {
    let start: UnsafeMutablePointer<PeerIndex>
    let count: Int

    @inline(__always)
    func index(of id: NodeID) -> PeerIndex { Int(id) < count ? start[Int(id)] : noPeer }
}

/// dictGetRandomKey over a table that does not change meanwhile.
struct RandomPicks {
    let order: UnsafeMutablePointer<PeerIndex>
    let chainStarts: UnsafeMutablePointer<Int32>
    let chains: UInt64

    /// A uniformly drawn non-empty bucket, then uniform inside its chain. May be the table's owner.
    @inline(__always)
    func draw(_ dice: inout RandomStream) -> PeerIndex {
        let bits = dice.next()
        let chain = chainStarts + Int(truncatingIfNeeded: ((bits >> 32) &* chains) >> 32)
        let length = UInt64(truncatingIfNeeded: chain[1] &- chain[0])
        let place = ((bits & 0xFFFF_FFFF) &* length) >> 32
        return order[Int(chain[0]) &+ Int(truncatingIfNeeded: place)]
    }
}
