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
            let peer = table.peers.start + Int(sender)
            peer.pointee.dataReceived = now
            if rules.bestReplicaHurries { copyMasterFailed(from: message.flags, to: sender) }
            if !peer.pointee.flags.has(.handshake) { absorbHeader(message, sender, now, &effects) }
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

    private mutating func copyMasterFailed(from flags: NodeFlags, to sender: PeerIndex) {
        table.peers[Int(sender)].flags.remove(.masterFailed)
        if flags.has(.masterFailed) { table.peers[Int(sender)].flags.insert(.masterFailed) }
    }

    /// getNodeFromLinkAndMsg: a link's node, once known, is believed over the header. Not in 6.2.
    @inline(__always)
    private mutating func senderIndex(
        of message: ClusterMessage, _ link: LinkRef, _ effects: inout Effects
    ) -> PeerIndex {
        guard rules.tiesLinksToNodes else { return table.index(of: message.sender) }
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
        let peer = table.peers.start + Int(sender)
        if message.currentEpoch > currentEpoch { currentEpoch = message.currentEpoch }
        if message.configEpoch > peer.pointee.configEpoch, !rules.onlyMastersTeach || message.master == noNode {
            peer.pointee.configEpoch = message.configEpoch
            schedule([.save, .fsync])
            if rules.claimEndsElection { endElectionLost(to: message.configEpoch) }
        }
        peer.pointee.replicationOffset = message.offset
        if manualFailover.end != 0, isReplica, master == sender, message.paused, manualFailover.masterOffset == nil {
            manualFailover.masterOffset = message.offset
            schedule(.handleManualFailover)
        }
    }

    @inline(__always)
    private mutating func processPing(
        _ ref: MessageRef, _ message: ClusterMessage, _ link: LinkRef, sender known: PeerIndex,
        from address: Address, local: Address, _ now: Milliseconds,
        _ dice: inout NodeDice, _ wire: inout Wire, _ effects: inout Effects
    ) {
        var sender = known
        if message.type != .pong {
            answer(ref, message, link, sender: sender, from: address, local: local, now, &dice, &wire, &effects)
        }
        if rules.meetsUntilAnswered, sender != noPeer { table.peers[Int(sender)].flags.remove(.meet) }
        if case .outbound(let peer) = link {
            guard settleHandshake(message, peer, &sender, from: address, now, &dice, &wire, &effects) else { return }
        }
        if sender != noPeer {
            let peer = table.peers.start + Int(sender)
            if peer.pointee.flags.has(.noFailover) != message.flags.has(.noFailover) {
                peer.pointee.flags.formSymmetricDifference(.noFailover)
            }
            if message.type == .ping, !peer.pointee.flags.has(.handshake), !isOutbound(link, to: sender),
                updateAddress(of: sender, to: address, &effects)
            {
                schedule([.save, .updateState])
            }
        }
        if case .outbound(let peer) = link, message.type == .pong { pongArrived(from: peer, now, &effects) }
        guard sender != noPeer else { return }
        let formerMaster = table.peers[Int(sender)].isReplica ? table.peers[Int(sender)].master : noPeer
        guard learnRole(message, sender, &wire, &effects) else { return }
        learnSlots(message, sender, formerMaster, &wire, &effects)
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
        switch link {
        case .accepted(let connection, _):
            effects.append(.reply(gossipMessage(.pong, to: sender, &dice, &wire), on: connection))
        case .outbound(let peer):
            effects.append(.send(gossipMessage(.pong, to: peer, &dice, &wire), to: peer))
        }
    }

    /// The first packet on an outbound link names the peer. False if the link is gone and the packet is done with.
    @inline(__always)
    private mutating func settleHandshake(
        _ message: ClusterMessage, _ peer: PeerIndex, _ sender: inout PeerIndex, from address: Address,
        _ now: Milliseconds, _ dice: inout NodeDice, _ wire: inout Wire, _ effects: inout Effects
    ) -> Bool {
        let entry = table.peers.start + Int(peer)
        if !entry.pointee.flags.has(.handshake), entry.pointee.id == message.sender { return true }
        return settleNewLink(message, peer, &sender, from: address, now, &dice, &wire, &effects)
    }

    @inline(never)
    private mutating func settleNewLink(
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
        // Somebody else lives there now.
        table.peers[Int(peer)].flags.insert(.noAddress)
        table.peers[Int(peer)].address = noAddress
        closeLink(peer, &effects)
        wakeCron()
        schedule(.save)
        effects.append(.observed(Observation(.addressLost, table.peers[Int(peer)].id)))
        failLostAddress(of: peer, now, &wire, &effects)
        return false
    }

    /// A PONG on my outbound link: the only thing that answers my ping and clears PFAIL.
    @inline(__always)
    private mutating func pongArrived(from peer: PeerIndex, _ now: Milliseconds, _ effects: inout Effects) {
        let entry = table.peers.start + Int(peer)
        entry.pointee.pongReceived = now
        entry.pointee.pingSent = 0
        if entry.pointee.flags.has(.pfail) {
            entry.pointee.flags.remove(.pfail)
            schedule([.save, .updateState])
            wakeCron()
            effects.append(.observed(Observation(.unsuspected, entry.pointee.id)))
        } else if entry.pointee.flags.has(.fail) {
            clearFailIfNeeded(peer, now, &effects)
        }
        refreshDeadline(peer)
    }

    /// Role switches announced by the header's master field. False for a packet that is done with.
    @inline(__always)
    private mutating func learnRole(
        _ message: ClusterMessage, _ sender: PeerIndex, _ wire: inout Wire, _ effects: inout Effects
    ) -> Bool {
        if message.master == noNode {
            setAsMaster(sender, &effects)
            return true
        }
        let announced = table.index(of: message.master)
        if table.peers[Int(sender)].isMaster {
            // Taking the late word would leave a chain of replicas without a master.
            if rules.dropsStaleDemotions, announced != noPeer, table.peers[Int(announced)].master == sender,
                table.peers[Int(sender)].configEpoch > message.configEpoch
            {
                return false
            }
            learnDemotion(of: sender, to: announced, epoch: message.configEpoch, &wire, &effects)
        }
        if announced != noPeer, table.peers[Int(sender)].master != announced {
            setMaster(of: sender, to: announced)
            schedule(.save)
            wakeCron()
            if rules.followsGrandMaster == .withRoles { followGrandMaster(&effects) }
        }
        return true
    }

    /// A master says that it is a replica now. In 7.0.15 its slots are nobody's until their new owner is heard; later
    /// ones take the old master's word for a failover in its shard, unless it is older news than theirs.
    private mutating func learnDemotion(
        of sender: PeerIndex, to announced: PeerIndex, epoch: UInt64, _ wire: inout Wire,
        _ effects: inout Effects
    ) {
        if rules.demotionNamesMaster, announced != noPeer, table.peers[Int(announced)].master == sender {
            if table.peers[Int(sender)].configEpoch <= epoch {
                if rules.demotionMovesSlots { handSlots(of: sender, to: announced, &wire, &effects) }
                setAsMaster(announced, &effects)
                table.peers[Int(announced)].configEpoch = epoch
            }
        } else {
            for part in owners.indices where owners[part] == sender { setOwner(of: part, to: noPeer, &wire) }
        }
        table.peers[Int(sender)].flags.subtract([.master, .migrateTo])
        table.peers[Int(sender)].flags.insert(.replica)
        schedule(rules.announcesDemotion ? [.save, .updateState, .fsync] : [.save, .updateState])
        wakeCron()
        effects.append(.observed(Observation(.becameReplica, table.peers[Int(sender)].id)))
    }

    private mutating func handSlots(
        of old: PeerIndex, to new: PeerIndex, _ wire: inout Wire, _ effects: inout Effects
    ) {
        for part in owners.indices where owners[part] == old {
            setOwner(of: part, to: new, &wire)
            effects.append(.observed(Observation(.slotsMoved, table.peers[Int(new)].id)))
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
