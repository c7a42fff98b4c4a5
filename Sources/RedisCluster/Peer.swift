/// One entry of a node's table (clusterNode, cluster.h): what this node knows of another, or of itself.
///
/// Two cache lines: what every packet reads is in the first, so that a table of a hundred nodes costs a miss an entry.
package struct Peer: Sendable, BitwiseCopyable {
    // What gossip carries, in its order, so that it is copied at once.
    package var id: NodeID
    package var flags: NodeFlags
    package var address: Address = noAddress
    package var link = LinkState.none
    /// False for a hole left by a deleted entry.
    package var inUse = true
    package var master: PeerIndex = noPeer
    package var slots: SlotSetID = SlotSets.empty
    /// Stamp of the last ping that carried this entry (last_in_ping_gossip).
    package var lastGossiped: UInt32 = 0
    /// Head of this peer's failure reports in `FailureReports`, or -1.
    package var reports: Int32 = -1
    package var configEpoch: UInt64 = 0
    /// When the unanswered ping was sent; 0 if none.
    package var pingSent: Milliseconds = 0
    package var pongReceived: Milliseconds = 0
    package var dataReceived: Milliseconds = 0
    /// The offset in the peer's last packet's header.
    package var replicationOffset: Int64 = 0
    // The second line.
    /// The connection that this peer opened to us, or -1.
    package var accepted: ConnectionID = -1
    /// Where the per-process random hash puts the entry.
    package var hash: UInt32 = 0
    /// When the outbound link object was created: connect start, not completion.
    package var linkCreated: Milliseconds = 0
    package var failTime: Milliseconds = 0
    package var votedTime: Milliseconds = 0
    package var orphanedTime: Milliseconds = 0
    package var createdTime: Milliseconds = 0
    /// When the last outbound connection was tried (outbound_link_attempt_time, Valkey 9).
    package var connectTried: Milliseconds = 0
    /// Fills the second line.
    private var unused: Int64 = 0

    package init(id: NodeID, flags: NodeFlags) {
        self.id = id
        self.flags = flags
    }

    package var isMaster: Bool { @inline(__always) get { flags.has(.master) } }
    package var isReplica: Bool { @inline(__always) get { flags.has(.replica) } }
    package var ownsSlots: Bool { @inline(__always) get { slots != SlotSets.empty } }
}

/// The outbound link object. CLUSTER NODES says `connected` for both of the last two.
package enum LinkState: UInt8, Sendable, BitwiseCopyable { case none, connecting, connected }
