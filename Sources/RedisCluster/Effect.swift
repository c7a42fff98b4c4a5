/// What a node asks of the world at one input, in order.
package typealias Effects = FlatArray<Effect>

/// Everything a node can do to the world, in order.
///
/// Sends are performed after any save of the same loop iteration: Redis queues the bytes and writes them in the next
/// iteration, after clusterBeforeSleep (measured by strace). A `save` blocks the process that performs it.
package enum Effect: Sendable, BitwiseCopyable {
    /// Append to the outbound link's buffer.
    case send(MessageRef, to: PeerIndex)
    /// Append to an accepted link's buffer: the PONG that answers a PING, the first ping of a manual failover.
    case reply(MessageRef, on: ConnectionID)
    /// Start a non-blocking connect to the peer's recorded address.
    case connect(PeerIndex)
    /// Close the outbound link (the node has already forgotten it).
    case disconnect(PeerIndex)
    /// This accepted link belongs to that peer from now on.
    case identify(ConnectionID, PeerIndex)
    /// Close an accepted link.
    case closeAccepted(ConnectionID)
    /// Write nodes.conf, on the main thread.
    case save(fsync: Bool)
    /// replicationSetMaster: follow the node at this address.
    case follow(NodeID, Address)
    /// What was replicated so far is of another shard: the offset is 0 until the replica is in sync (Valkey 8).
    case forgetOffset
    /// replicationUnsetMaster: this node is a master now.
    case stopFollowing
    /// Writes block until the given time of the node's clock (pauseClients).
    case pauseWrites(until: Milliseconds)
    case resumeWrites
    /// What a log would say.
    case observed(Observation)
}

/// An accepted or outbound TCP connection of the host, by number.
package typealias ConnectionID = Int32

/// Something a server's log or CLUSTER NODES would show. The only thing a recorder or report may read.
package struct Observation: Sendable, Equatable, BitwiseCopyable {
    package var kind: Kind
    /// The node it is about, or `noNode`.
    package var subject: NodeID
    /// A delay in ms, an epoch, a rank, an offset; by kind.
    package var value: Int64
    package var other: NodeID

    package init(_ kind: Kind, _ subject: NodeID = noNode, value: Int64 = 0, other: NodeID = noNode) {
        self.kind = kind
        self.subject = subject
        self.value = value
        self.other = other
    }

    package enum Kind: UInt8, Sendable, BitwiseCopyable {
        /// PFAIL set on `subject`.
        case suspected
        /// PFAIL cleared.
        case unsuspected
        /// A master's (`other`) new failure report about `subject` arrived.
        case reported
        /// That report was taken back.
        case reportWithdrawn
        /// A majority: this node sets FAIL.
        case failed
        /// FAIL learnt from `other`'s message.
        case failLearned
        /// FAIL cleared.
        case failCleared
        /// Election delayed for `value` ms.
        case electionScheduled
        /// The rank became `value` after the election was scheduled: more delay, or less.
        case rankRaised
        /// Votes asked in epoch `value`.
        case electionStarted
        /// This node voted for `subject` in epoch `value`.
        case voteGranted
        /// This node refused `subject`; `value` is a `VoteRefusal`.
        case voteRefused
        /// Won with epoch `value`.
        case electionWon
        /// Master without a vote (TAKEOVER).
        case takenOver
        /// cluster_state turned ok, or fail.
        case stateOk
        case stateFail
        /// This node became a replica of `subject`.
        case demoted
        /// This node follows another master, `subject`.
        case reconfigured
        /// Replica migration to `subject`.
        case migrated
        /// The address of `subject` changed.
        case addressChanged
        /// `subject` lost its address: another node answers there.
        case addressLost
        /// A node was added to, or a handshake removed from the table.
        case nodeAdded
        case handshakeEnded
        /// Own config epoch became `value` after a collision with `subject`.
        case epochBumped
        /// `subject` now owns slots here; a role change seen.
        case slotsMoved
        case becameMaster
        case becameReplica
        /// The replica may not stand: `value` is a `FailoverObstacle`.
        case cannotFailover
        case manualFailoverStarted
        case manualFailoverTimedOut
    }
}

/// Why a vote was refused (clusterSendFailoverAuthIfNeeded), in the order of its tests.
package enum VoteRefusal: Int64, Sendable {
    case oldEpoch = 1, alreadyVoted, requesterIsMaster, masterUnknown, masterIsUp, votedForThisMasterRecently
    case slotsHaveNewerOwner
}

/// Why a replica does not stand (CLUSTER_CANT_FAILOVER_*).
package enum FailoverObstacle: Int64, Sendable {
    case none = 0, dataAge, waitingDelay, expired, waitingVotes
}
