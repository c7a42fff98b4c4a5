/// clusterProcessPacket: one whole packet, already read.
extension ClusterNode {
    /// `Input.received`, for a host that has many of them.
    package mutating func receive(
        _ ref: MessageRef, _ link: LinkRef, from address: Address, local: Address, at now: Milliseconds,
        dice: inout NodeDice, wire: inout Wire, effects: inout Effects
    ) {
        let message = wire[ref]
        messagesReceived[message.type] += 1
        let sender = senderIndex(of: message, link, &effects)
        if sender != noPeer {
            table.peers[Int(sender)].dataReceived = now
            if !table.peers[Int(sender)].flags.has(.handshake) { absorbHeader(message, sender, now, &effects) }
        }
        switch message.type {
        case .ping, .pong, .meet:
            processPing(ref, message, link, sender: sender, from: address, local: local, now, &dice, &wire, &effects)
        case .fail:
            if sender != noPeer { processFail(message, now, &effects) }
        case .authRequest:
            if sender != noPeer { considerVote(message, sender, now, &wire, &effects) }
        case .authAck:
            if sender != noPeer { countVote(message, sender) }
        case .manualFailoverStart:
            if sender != noPeer { startManualFailoverAsMaster(link, sender, now, &dice, &wire, &effects) }
        case .update:
            if sender != noPeer { processUpdate(message, now, &wire, &effects) }
        }
    }

    /// getNodeFromLinkAndMsg: a link's node, once known, is believed over the header.
    @inline(__always)
    private mutating func senderIndex(
        of message: ClusterMessage, _ link: LinkRef, _ effects: inout Effects
    ) -> PeerIndex {
        switch link {
        case .outbound(let peer) where !table.peers[Int(peer)].flags.has(.handshake):
            return peer
        case .accepted(_, let peer) where peer != noPeer && !table.peers[Int(peer)].flags.has(.handshake):
            return peer
        case .outbound, .accepted:
            let known = table.index(of: message.sender)
            if case .accepted(let connection, noPeer) = link, known != noPeer {
                let previous = table.peers[Int(known)].accepted
                if previous >= 0, previous != connection { effects.append(.closeAccepted(previous)) }
                table.peers[Int(known)].accepted = connection
                effects.append(.identify(connection, known))
            }
            return known
        }
    }

    /// What every header from a known node teaches: epochs, offset, the paused master's offset.
    @inline(__always)
    private mutating func absorbHeader(
        _ message: ClusterMessage, _ sender: PeerIndex, _ now: Milliseconds, _ effects: inout Effects
    ) {
        if message.currentEpoch > currentEpoch { currentEpoch = message.currentEpoch }
        if message.configEpoch > table.peers[Int(sender)].configEpoch {
            table.peers[Int(sender)].configEpoch = message.configEpoch
            schedule([.save, .fsync])
        }
        table.peers[Int(sender)].replicationOffset = message.offset
        if manualFailover.end != 0, isReplica, master == sender, message.paused, manualFailover.masterOffset == nil {
            manualFailover.masterOffset = message.offset
            schedule(.handleManualFailover)
        }
    }

    private mutating func processPing(
        _ ref: MessageRef, _ message: ClusterMessage, _ link: LinkRef, sender known: PeerIndex,
        from address: Address, local: Address, _ now: Milliseconds,
        _ dice: inout NodeDice, _ wire: inout Wire, _ effects: inout Effects
    ) {
        var sender = known
        if message.type != .pong {
            answer(ref, message, link, sender: sender, from: address, local: local, now, &dice, &wire, &effects)
        }
        if case .outbound(let peer) = link {
            guard settleHandshake(message, peer, &sender, from: address, now, &dice, &wire, &effects) else { return }
        }
        if sender != noPeer {
            table.peers[Int(sender)].flags.remove(.noFailover)
            if message.flags.has(.noFailover) { table.peers[Int(sender)].flags.insert(.noFailover) }
            if message.type == .ping, !table.peers[Int(sender)].flags.has(.handshake), !isOutbound(link, to: sender),
                updateAddress(of: sender, to: address, &effects)
            {
                schedule([.save, .updateState])
            }
        }
        if case .outbound(let peer) = link, message.type == .pong { pongArrived(from: peer, now, &effects) }
        guard sender != noPeer else { return }
        learnRole(message, sender, &wire, &effects)
        learnSlots(message, sender, &wire, &effects)
        processGossip(ref, sender: sender, now, &dice, &wire, &effects)
    }

    private func isOutbound(_ link: LinkRef, to sender: PeerIndex) -> Bool {
        if case .outbound(let peer) = link { return peer == sender }
        return false
    }

