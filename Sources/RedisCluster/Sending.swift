import Randomness

/// Building and queueing messages (clusterBuildMessageHdr, clusterSendPing, clusterBroadcast*).
extension ClusterNode {
    @inline(__always)
    func header(_ type: MessageType) -> ClusterMessage {
        let master = table.peers[0].master
        // A replica speaks for its master: its slots, its epoch.
        let source = table.peers[0].isReplica && master != noPeer ? Int(master) : 0
        var message = ClusterMessage(
            type: type, sender: table.peers[0].id, flags: table.peers[0].flags, address: table.peers[0].address,
            slots: table.peers[source].slots, currentEpoch: currentEpoch,
            configEpoch: table.peers[source].configEpoch, offset: replication.offset)
        if master != noPeer { message.master = table.peers[Int(master)].id }
        message.paused = manualFailover.end != 0 && table.peers[0].isMaster
        return message
    }

    /// Queues on the outbound link, if there is one; a link that is still connecting takes it too.
    mutating func send(_ message: ClusterMessage, to index: PeerIndex, _ wire: inout Wire, _ effects: inout Effects) {
        guard table.peers[Int(index)].link != .none else { return }
        messagesSent[message.type] += 1
        effects.append(.send(wire.allocate(message), to: index))
    }

    /// clusterBroadcastMessage: every link, but not to nodes in handshake.
    mutating func broadcast(_ message: ClusterMessage, _ wire: inout Wire, _ effects: inout Effects) {
        for position in 0..<table.order.count {
            let index = table.order[position]
            if table.peers[Int(index)].flags.has([.myself, .handshake]) { continue }
            send(message, to: index, &wire, &effects)
        }
    }

    /// clusterSendPing on an outbound link. Only a PING starts the failure clock.
    mutating func sendPing(
        _ type: MessageType, to index: PeerIndex, _ now: Milliseconds,
        _ dice: inout NodeDice, _ wire: inout Wire, _ effects: inout Effects
    ) {
        if type == .ping {
            table.peers[Int(index)].pingSent = now
            refreshDeadline(index)
        }
        effects.append(.send(gossipMessage(type, to: index, &dice, &wire), to: index))
    }

    /// After a ping or a pong: when a tick has to look at the peer again.
    @inline(__always)
    mutating func refreshDeadline(_ index: PeerIndex) {
        let deadline = deadline(of: Int(index))
        table.deadlines[Int(index)] = deadline
        if deadline < quietUntil { quietUntil = deadline }
    }

    /// clusterBroadcastPong. `siblings` limits it to the replicas of my master (or of me).
    mutating func broadcastPong(
        siblings: Bool, _ now: Milliseconds, _ dice: inout NodeDice, _ wire: inout Wire, _ effects: inout Effects
    ) {
        for position in 0..<table.order.count {
            let index = table.order[position]
            let peer = table.peers[Int(index)]
            if peer.link == .none || peer.flags.has([.myself, .handshake]) { continue }
            if siblings {
                let local =
                    peer.isReplica && peer.master != noPeer
                    && (peer.master == ClusterNode.myself || peer.master == master)
                if !local { continue }
            }
            sendPing(.pong, to: index, now, &dice, &wire, &effects)
        }
    }

    /// A PING, PONG or MEET with its gossip section (clusterSendPing).
    ///
    /// In 7.0.15 the receiver is not excluded. Draws are with replacement and limited, and a node that is PFAIL here is
    /// carried only from this node's next tick on, because the count of such nodes is that of the last tick's start.
    ///
    /// - Parameter receiver: the node of the link, or `noPeer` where it is not known yet.
    mutating func gossipMessage(
        _ type: MessageType, to receiver: PeerIndex, _ dice: inout NodeDice, _ wire: inout Wire
    ) -> MessageRef {
        messagesSent[type] += 1
        pingsSent &+= 1
        let ref = wire.allocate(header(type))
        if rules.gossipsNeighbours {
            gossipNeighbours(ref, to: receiver, &dice, &wire)
            return ref
        }
        let entries = wire.gossipEntries(ref, room: table.gossipShare)
        let carried = drawEntries(entries, besides: receiver, &dice.gossip)
        wire[ref].gossipCount = UInt16(truncatingIfNeeded: carried)
        if gossipedPfailCount > 0 { appendSuspects(ref, wire) }
        return ref
    }

