/// What a save writes: the table without handshakes, and the vars line.
package struct SavedConfig: Sendable, Equatable {
    package struct Entry: Sendable, Equatable, BitwiseCopyable {
        package var id: NodeID
        package var flags: NodeFlags
        package var master: NodeID
        package var address: Address
        package var pingSent: Milliseconds
        package var pongReceived: Milliseconds
        package var configEpoch: UInt64
        package var slots: SlotSetID
        /// An outbound link object existed when it was written, or the entry is the node's own.
        package var isConnected: Bool
    }

    package var entries: [Entry] = []
    package var currentEpoch: UInt64 = 0
    package var lastVoteEpoch: UInt64 = 0

    package init() {}
}

/// Starting, with or without a nodes.conf (clusterInit, clusterLoadConfig).
extension ClusterNode {
    /// Writes the table into `saved`, whose storage is reused.
    package func save(into saved: inout SavedConfig) {
        saved.entries.removeAll(keepingCapacity: true)
        for position in table.order.indices {
            let index = table.order[position]
            let peer = table.peers[Int(index)]
            if peer.flags.has(.handshake) { continue }
            saved.entries.append(
                SavedConfig.Entry(
                    id: peer.id, flags: peer.flags,
                    master: peer.master == noPeer ? noNode : table.peers[Int(peer.master)].id,
                    address: peer.address, pingSent: peer.pingSent, pongReceived: peer.pongReceived,
                    configEpoch: peer.isReplica && peer.master != noPeer
                        ? table.peers[Int(peer.master)].configEpoch : peer.configEpoch,
                    slots: peer.slots, isConnected: index == ClusterNode.myself || peer.link != .none))
        }
        saved.currentEpoch = currentEpoch
        saved.lastVoteEpoch = lastVoteEpoch
    }

    /// A process without nodes.conf: a new id, a master that knows nobody. It owns no slots, but claims those it has
    /// keys for (verifyClusterConfigWithData) if `dataset` is given.
    package mutating func startFresh(
        id: NodeID, dataset: SlotSetID = SlotSets.empty, _ dice: inout NodeDice, _ wire: inout Wire
    ) {
        clear(parts: wire.slots.layout.parts.count)
        table.add(Peer(id: id, flags: [.myself, .master]), &dice.table)
        announceNoFailover()
        for part in wire.slots.parts(of: dataset) { setOwner(of: part, to: ClusterNode.myself, &wire) }
    }

    /// clusterLoadConfig: flags come back as printed, PFAIL and FAIL included (dated now); pings and pongs are dated
    /// now if they ever happened; a replica's own epoch is forced to 0 (since 7.0). The node's own address is the saved
    /// one, however stale. Lines are read in order, which decides who is MIGRATE_TO: masters with replicas, and masters
    /// whose slots come after a replica's line.
    package mutating func start(
        from saved: SavedConfig, at now: Milliseconds, _ dice: inout NodeDice, _ wire: inout Wire
    ) {
        clear(parts: wire.slots.layout.parts.count)
        guard let own = saved.entries.first(where: { $0.flags.has(.myself) }) else { return }
        restore(own, now, &dice)
        for entry in saved.entries where !entry.flags.has(.myself) { restore(entry, now, &dice) }
        for entry in saved.entries {
            let index = table.index(of: entry.id)
            if entry.master != noNode, table.index(of: entry.master) != noPeer {
                setMaster(of: index, to: table.index(of: entry.master))
            }
            for part in wire.slots.parts(of: entry.slots) { setOwner(of: part, to: index, &wire) }
        }
        announceNoFailover()
        lastVoteEpoch = saved.lastVoteEpoch
        currentEpoch = saved.currentEpoch
        for index in table.peers.indices { currentEpoch = max(currentEpoch, table.peers[index].configEpoch) }
    }

    /// clusterUpdateMyselfFlags.
    private mutating func announceNoFailover() {
        let before = table.peers[0].flags
        table.peers[0].flags.remove(.noFailover)
        if conf.replicaNoFailover { table.peers[0].flags.insert(.noFailover) }
        if table.peers[0].flags != before { schedule([.save, .updateState]) }
    }

    private mutating func restore(_ entry: SavedConfig.Entry, _ now: Milliseconds, _ dice: inout NodeDice) {
        var peer = Peer(id: entry.id, flags: entry.flags.intersection(.visible))
        peer.address = entry.address
        peer.createdTime = now
        peer.pingSent = entry.pingSent != 0 ? now : 0
        peer.pongReceived = entry.pongReceived != 0 ? now : 0
        let isReplica = entry.flags.has(.replica) && entry.master != noNode
        peer.configEpoch = isReplica && !rules.loadsReplicasEpochs ? 0 : entry.configEpoch
        if entry.flags.has(.fail) { peer.failTime = now }
        table.add(peer, &dice.table)
    }

    /// An empty process: nothing of an earlier life survives but the storage it is kept in.
    private mutating func clear(parts: Int) {
        table.removeAll()
        reports.removeAll()
        owners.reset(to: noPeer, count: parts)
        notClaimed.reset(to: false, count: parts)
        currentEpoch = 0
        lastVoteEpoch = 0
        stateIsOk = false
        size = rules.sizeBeforeCount
        isHeldBack = false
        election = Election()
        manualFailover = ManualFailover()
        todo = []
        ticksUntilRandomPing = 10
        pingsSent = 0
        gossipedPfailCount = 0
        firstStateCall = 0
        amongMinorityTime = 0
        wakeCron()
        replication = ReplicationView()
        messagesSent = MessageCounts()
        messagesReceived = MessageCounts()
    }
}
