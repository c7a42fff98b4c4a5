/// Everything that can happen to a node.
package enum Input: Sendable, BitwiseCopyable {
    /// clusterCron, ten times a second.
    case cron
    /// clusterBeforeSleep: the end of every loop iteration.
    case beforeSleep
    /// A whole packet was read from a link. `from` is the socket's peer address, `local` the socket's own.
    case received(MessageRef, LinkRef, from: Address, local: Address)
    /// A non-blocking connect succeeded, or failed through the write event (refused, unreachable).
    case connected(PeerIndex)
    case connectFailed(PeerIndex)
    /// connect() itself failed: the caller answers `Effect.connect` with this at once.
    case connectFailedSynchronously(PeerIndex)
    /// FIN or RST read on the outbound link.
    case linkLost(PeerIndex)
    /// CLUSTER MEET.
    case meet(Address)
    /// CLUSTER REPLICATE.
    case replicate(NodeID)
    /// CLUSTER FAILOVER.
    case failover(FailoverRequest)
    /// CLUSTER SET-CONFIG-EPOCH.
    case setConfigEpoch(UInt64)
    /// CLUSTER ADDSLOTS of whole parts.
    case addSlots(SlotSetID)
}

package enum FailoverRequest: UInt8, Sendable, BitwiseCopyable { case plain, force, takeover }

/// The link a packet came in on.
package enum LinkRef: Sendable, BitwiseCopyable {
    case outbound(PeerIndex)
    /// An accepted connection, with the peer it was identified as, or `noPeer`.
    case accepted(ConnectionID, PeerIndex)
}