    /// The gossip section of Valkey 9.1: two more entries than are wanted, from a random place in the table on, less
    /// this node, the receiver and those that are not gossiped.
    private mutating func gossipNeighbours(
        _ ref: MessageRef, to receiver: PeerIndex, _ dice: inout NodeDice, _ wire: inout Wire
    ) {
        let wanted = table.gossipShare
        let candidates = min(wanted + 2, table.count)
        var position = table.randomStart(&dice.gossip)
        var carried = 0
        for _ in 0..<candidates where carried < wanted {
            let index = table.order[position]
            position = position + 1 < table.order.count ? position + 1 : 0
            let peer = table.peers.start + Int(index)
            let flags = peer.pointee.flags
            if index == ClusterNode.myself || index == receiver || flags.has([.pfail, .handshake, .noAddress]) {
                continue
            }
            if peer.pointee.link == .none, !peer.pointee.ownsSlots { continue }
            wire.addGossip(ref, gossipEntry(peer))
            carried += 1
        }
        if gossipedPfailCount > 0 { appendSuspects(ref, wire) }
    }

    /// Writes entries about different nodes, and returns how many.
    ///
    /// Whom they are about is drawn first, so that what a draw needs fits into the processor's registers: until then an
    /// entry names its peer by index.
    @inline(__always)
    private func drawEntries(
        _ entries: UnsafeMutablePointer<GossipEntry>, besides receiver: PeerIndex, _ dice: inout RandomStream
    ) -> Int {
        let excluded = rules.gossipsAboutReceiver ? ClusterNode.myself : receiver
        let stamp = pingsSent
        let peers = table.peers.start
        let picks = table.picks
        var stream = dice
        // Whether a draw hits this node, an excluded one or one drawn before cannot be foreseen: it is written down
        // anyway, and counts if its node is new.
        peers[Int(ClusterNode.myself)].lastGossiped = stamp
        if excluded != noPeer { peers[Int(excluded)].lastGossiped = stamp }
        // Nodes besides this one and the receiver; those that may not be told of are taken off.
        var others = table.count &- 2
        var limit = table.gossipShare
        var draws = limit &* 3
        var carried = 0
        while carried < limit, draws > 0 {
            draws &-= 1
            let index = picks.draw(&stream)
            let peer = peers + Int(index)
            let flags = peer.pointee.flags
            let isUnlinked = peer.pointee.link == .none && index != ClusterNode.myself
            if flags.has([.pfail, .handshake, .noAddress]) || isUnlinked {
                if index == excluded || flags.has([.pfail, .myself]) { continue }
                if flags.has([.handshake, .noAddress]) || !peer.pointee.ownsSlots {
                    others &-= 1
                    limit = min(limit, others)
                    continue
                }
            }
            entries[carried].node = NodeID(bitPattern: index)
            carried &+= peer.pointee.lastGossiped == stamp ? 0 : 1
            peer.pointee.lastGossiped = stamp
        }
        dice = stream
        for position in 0..<carried {
            entries[position] = gossipEntry(peers + Int(PeerIndex(bitPattern: entries[position].node)))
        }
        return carried
    }

    private func appendSuspects(_ ref: MessageRef, _ wire: borrowing Wire) {
        var left = gossipedPfailCount
        for position in table.order.indices where left > 0 {
            let index = table.order[position]
            let peer = table.peers.start + Int(index)
            if peer.pointee.flags.has([.handshake, .noAddress]) || !peer.pointee.flags.has(.pfail) { continue }
            wire.addGossip(ref, gossipEntry(peer))
            left -= 1
        }
    }

    @inline(__always)
    private func gossipEntry(_ peer: UnsafeMutablePointer<Peer>) -> GossipEntry {
        GossipEntry(
            node: peer.pointee.id, flags: peer.pointee.flags, address: peer.pointee.address,
            pongReceivedSeconds: peer.pointee.pongReceived / 1000)
    }
}
