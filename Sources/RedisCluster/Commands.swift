/// The commands that build a cluster.
extension ClusterNode {
    /// CLUSTER REPLICATE: refused for oneself, an unknown node, a replica, or while owning slots.
    mutating func replicate(_ target: NodeID, _ wire: inout Wire, _ effects: inout Effects) {
        let index = table.index(of: target)
        guard index != noPeer, index != ClusterNode.myself, !table.peers[Int(index)].isReplica else { return }
        if isMaster, table.peers[0].ownsSlots { return }
        becomeReplica(of: index, &effects)
        schedule([.updateState, .save])
    }

    /// CLUSTER SET-CONFIG-EPOCH: only on a node that knows nobody and has no epoch yet.
    mutating func setConfigEpoch(_ epoch: UInt64) {
        guard table.count == 1, table.peers[0].configEpoch == 0 else { return }
        table.peers[0].configEpoch = epoch
        currentEpoch = max(currentEpoch, epoch)
        schedule([.updateState, .save])
    }

    /// CLUSTER ADDSLOTS of parts that nobody owns here.
    mutating func addSlots(_ set: SlotSetID, _ wire: inout Wire) {
        for part in wire.slots.parts(of: set) where owners[part] == noPeer {
            setOwner(of: part, to: ClusterNode.myself, &wire)
        }
        schedule([.updateState, .save])
    }
}
