/// What a node answers when it is asked about the cluster, in Redis's own words.
extension ClusterNode {
    /// CLUSTER NODES as data, in this process's hash order.
    package func clusterView(_ wire: borrowing Wire) -> ClusterView {
        ClusterView(nodes: table.order.elements.map { describe($0, wire) })
    }

    /// CLUSTER NODES (clusterGenNodesDescription).
    package func clusterNodesText(_ wire: borrowing Wire) -> String { clusterView(wire).text }

    /// What nodes.conf would hold if it were written now: no handshakes, and the vars line (clusterSaveConfig).
    package func nodesConfText(_ wire: borrowing Wire) -> String {
        var saved = SavedConfig()
        save(into: &saved)
        return saved.text(wire, port: conf.port)
    }

    /// One entry's line of CLUSTER NODES.
    package func clusterLine(_ index: PeerIndex, _ wire: borrowing Wire) -> ClusterView.Node { describe(index, wire) }

    /// clusterGenNodeDescription. A replica's epoch is its master's; `connected` means that a link object exists, were
    /// it still connecting.
    private func describe(_ index: PeerIndex, _ wire: borrowing Wire) -> ClusterView.Node {
        let peer = table.peers[Int(index)]
        let source = peer.isReplica && peer.master != noPeer ? table.peers[Int(peer.master)] : peer
        return ClusterView.Node(
            id: wire.names[Int(peer.id)], address: address(of: index, wire), flags: peer.flags.intersection(.visible),
            master: peer.master == noPeer ? nil : wire.names[Int(table.peers[Int(peer.master)].id)],
            pingSent: peer.pingSent, pongReceived: peer.pongReceived, configEpoch: source.configEpoch,
            isConnected: index == ClusterNode.myself || peer.link != .none, slots: wire.slots.ranges(of: peer.slots))
    }

    /// `:0@0` without an address; a node that does not know its own still knows its ports.
    private func address(of index: PeerIndex, _ wire: borrowing Wire) -> NodeAddress {
        let address = table.peers[Int(index)].address
        if address != noAddress { return NodeAddress(wire.addresses[Int(address)]) }
        guard index == ClusterNode.myself else { return .none }
        return NodeAddress(ip: "", port: conf.port, busPort: conf.port + NodeAddress.busPortOffset)
    }

    /// CLUSTER INFO (clusterCommand's info branch). Messages count as sent when queued; types never seen are left out.
    package func clusterInfoText(_ wire: borrowing Wire) -> String {
        var assigned = 0
        var suspected = 0
        var failed = 0
        for part in owners.indices where owners[part] != noPeer {
            let slots = wire.slots.layout.parts[part].count
            let flags = table.peers[Int(owners[part])].flags
            assigned += slots
            if flags.has(.fail) { failed += slots } else if flags.has(.pfail) { suspected += slots }
        }
        let epochSource = isReplica && master != noPeer ? table.peers[Int(master)] : table.peers[0]
        var lines = [
            "cluster_state:\(stateIsOk ? "ok" : "fail")",
            "cluster_slots_assigned:\(assigned)",
            "cluster_slots_ok:\(assigned - suspected - failed)",
            "cluster_slots_pfail:\(suspected)",
            "cluster_slots_fail:\(failed)",
            "cluster_known_nodes:\(table.count)",
            "cluster_size:\(size)",
            "cluster_current_epoch:\(currentEpoch)",
            "cluster_my_epoch:\(epochSource.configEpoch)",
        ]
        lines += counters(messagesSent, "sent") + counters(messagesReceived, "received")
        lines.append("total_cluster_links_buffer_limit_exceeded:0")
        return lines.map { $0 + "\r\n" }.joined()
    }

    private func counters(_ counts: MessageCounts, _ direction: String) -> [String] {
        var lines: [String] = []
        var total: UInt64 = 0
        for type in MessageType.allCases where counts[type] != 0 {
            lines.append("cluster_stats_messages_\(type.statistic)_\(direction):\(counts[type])")
            total += counts[type]
        }
        return lines + ["cluster_stats_messages_\(direction):\(total)"]
    }

    /// CLUSTER SLOTS (clusterReplyMultiBulkSlots): every range with its owner, be it FAIL, and the owner's replicas but
    /// those that are FAIL or have no data yet. PFAIL does not show.
    package func clusterSlots(_ wire: borrowing Wire) -> Reply {
        var replies: [Reply] = []
        var part = 0
        while part < owners.count {
            let owner = owners[part]
            var last = part
            while last + 1 < owners.count, owners[last + 1] == owner { last += 1 }
            if owner != noPeer {
                let parts = wire.slots.layout.parts
                var entry: [Reply] = [.integer(parts[part].lowerBound), .integer(parts[last].upperBound)]
                entry.append(endpoint(owner, wire))
                for index in table.peers.indices where isAvailableReplica(index, of: owner) {
                    entry.append(endpoint(PeerIndex(index), wire))
                }
                replies.append(.array(entry))
            }
            part = last + 1
        }
        return .array(replies)
    }

