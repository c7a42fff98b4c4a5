import RedisCluster

/// A process's replication: its history as a source and its link as a replica (replication.c).
struct ReplicaLink: BitwiseCopyable {
    var state = State.off
    /// The process followed, once its address is resolved; -1 if unknown.
    var source: Int16 = -1
    var sourceGeneration: UInt32 = 0
    /// Voids the pending step of an abandoned attempt.
    var step: UInt32 = 0
    /// When the present attempt or transfer began.
    var since: Int64 = 0

    // The history: who a partial resynchronisation would be with.
    var history: UInt32 = 0
    /// The history before a promotion, valid up to `previousEnd`.
    var previousHistory: UInt32 = 0
    var previousEnd: Int64 = 0
    /// As a source: before this offset the backlog has nothing.
    var backlogStart: Int64 = 0
    /// What the RDB of the last orderly exit says of history and offset; 0 where there is none.
    var savedHistory: UInt32 = 0
    var savedOffset: Int64 = 0
    /// Offset at `offsetTime`; with load, a master's grows from there.
    var offset: Int64 = 0
    var offsetTime: Int64 = 0
    /// Bytes of the offset that are still in a stalled source's buffers: no replica has them.
    var unsent: Int64 = 0
    /// When it was last connected: the source has its replicas in this order.
    var connectedAt: Int64 = 0
    /// As a source: when the child process of a full resynchronisation starts, or started.
    var childStart: Int64 = 0
    /// What the source knows of this replica: the offset it acknowledged, -1 before the first acknowledgement.
    var acknowledgedOffset: Int64 = 0
    /// Of a deposed master: how much of its stream its successor has; -1 where nobody deposed it.
    var survivingOffset: Int64 = -1
    /// Of a master that died: bytes of its stream that its files lack, and the history that they belong to.
    var unwritten: Int64 = 0
    var unwrittenHistory: UInt32 = 0
    /// When this replica's last acknowledgement reached a source, and which process that was; -1 if the source has no
    /// connection to it.
    var acknowledgedAt: Int64 = 0
    var acknowledgedTo: Int16 = -1
    /// TCP holds the source's bytes, or this replica's acknowledgements, back until then: a cut lost what went before.
    var streamHeldUntil: Int64 = 0
    var acknowledgementsHeldUntil: Int64 = 0
    /// As a source: replicas whose last acknowledgement is recent enough for min-replicas-to-write.
    var goodReplicas: Int32 = 0
    /// Times this process was promoted or resynchronised, for reports.
    var fullSyncs: Int32 = 0
    var partialSyncs: Int32 = 0

    enum State: UInt8, BitwiseCopyable {
        /// Not following anybody.
        case off
        /// Between attempts: the next replicationCron tries again.
        case connect
        /// TCP and the handshake up to PSYNC's answer are under way.
        case handshake
        /// A full resynchronisation was granted: waiting for the RDB, or loading it.
        case transfer
        case connected
    }
}
