/// What a receiver does with each entry of a gossip section, and FAIL by majority.
extension ClusterNode {
    /// clusterProcessGossipSection. `sender` may be `noPeer` only for a MEET from an unknown node.
    @inline(__always)
    mutating func processGossip(
        _ ref: MessageRef, sender: PeerIndex, _ now: Milliseconds,
        _ dice: inout NodeDice, _ wire: inout Wire, _ effects: inout Effects
    ) {
        let count = Int(wire[ref].gossipCount)
        let position = learnPongs(wire.gossipEntries(ref, room: count), from: 0, to: count, now)
        if position < count { processGossip(ref, from: position, sender: sender, now, &dice, &wire, &effects) }
    }

    /// The rest of a section, from an entry on that is not the common case.
    @inline(never)
    private mutating func processGossip(
        _ ref: MessageRef, from start: Int, sender: PeerIndex, _ now: Milliseconds,
        _ dice: inout NodeDice, _ wire: inout Wire, _ effects: inout Effects
    ) {
        let count = Int(wire[ref].gossipCount)
        var position = start
        while position < count {
            let entry = wire.gossip(ref, position)
            let index = table.index(of: entry.node)
            position += 1
            if index == noPeer {
                addFromGossip(entry, sender: sender, now, &dice, &effects)
            } else if index != ClusterNode.myself || rules.gossipsAboutReceiver {
                learn(entry, about: index, sender: sender, now, &wire, &effects)
            }
            position = learnPongs(wire.gossipEntries(ref, room: count), from: position, to: count, now)
        }
    }

    /// `learn` in the common case: the node is known, and nobody suspects it, neither the sender nor anybody here.
    /// Returns the position of the first entry that is another case, or `end`.
    @inline(__always)
    private func learnPongs(
        _ entries: UnsafeMutablePointer<GossipEntry>, from start: Int, to end: Int, _ now: Milliseconds
    ) -> Int {
        let peers = table.peers.start
        let indices = table.indices
        let latest = now &+ 500
        let skipsSelf = !rules.gossipsAboutReceiver
        var position = start
        while position < end {
            let entry = entries + position
            let index = indices.index(of: entry.pointee.node)
            let peer = peers + Int(index)
            if index == noPeer || skipsSelf && index == ClusterNode.myself { break }
            let flags = NodeFlags(rawValue: entry.pointee.flags.rawValue | peer.pointee.flags.rawValue)
            if flags.has(.failing) || peer.pointee.reports >= 0 { break }
            // Which pong is the later one cannot be foreseen, so a number is chosen instead of a way.
            let pong = entry.pointee.pongReceivedSeconds &* 1000
            let known = peer.pointee.pongReceived
            let told = pong <= latest && peer.pointee.pingSent == 0 ? pong : known
            peer.pointee.pongReceived = max(told, known)
            position &+= 1
        }
        return position
    }

    private mutating func learn(
        _ entry: GossipEntry, about index: PeerIndex, sender: PeerIndex, _ now: Milliseconds,
        _ wire: inout Wire, _ effects: inout Effects
    ) {
        let flagged = entry.flags.has(.failing)
        if sender != noPeer, index != ClusterNode.myself {
            weigh(flagged: flagged, about: index, sender: sender, now, &wire, &effects)
        }
        if flagged { return }
        if table.peers[Int(index)].pingSent == 0, reportCount(index, now) == 0 {
            let pong = entry.pongReceivedSeconds * 1000
            if pong <= now + 500, pong > table.peers[Int(index)].pongReceived {
                table.peers[Int(index)].pongReceived = pong
            }
        }
        // A node I cannot reach, but others can, elsewhere: go there. In 7.0.15 replication stays where it was.
        if table.peers[Int(index)].flags.has(.failing), !entry.flags.has(.noAddress),
            table.peers[Int(index)].address != entry.address
        {
            closeLink(index, &effects)
            table.peers[Int(index)].address = entry.address
            table.peers[Int(index)].flags.remove(.noAddress)
            effects.append(.observed(Observation(.addressChanged, entry.node)))
            if rules.followsGossipedAddress, isReplica, master == index { follow(entry.node, entry.address, &effects) }
            wakeCron()
        }
    }

    /// Only masters' opinions count; in 7.0.15 they need no slots for that.
    private func isReporter(_ index: PeerIndex) -> Bool {
        table.peers[Int(index)].isMaster && (!rules.reportersNeedSlots || table.peers[Int(index)].ownsSlots)
    }

    /// A failure report, or its withdrawal.
    private mutating func weigh(
        flagged: Bool, about index: PeerIndex, sender: PeerIndex, _ now: Milliseconds,
        _ wire: inout Wire, _ effects: inout Effects
    ) {
        let isReport = isReporter(sender)
        guard isReport || rules.weighsEveryEntry else { return }
        let subject = table.peers[Int(index)].id
        let reporter = table.peers[Int(sender)].id
        guard flagged else {
            if table.peers[Int(index)].reports >= 0, reports.remove(&table.peers[Int(index)].reports, from: sender) {
                effects.append(.observed(Observation(.reportWithdrawn, subject, other: reporter)))
            }
            return
        }
        if isReport, rules.keepsReportsOfFailed || !table.peers[Int(index)].flags.has(.fail),
            reports.add(
                &table.peers[Int(index)].reports, from: sender,
                at: rules.roundsReportTimes ? now / 1000 * 1000 + 999 : now)
        {
            effects.append(.observed(Observation(.reported, subject, other: reporter)))
        }
        markFailingIfNeeded(index, now, &wire, &effects)
    }