    /// isReplicaAvailable; a node does not keep its own offset in the table.
    private func isAvailableReplica(_ index: Int, of owner: PeerIndex) -> Bool {
        let peer = table.peers[index]
        guard peer.inUse, peer.master == owner, !peer.flags.has(.fail) else { return false }
        return (index == 0 ? replication.offset : peer.replicationOffset) != 0
    }

    private func endpoint(_ index: PeerIndex, _ wire: borrowing Wire) -> Reply {
        let address = address(of: index, wire)
        let name = wire.names[Int(table.peers[Int(index)].id)]
        return .array([.bulk(address.ip), .integer(address.port), .bulk(name.text), .array([])])
    }

    /// CLUSTER SLOTS as redis-cli prints it.
    package func clusterSlotsText(_ wire: borrowing Wire) -> String { clusterSlots(wire).text }

    /// ROLE (roleCommand): what replication, not the cluster, thinks this server is.
    ///
    /// - Parameters:
    ///   - replicas: those in sync, as only the host knows them; a master lists them.
    ///   - link: the state of a replica's link, where the host knows more than up or down.
    package func role(
        _ wire: borrowing Wire, replicas: [AttachedReplica] = [], link: ReplicaLinkState? = nil
    ) -> Reply {
        let source = replication.following
        guard source != noAddress else {
            let attached = replicas.map {
                Reply.array([.bulk($0.ip), .bulk(String($0.port)), .bulk(String($0.acknowledgedOffset))])
            }
            return .array([.bulk("master"), .integer(Int(replication.offset)), .array(attached)])
        }
        let state = link ?? (replication.linkUp ? .connected : .connect)
        let address = wire.addresses[Int(source)]
        return .array([
            .bulk("slave"), .bulk(address.ip), .integer(address.port), .bulk(state.rawValue),
            .integer(state == .connected ? Int(replication.offset) : -1),
        ])
    }

    /// ROLE as redis-cli prints it.
    package func roleText(
        _ wire: borrowing Wire, replicas: [AttachedReplica] = [], link: ReplicaLinkState? = nil
    ) -> String {
        role(wire, replicas: replicas, link: link).text
    }
}

/// A replica in sync with this master, as ROLE lists it.
package struct AttachedReplica: Sendable, Equatable {
    package var ip: String
    package var port: Int
    package var acknowledgedOffset: Int64

    package init(ip: String, port: Int, acknowledgedOffset: Int64) {
        self.ip = ip
        self.port = port
        self.acknowledgedOffset = acknowledgedOffset
    }
}

/// repl_state in the words of ROLE.
package enum ReplicaLinkState: String, Sendable { case none, connect, connecting, handshake, sync, connected }

extension SavedConfig {
    /// The file's text. `port` is the writer's own, printed where it does not know its address yet.
    package func text(_ wire: borrowing Wire, port: Int) -> String {
        let nodes = entries.map { entry in
            let own = NodeAddress(ip: "", port: port, busPort: port + NodeAddress.busPortOffset)
            let unknown = entry.flags.has(.myself) ? own : .none
            return ClusterView.Node(
                id: wire.names[Int(entry.id)],
                address: entry.address == noAddress ? unknown : NodeAddress(wire.addresses[Int(entry.address)]),
                flags: entry.flags.intersection(.visible),
                master: entry.master == noNode ? nil : wire.names[Int(entry.master)], pingSent: entry.pingSent,
                pongReceived: entry.pongReceived, configEpoch: entry.configEpoch, isConnected: entry.isConnected,
                slots: wire.slots.ranges(of: entry.slots))
        }
        let vars = ClusterView.Vars(currentEpoch: currentEpoch, lastVoteEpoch: lastVoteEpoch)
        return ClusterView(nodes: nodes, vars: vars).text
    }
}

extension NodeFlags {
    /// MEET and MIGRATE_TO exist in memory only.
    package static let visible: NodeFlags = printed.reduce(into: []) { $0.formUnion($1.flag) }
}

extension NodeAddress {
    package init(_ text: Wire.AddressText) {
        self.init(ip: text.ip, port: text.port, busPort: text.port + NodeAddress.busPortOffset)
    }
}

extension SlotSets {
    /// The slots of a set, neighbouring parts joined, as CLUSTER NODES prints them.
    package func ranges(of set: SlotSetID) -> [ClosedRange<Int>] {
        var ranges: [ClosedRange<Int>] = []
        for part in parts(of: set).map({ layout.parts[$0] }) {
            if let last = ranges.last, last.upperBound + 1 == part.lowerBound {
                ranges[ranges.count - 1] = last.lowerBound...part.upperBound
            } else {
                ranges.append(part)
            }
        }
        return ranges
    }
}
