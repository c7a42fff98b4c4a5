import RedisCluster

/// One TCP connection of the cluster bus: opened by one process's cron, accepted by another.
struct Connection: BitwiseCopyable {
    var opener: Int16 = -1
    /// -1 while nobody has accepted: a black hole, or a connect under way.
    var acceptor: Int16 = -1
    /// The acceptor in the opener's table.
    var openerPeer: PeerIndex = noPeer
    /// The opener in the acceptor's table, once it has identified itself.
    var acceptorPeer: PeerIndex = noPeer
    var state = State.free
    var openerOpen = false
    var acceptorOpen = false
    /// Receiver in "pingpong" mode: acknowledgements are delayed for 40 ms, hoping for data to ride on.
    var delaysAcks = false
    /// Data of the opener arrived that no reply has acknowledged yet.
    var acknowledgementOwed = false
    /// Counts uses of this slot: an event of an earlier use is void.
    var generation: UInt32 = 0
    var address: Address = noAddress
    /// Where the opener's own socket is.
    var openerAddress: Address = noAddress
    /// Latest arrival in each direction: bytes do not overtake each other.
    var lastToAcceptor: Int64 = 0
    var lastToOpener: Int64 = 0
    /// When the opener's last data reached, or will reach, the acceptor.
    var dataArrival: Int64 = 0
    /// When the opener learns that all it sent was received.
    var unacknowledgedUntil: Int64 = 0
    /// While packets vanish: when the first unacknowledged one was sent, by direction; 0 if none.
    var stalledToAcceptor: Int64 = 0
    var stalledToOpener: Int64 = 0
    var held = Queues<MessageRef>.Queue()

    enum State: UInt8, BitwiseCopyable { case free, connecting, established }
}

/// All connections, in slots that are reused.
struct ConnectionPool: ~Copyable {
    private(set) var slots: UnsafeMutablePointer<Connection>
    private var capacity: Int
    private(set) var used = 0
    private var free = FlatArray<ConnectionID>()

    init() {
        capacity = 64
        slots = .allocate(capacity: capacity)
    }

    deinit { slots.deallocate() }

    mutating func removeAll() {
        used = 0
        free.removeAll()
    }

    subscript(_ id: ConnectionID) -> Connection {
        @inline(__always) _read { yield slots[Int(id)] }
        @inline(__always) nonmutating _modify { yield &slots[Int(id)] }
    }

    mutating func allocate() -> ConnectionID {
        if let id = free.popLast() {
            let generation = slots[Int(id)].generation
            slots[Int(id)] = Connection()
            slots[Int(id)].generation = generation
            return id
        }
        if used == capacity {
            let larger = UnsafeMutablePointer<Connection>.allocate(capacity: capacity * 2)
            larger.update(from: slots, count: capacity)
            slots.deallocate()
            slots = larger
            capacity *= 2
        }
        slots[used] = Connection()
        used += 1
        return ConnectionID(used - 1)
    }

    mutating func release(_ id: ConnectionID) {
        slots[Int(id)].generation &+= 1
        slots[Int(id)].state = .free
        free.append(id)
    }
}