    /// PFAIL was set by this node's own clock: whether that is the last opinion that was missing. In 7.0.15 it never
    /// is, because only an entry from a master makes a node count.
    mutating func condemnIfOwnSuspicionDecides(
        _ index: PeerIndex, _ now: Milliseconds, _ wire: inout Wire, _ effects: inout Effects
    ) {
        guard isMaster else { return }
        if rules.suspicionCondemns && table.peers[0].ownsSlots || rules.loneMasterCondemns && size == 1 {
            markFailingIfNeeded(index, now, &wire, &effects)
        }
    }

    /// A known sender vouches for a node I have never heard of: it is added as gossiped, flags and all.
    private mutating func addFromGossip(
        _ entry: GossipEntry, sender: PeerIndex, _ now: Milliseconds, _ dice: inout NodeDice, _ effects: inout Effects
    ) {
        guard sender != noPeer, !entry.flags.has(.noAddress) else { return }
        var peer = Peer(id: entry.node, flags: entry.flags.subtracting(.myself))
        peer.address = entry.address
        peer.createdTime = now
        table.add(peer, &dice.table)
        effects.append(.observed(Observation(.nodeAdded, entry.node)))
        wakeCron()
    }

    /// Valid reports about `index`, this node's own opinion not among them.
    @inline(__always)
    package mutating func reportCount(_ index: PeerIndex, _ now: Milliseconds) -> Int {
        if table.peers[Int(index)].reports < 0 { return 0 }
        return reports.count(&table.peers[Int(index)].reports, at: now, validity: conf.nodeTimeout * 2)
    }

    /// markNodeAsFailingIfNeeded: PFAIL here, and a majority of masters with me (if I am one) say so.
    private mutating func markFailingIfNeeded(
        _ index: PeerIndex, _ now: Milliseconds, _ wire: inout Wire, _ effects: inout Effects
    ) {
        let flags = table.peers[Int(index)].flags
        guard flags.has(.pfail), !flags.has(.fail) else { return }
        let failures = reportCount(index, now) + (isReporter(ClusterNode.myself) ? 1 : 0)
        guard failures >= quorum else { return }
        setFail(index, now)
        effects.append(.observed(Observation(.failed, table.peers[Int(index)].id, value: Int64(failures))))
        broadcastFail(of: index, &wire, &effects)
    }

    private mutating func broadcastFail(of index: PeerIndex, _ wire: inout Wire, _ effects: inout Effects) {
        var message = header(.fail)
        message.about = table.peers[Int(index)].id
        broadcast(message, &wire, &effects)
    }

    /// Nobody can reach a node without an address: in Valkey 9 it counts as dead.
    mutating func failLostAddress(
        of index: PeerIndex, _ now: Milliseconds, _ wire: inout Wire, _ effects: inout Effects
    ) {
        guard rules.failsLostAddresses, !table.peers[Int(index)].flags.has(.fail) else { return }
        setFail(index, now)
        effects.append(.observed(Observation(.failed, table.peers[Int(index)].id)))
        broadcastFail(of: index, &wire, &effects)
    }

    /// A FAIL message: believed without counting, unless it is about myself or already known.
    mutating func processFail(_ message: ClusterMessage, _ now: Milliseconds, _ effects: inout Effects) {
        let index = table.index(of: message.about)
        guard index != noPeer, !table.peers[Int(index)].flags.has([.fail, .myself]) else { return }
        setFail(index, now)
        effects.append(.observed(Observation(.failLearned, message.about, other: message.sender)))
    }

    private mutating func setFail(_ index: PeerIndex, _ now: Milliseconds) {
        table.peers[Int(index)].flags.remove(.pfail)
        table.peers[Int(index)].flags.insert(.fail)
        table.peers[Int(index)].failTime = now
        schedule([.updateState, .save])
        wakeCron()
        if rules.electsBeforeSleep, isReplica, master == index {
            table.peers[0].flags.insert(.masterFailed)
            schedule(.handleFailover)
        }
    }

    /// clearNodeFailureIfNeeded: a PONG came from a node that is FAIL here.
    mutating func clearFailIfNeeded(_ index: PeerIndex, _ now: Milliseconds, _ effects: inout Effects) {
        let peer = table.peers[Int(index)]
        // A master that still owns slots stays FAIL for 2 x node-timeout, so that a failover under way can finish.
        let tooEarly = peer.isMaster && peer.ownsSlots && now - peer.failTime <= conf.nodeTimeout * 2
        guard !tooEarly else { return }
        table.peers[Int(index)].flags.remove(.fail)
        // The own flag of a failed master stays: what is cleared is the master's entry's (9.1.2; repaired by #4533).
        schedule([.updateState, .save])
        wakeCron()
        effects.append(.observed(Observation(.failCleared, peer.id)))
    }
}
