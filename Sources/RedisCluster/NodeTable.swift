package import Randomness

/// The dictionary of known nodes (dict.c): chained hashing with a random seed per process, so that iteration order and
/// the bias of "random" picks differ from process to process, as on real servers.
package struct NodeTable: Sendable {
    /// Entries by index; holes have `inUse == false`. Index 0 is this node.
    package var peers: [Peer] = []
    /// When a tick next has to look at each peer, by index; see `Cron`.
    package var deadlines: [Milliseconds] = []
    /// Index by NodeID, or `noPeer`.
    private var indexByID: [PeerIndex] = []
    /// Entries in iteration order: bucket by bucket, newest first inside a chain.
    package private(set) var order: [PeerIndex] = []
    /// Start of each non-empty bucket's chain in `order`, and one past the last.
    private var chainStarts: [Int32] = []
    private var chainsAreSingle = true
    private var buckets = 4
    package private(set) var count = 0

    package init() {}

    package mutating func removeAll() {
        peers.removeAll(keepingCapacity: true)
        deadlines.removeAll(keepingCapacity: true)
        indexByID.removeAll(keepingCapacity: true)
        order.removeAll(keepingCapacity: true)
        chainStarts.removeAll(keepingCapacity: true)
        chainsAreSingle = true
        buckets = 4
        count = 0
    }

    @inline(__always)
    package func index(of id: NodeID) -> PeerIndex {
        Int(id) < indexByID.count ? indexByID[Int(id)] : noPeer
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

    /// dictGetRandomKey: a uniformly drawn non-empty bucket, then uniform inside its chain. May return this node.
    @inline(__always)
    package func randomPick(_ dice: inout RandomStream) -> PeerIndex {
        let bits = dice.next()
        let chains = chainStarts.count - 1
        let chain = Int(((bits >> 32) &* UInt64(truncatingIfNeeded: chains)) >> 32)
        if chainsAreSingle { return order[chain] }
        let start = Int(chainStarts[chain])
        let length = UInt64(Int(chainStarts[chain + 1]) - start)
        return order[start + Int(((bits & 0xFFFF_FFFF) &* length) >> 32)]
    }

    private mutating func note(id: NodeID, _ index: PeerIndex) {
        while indexByID.count <= Int(id) { indexByID.append(noPeer) }
        indexByID[Int(id)] = index
    }

    private mutating func rebuildOrder(newest: PeerIndex) {
        let mask = UInt32(buckets - 1)
        let previous = order
        order.removeAll(keepingCapacity: true)
        if newest != noPeer { order.append(newest) }
        for index in previous where index != newest && peers[Int(index)].inUse { order.append(index) }
        // Chains keep newest first; the sort is by bucket with that as the tie-break, so it must be stable.
        var keyed = order.enumerated().map { (bucket: peers[Int($1)].hash & mask, rank: $0, index: $1) }
        keyed.sort { $0.bucket != $1.bucket ? $0.bucket < $1.bucket : $0.rank < $1.rank }
        chainStarts.removeAll(keepingCapacity: true)
        var last: UInt32?
        for (position, entry) in keyed.enumerated() {
            order[position] = entry.index
            if entry.bucket != last { chainStarts.append(Int32(position)) }
            last = entry.bucket
        }
        chainsAreSingle = chainStarts.count == order.count
        chainStarts.append(Int32(order.count))
    }
}
