import Randomness

/// Links, handshakes and addresses.
extension ClusterNode {
    /// clusterLinkConnectHandler: the connect succeeded.
    mutating func linkEstablished(
        _ index: PeerIndex, _ now: Milliseconds, _ dice: inout NodeDice, _ wire: inout Wire, _ effects: inout Effects
    ) {
        guard table.peers[Int(index)].inUse, table.peers[Int(index)].link == .connecting else { return }
        table.peers[Int(index)].link = .connected
        let before = table.peers[Int(index)].pingSent
        let meeting = table.peers[Int(index)].flags.has(.meet)
        sendPing(meeting ? .meet : .ping, to: index, now, &dice, &wire, &effects)
        // A ping that was outstanding before the link broke keeps its age: the failure clock runs on.
        if before != 0 { table.peers[Int(index)].pingSent = before }
        refreshDeadline(index)
        if !rules.meetsUntilAnswered { table.peers[Int(index)].flags.remove(.meet) }
    }

    /// CLUSTER MEET (clusterStartHandshake): a node of unknown id at an address.
    mutating func startHandshake(_ address: Address, _ now: Milliseconds, _ dice: inout NodeDice, _ wire: inout Wire) {
        let known = table.peers.contains { $0.inUse && $0.flags.has(.handshake) && $0.address == address }
        guard !known, address != noAddress else { return }
        addHandshake(address, [.handshake, .meet], now, &dice, &wire)
    }

    /// An entry under a random id, which the handshake replaces by the real one.
    mutating func addHandshake(
        _ address: Address, _ flags: NodeFlags, _ now: Milliseconds, _ dice: inout NodeDice, _ wire: inout Wire
    ) {
        let name = NodeName(
            high: dice.table.next(), middle: dice.table.next(), low: UInt32(truncatingIfNeeded: dice.table.next()))
        var peer = Peer(id: wire.mint(name), flags: flags)
        peer.address = address
        peer.createdTime = now
        table.add(peer, &dice.table)
        wakeCron()
    }

    /// clusterDelNode: slots unassigned, reports by it withdrawn, link closed.
    mutating func removePeer(_ index: PeerIndex, _ wire: inout Wire, _ effects: inout Effects) {
        for part in owners.indices where owners[part] == index { setOwner(of: part, to: noPeer, &wire) }
        for other in table.peers.indices where table.peers[other].inUse {
            _ = reports.remove(&table.peers[other].reports, from: index)
            if table.peers[other].master == index { table.peers[other].master = noPeer }
        }
        closeLink(index, &effects)
        let accepted = table.peers[Int(index)].accepted
        if accepted >= 0 { effects.append(.closeAccepted(accepted)) }
        table.remove(index)
        wakeCron()
    }

    /// nodeUpdateAddressIfNeeded: a PING came in from somewhere else than the table says.
    @inline(__always)
    mutating func updateAddress(of index: PeerIndex, to address: Address, _ effects: inout Effects) -> Bool {
        guard table.peers[Int(index)].address != address, address != noAddress else { return false }
        changeAddress(of: index, to: address, &effects)
        return true
    }

    private mutating func changeAddress(of index: PeerIndex, to address: Address, _ effects: inout Effects) {
        table.peers[Int(index)].address = address
        closeLink(index, &effects)
        table.peers[Int(index)].flags.remove(.noAddress)
        effects.append(.observed(Observation(.addressChanged, table.peers[Int(index)].id)))
        if isReplica, master == index { follow(table.peers[Int(index)].id, address, &effects) }
        wakeCron()
    }

    /// replicationSetMaster.
    mutating func follow(_ source: NodeID, _ address: Address, _ effects: inout Effects) {
        replication.following = address
        replication.linkUp = false
        effects.append(.follow(source, address))
    }
}
