/// What all nodes of one simulation share: messages in flight, the slot sets they name, and the text behind ids and
/// addresses. Flat buffers reused for ever: sending allocates nothing once the high-water mark is reached.
package struct Wire: ~Copyable {
    package var slots: SlotSets
    /// The 40 hex digits behind each `NodeID`.
    package private(set) var names: [NodeName] = []
    /// The text behind each `Address`, index 0 being none.
    package private(set) var addresses: [AddressText] = [AddressText(ip: "", port: 0)]
    /// The high bits of the shard id behind each part of the slots, which never leaves its shard.
    private var shardKeys: [UInt64] = []

    private var messages: UnsafeMutablePointer<ClusterMessage>
    private var entries: UnsafeMutablePointer<GossipEntry>
    private var free: UnsafeMutablePointer<MessageRef>
    private var capacity: Int
    private var freeCount: Int
    /// Entries a message can carry: every known node at most.
    private var stride: Int

    package struct AddressText: Sendable, Equatable {
        package var ip: String
        package var port: Int

        package init(ip: String, port: Int) {
            self.ip = ip
            self.port = port
        }
    }

    package init(layout: SlotLayout, nodes: Int) {
        slots = SlotSets(layout: layout)
        stride = max(8, nodes + 4)
        capacity = 64
        messages = .allocate(capacity: capacity)
        entries = .allocate(capacity: capacity * stride)
        free = .allocate(capacity: capacity)
        freeCount = capacity
        for index in 0..<capacity { free[index] = MessageRef(capacity - 1 - index) }
    }

    deinit {
        messages.deallocate()
        entries.deallocate()
        free.deallocate()
    }

    /// Forgets messages, names and addresses; for the next replication.
    package mutating func reset() {
        slots.removeAll()
        names.removeAll(keepingCapacity: true)
        shardKeys.removeAll(keepingCapacity: true)
        addresses.removeSubrange(1...)
        freeCount = capacity
        for index in 0..<capacity { free[index] = MessageRef(capacity - 1 - index) }
    }

    package mutating func mint(_ name: NodeName) -> NodeID {
        precondition(names.count < Int(noNode), "more node ids than a simulation can name")
        names.append(name)
        ensureStride(names.count + 4)
        return NodeID(names.count - 1)
    }

    /// Says which shard ids the parts' masters were created with, in the order of the parts.
    package mutating func nameShards(_ keys: [UInt64]) { shardKeys = keys }

    /// What orders shards as their ids do; by parts where nobody has named them.
    package func shardKey(ofPart part: Int) -> UInt64 { part < shardKeys.count ? shardKeys[part] : UInt64(part) }

    package mutating func mint(ip: String, port: Int) -> Address {
        addresses.append(AddressText(ip: ip, port: port))
        return Address(addresses.count - 1)
    }

    // MARK: Messages

    @inline(__always)
    package mutating func allocate(_ message: ClusterMessage) -> MessageRef {
        if freeCount == 0 { grow() }
        freeCount &-= 1
        let ref = free[freeCount]
        messages[Int(ref)] = message
        return ref
    }

    @inline(__always)
    package mutating func release(_ ref: MessageRef) {
        free[freeCount] = ref
        freeCount &+= 1
    }

    /// Messages allocated and not yet released.
    package var inFlight: Int { capacity - freeCount }

    package subscript(_ ref: MessageRef) -> ClusterMessage {
        @inline(__always) _read { yield messages[Int(ref)] }
        @inline(__always) nonmutating _modify { yield &messages[Int(ref)] }
    }

    @inline(__always)
    package func gossip(_ ref: MessageRef, _ index: Int) -> GossipEntry { entries[Int(ref) * stride + index] }

    /// Where a message's entries are, in order; with room for `room` of them.
    @inline(__always)
    func gossipEntries(_ ref: MessageRef, room: Int) -> UnsafeMutablePointer<GossipEntry> {
        precondition(room <= stride, "more gossip than there are nodes")
        return entries + Int(ref) &* stride
    }

    /// Appends an entry; a message that is full drops it, as a bounded buffer would.
    @inline(__always)
    package func addGossip(_ ref: MessageRef, _ entry: GossipEntry) {
        let count = Int(messages[Int(ref)].gossipCount)
        guard count < stride else { return }
        entries[Int(ref) * stride + count] = entry
        messages[Int(ref)].gossipCount = UInt16(count + 1)
    }

    @inline(never)
    private mutating func grow() {
        let larger = capacity * 2
        messages = moved(messages, capacity, larger)
        entries = moved(entries, capacity * stride, larger * stride)
        free.deallocate()
        free = .allocate(capacity: larger)
        freeCount = larger - capacity
        for index in 0..<freeCount { free[index] = MessageRef(larger - 1 - index) }
        capacity = larger
    }

    private mutating func ensureStride(_ needed: Int) {
        guard needed > stride else { return }
        let wider = needed * 2
        let moved = UnsafeMutablePointer<GossipEntry>.allocate(capacity: capacity * wider)
        for message in 0..<capacity {
            (moved + message * wider).update(from: entries + message * stride, count: stride)
        }
        entries.deallocate()
        entries = moved
        stride = wider
    }
}

private func moved<T: BitwiseCopyable>(
    _ old: UnsafeMutablePointer<T>, _ count: Int, _ larger: Int
) -> UnsafeMutablePointer<T> {
    let new = UnsafeMutablePointer<T>.allocate(capacity: larger)
    new.update(from: old, count: count)
    old.deallocate()
    return new
}