    /// PING and MEET are answered before anything else is looked at.
    @inline(__always)
    private mutating func answer(
        _ ref: MessageRef, _ message: ClusterMessage, _ link: LinkRef, sender: PeerIndex,
        from address: Address, local: Address, _ now: Milliseconds,
        _ dice: inout NodeDice, _ wire: inout Wire, _ effects: inout Effects
    ) {
        // A node learns its own address from whoever MEETs it (or from a PING if it has none); a later PING never
        // corrects it, which is why a pod that returned elsewhere shows its old address for itself.
        if message.type == .meet || table.peers[0].address == noAddress, table.peers[0].address != local {
            table.peers[0].address = local
            schedule(.save)
        }
        if sender == noPeer, message.type == .meet {
            addHandshake(address, .handshake, now, &dice, &wire)
            schedule(.save)
            processGossip(ref, sender: noPeer, now, &dice, &wire, &effects)
        }
        let pong = gossipMessage(.pong, &dice, &wire)
        switch link {
        case .accepted(let connection, _): effects.append(.reply(pong, on: connection))
        case .outbound(let peer): effects.append(.send(pong, to: peer))
        }
    }

    /// The first packet on an outbound link names the peer. False if the link is gone and the packet is done with.
    private mutating func settleHandshake(
        _ message: ClusterMessage, _ peer: PeerIndex, _ sender: inout PeerIndex, from address: Address,
        _ now: Milliseconds, _ dice: inout NodeDice, _ wire: inout Wire, _ effects: inout Effects
    ) -> Bool {
        if table.peers[Int(peer)].flags.has(.handshake) {
            if sender != noPeer {
                // Known already under its real id: the handshake entry was a second door to the same node.
                if updateAddress(of: sender, to: address, &effects) { schedule([.save, .updateState]) }
                removePeer(peer, &wire, &effects)
                return false
            }
            table.rename(peer, to: message.sender, &dice.table)
            table.peers[Int(peer)].flags.remove(.handshake)
            table.peers[Int(peer)].flags.formUnion(message.flags.intersection([.master, .replica]))
            schedule(.save)
            effects.append(.observed(Observation(.nodeAdded, message.sender)))
            wakeCron()
            return true
        }
        if table.peers[Int(peer)].id == message.sender { return true }
        // Somebody else lives there now.
        table.peers[Int(peer)].flags.insert(.noAddress)
        table.peers[Int(peer)].address = noAddress
        closeLink(peer, &effects)
        wakeCron()
        schedule(.save)
        effects.append(.observed(Observation(.addressLost, table.peers[Int(peer)].id)))
        return false
    }

    /// A PONG on my outbound link: the only thing that answers my ping and clears PFAIL.
    @inline(__always)
    private mutating func pongArrived(from peer: PeerIndex, _ now: Milliseconds, _ effects: inout Effects) {
        table.peers[Int(peer)].pongReceived = now
        table.peers[Int(peer)].pingSent = 0
        if table.peers[Int(peer)].flags.has(.pfail) {
            table.peers[Int(peer)].flags.remove(.pfail)
            schedule([.save, .updateState])
            wakeCron()
            effects.append(.observed(Observation(.unsuspected, table.peers[Int(peer)].id)))
        } else if table.peers[Int(peer)].flags.has(.fail) {
            clearFailIfNeeded(peer, now, &effects)
        }
        refreshDeadline(peer)
    }

    /// Role switches announced by the header's master field.
    @inline(__always)
    private mutating func learnRole(
        _ message: ClusterMessage, _ sender: PeerIndex, _ wire: inout Wire, _ effects: inout Effects
    ) {
        if message.master == noNode {
            setAsMaster(sender, &effects)
            return
        }
        if table.peers[Int(sender)].isMaster {
            for part in owners.indices where owners[part] == sender { setOwner(of: part, to: noPeer, &wire) }
            table.peers[Int(sender)].flags.subtract([.master, .migrateTo])
            table.peers[Int(sender)].flags.insert(.replica)
            schedule([.save, .updateState])
            wakeCron()
            effects.append(.observed(Observation(.becameReplica, table.peers[Int(sender)].id)))
        }
        let announced = table.index(of: message.master)
        if announced != noPeer, table.peers[Int(sender)].master != announced {
            setMaster(of: sender, to: announced)
            schedule(.save)
            wakeCron()
        }
    }

    /// clusterSetNodeAsMaster.
    mutating func setAsMaster(_ index: PeerIndex, _ effects: inout Effects) {
        if table.peers[Int(index)].isMaster { return }
        if table.peers[Int(index)].master != noPeer {
            setMaster(of: index, to: noPeer)
            if index != ClusterNode.myself { table.peers[Int(index)].flags.insert(.migrateTo) }
        }
        table.peers[Int(index)].flags.remove(.replica)
        table.peers[Int(index)].flags.insert(.master)
        schedule([.save, .updateState])
        wakeCron()
        if index != ClusterNode.myself {
            effects.append(.observed(Observation(.becameMaster, table.peers[Int(index)].id)))
        }
    }

    /// Moves a replica between masters, keeping MIGRATE_TO as clusterNodeAddSlave and -RemoveSlave do.
    package mutating func setMaster(of index: PeerIndex, to master: PeerIndex) {
        let previous = table.peers[Int(index)].master
        table.peers[Int(index)].master = master
        if previous != noPeer, !hasReplicas(previous) { table.peers[Int(previous)].flags.remove(.migrateTo) }
        if master != noPeer { table.peers[Int(master)].flags.insert(.migrateTo) }
    }

    func hasReplicas(_ index: PeerIndex) -> Bool {
        table.peers.contains { $0.inUse && $0.master == index }
    }
}
