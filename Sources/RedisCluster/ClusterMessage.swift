/// The bus's message types that are modelled (cluster.h CLUSTERMSG_TYPE_*).
package enum MessageType: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    case ping, pong, meet, fail, authRequest, authAck, update, manualFailoverStart

    /// The name in CLUSTER INFO's message counters.
    package var statistic: String {
        switch self {
        case .ping: "ping"
        case .pong: "pong"
        case .meet: "meet"
        case .fail: "fail"
        case .authRequest: "auth-req"
        case .authAck: "auth-ack"
        case .update: "update"
        case .manualFailoverStart: "mfstart"
        }
    }
}

/// How many messages of each type were sent, or received.
package struct MessageCounts: Sendable, BitwiseCopyable {
    /// By raw value; there are eight types.
    private var counts = InlineArray<8, UInt64>(repeating: 0)

    package init() {}

    package subscript(_ type: MessageType) -> UInt64 {
        @inline(__always) get { counts[Int(type.rawValue)] }
        @inline(__always) set { counts[Int(type.rawValue)] = newValue }
    }
}

/// The common header (clusterMsg), and the bodies of FAIL and UPDATE.
package struct ClusterMessage: Sendable, BitwiseCopyable {
    package var type: MessageType
    /// mflags bit 0: the sender is a master whose clients are paused.
    package var paused = false
    /// mflags bit 1: vote even if the master is up.
    package var forceAck = false
    package var sender: NodeID
    package var flags: NodeFlags
    /// The sender's master, or `noNode`.
    package var master: NodeID = noNode
    /// FAIL: the failing node. UPDATE: the node whose slots are described.
    package var about: NodeID = noNode
    /// The sender's own port, as an address without ip resolution: the address it listens on.
    package var address: Address
    /// The slots of the sender, or of its master.
    package var slots: SlotSetID
    package var aboutSlots: SlotSetID = SlotSets.empty
    package var gossipCount: UInt16 = 0
    package var currentEpoch: UInt64
    package var configEpoch: UInt64
    package var aboutEpoch: UInt64 = 0
    package var offset: Int64

    package init(
        type: MessageType, sender: NodeID, flags: NodeFlags, address: Address, slots: SlotSetID, currentEpoch: UInt64,
        configEpoch: UInt64, offset: Int64
    ) {
        self.type = type
        self.sender = sender
        self.flags = flags
        self.address = address
        self.slots = slots
        self.currentEpoch = currentEpoch
        self.configEpoch = configEpoch
        self.offset = offset
    }

    /// Length on the wire in bytes (cluster.h 7.0.15; measured).
    package var bytes: Int {
        switch type {
        case .ping, .pong, .meet: 2256 + 104 * Int(gossipCount)
        case .fail: 2296
        case .authRequest, .authAck, .manualFailoverStart: 2256
        case .update: 4352
        }
    }
}

/// One entry of a gossip section (clusterMsgDataGossip): 104 bytes on the wire.
package struct GossipEntry: Sendable, BitwiseCopyable {
    package var node: NodeID
    package var flags: NodeFlags
    package var address: Address
    /// Whole seconds: what makes gossip understate a pong's time by up to 1 s.
    package var pongReceivedSeconds: Int64

    package init(node: NodeID, flags: NodeFlags, address: Address, pongReceivedSeconds: Int64) {
        self.node = node
        self.flags = flags
        self.address = address
        self.pongReceivedSeconds = pongReceivedSeconds
    }
}

/// A message in flight, as an index into `Wire`.
package typealias MessageRef = Int32
