/// clusterCron, ten times a second.
extension ClusterNode {
    /// Most ticks of a healthy cluster find nothing due. `table.deadlines` holds the earliest time at which a pass
    /// could act on each peer, and `quietUntil` the least of them: a tick before that costs a comparison, and one after
    /// it looks at the peers that are due. It is a cache, never a rule: whatever could make a pass act earlier calls
    /// `wakeCron`, after which a tick looks at everybody, or, where only a link was lost, `lookAtAll`; a test compares
    /// runs with and without it.
    ///
    /// The host asks this first: true if the tick is over with that.
    package mutating func passQuietTick(at now: Milliseconds) -> Bool {
        guard now <= quietUntil, ticksUntilRandomPing > 1 else { return false }
        ticksUntilRandomPing -= 1
        return true
    }

    /// A deadline may be stale: gossip tells of pongs without putting it off. True if a tick whose work would be done
    /// at `now` finds nothing due after all, which `quietUntil` says from then on; false changes nothing that a tick
    /// would do.
    package mutating func findsNothingDue(at now: Milliseconds) -> Bool {
        guard !looksAtAll, gossipedPfailCount == 0 else { return false }
        let deadlines = table.deadlines.start
        var earliest = Milliseconds.max
        for index in table.deadlines.indices {
            if deadlines[index] < now { deadlines[index] = deadline(of: index) }
            earliest = min(earliest, deadlines[index])
        }
        guard now <= earliest else { return false }
        quietUntil = earliest
        return true
    }

    /// `Input.cron`, for a host that has many of them.
    package mutating func cron(
        _ now: Milliseconds, _ dice: inout NodeDice, _ wire: inout Wire, _ effects: inout Effects
    ) {
        let quiet = now <= quietUntil
        let all = !quiet && looksAtAll
        if all { reconnectPass(now, &dice, &wire, &effects) }
        ticksUntilRandomPing -= 1
        if ticksUntilRandomPing == 0 {
            ticksUntilRandomPing = 10
            randomPing(now, &dice, &wire, &effects)
        }
        if !quiet { failurePass(now, all: all, &dice, &wire, &effects) }
    }

    /// clusterNodeCronHandleReconnect over all nodes.
    private mutating func reconnectPass(
        _ now: Milliseconds, _ dice: inout NodeDice, _ wire: inout Wire, _ effects: inout Effects
    ) {
        gossipedPfailCount = 0
        let handshakeTimeout = max(conf.nodeTimeout, 1000)
        var attemptsLeft = rules.spacesReconnects ? attemptsEachTick : 0
        var position = 0
        while position < table.order.count {
            let index = table.order[position]
            let peer = table.peers.start + Int(index)
            position &+= 1
            let flags = peer.pointee.flags
            if flags.has([.myself, .noAddress]) { continue }
            if flags.has(.pfail) { gossipedPfailCount += 1 }
            if flags.has(.handshake), now - peer.pointee.createdTime > handshakeTimeout {
                effects.append(.observed(Observation(.handshakeEnded, peer.pointee.id)))
                removePeer(index, &wire, &effects)
                position -= 1
                continue
            }
            if peer.pointee.link == .none {
                // The number goes below zero, and then nobody is held back any more, as in the source.
                if rules.spacesReconnects, peer.pointee.accepted < 0, attemptsLeft == 0,
                    now - peer.pointee.connectTried < conf.nodeTimeout / 2 / 10
                {
                    continue
                }
                attemptsLeft -= 1
                peer.pointee.connectTried = now
                peer.pointee.link = .connecting
                peer.pointee.linkCreated = now
                effects.append(.connect(index))
            }
        }
    }

    /// maxConnectionAttemptsPerCron, in whole numbers: 0 in a small cluster.
    private var attemptsEachTick: Milliseconds {
        let interval = conf.nodeTimeout / 2
        return interval > 0 ? Milliseconds(table.order.count) * 100 / interval * 10 : 0
    }

    /// Once every ten ticks: of five draws, the reachable node with the oldest pong is pinged.
    private mutating func randomPing(
        _ now: Milliseconds, _ dice: inout NodeDice, _ wire: inout Wire, _ effects: inout Effects
    ) {
        var oldest = noPeer
        var oldestPong = Milliseconds.max
        let picks = table.picks
        let peers = table.peers.start
        var stream = dice.gossip
        for _ in 0..<5 {
            let index = picks.draw(&stream)
            let peer = peers + Int(index)
            let isReachable = peer.pointee.link != .none && !peer.pointee.flags.has([.myself, .handshake])
            let isCandidate = isReachable && peer.pointee.pingSent == 0
            let pong = isCandidate ? peer.pointee.pongReceived : .max
            oldest = pong < oldestPong ? index : oldest
            oldestPong = min(pong, oldestPong)
        }
        dice.gossip = stream
        if oldest != noPeer { sendPing(.ping, to: oldest, now, &dice, &wire, &effects) }
    }

    /// The second pass: drop silent links, force pings, flag PFAIL; then what follows it in clusterCron.
    private mutating func failurePass(
        _ now: Milliseconds, all: Bool, _ dice: inout NodeDice, _ wire: inout Wire, _ effects: inout Effects
    ) {
        let everybody = deadlinesAreStale
        looksAtAll = false
        deadlinesAreStale = false
        var flagged = false
        // `examine` changes entries, and neither their number nor their order.
        let (order, deadlines) = (table.order.start, table.deadlines.start)
        for position in table.order.indices {
            let index = order[position]
            guard everybody || deadlines[Int(index)] < now else { continue }
            if !table.peers[Int(index)].flags.has([.myself, .noAddress, .handshake]),
                examine(index, now, &dice, &wire, &effects)
            {
                flagged = true
            }
            deadlines[Int(index)] = deadline(of: Int(index))
        }
        if all || flagged || looksAtAll {
            finishTick(flagged: flagged, now, &dice, &wire, &effects)
        }
        quietUntil = nextDeadline()
    }

    private mutating func finishTick(
        flagged: Bool, _ now: Milliseconds, _ dice: inout NodeDice, _ wire: inout Wire, _ effects: inout Effects
    ) {
        followMasterIfOff(&effects)
        expireManualFailover(now, &effects)
        if isReplica {
            continueManualFailover(now, &effects)
            handleReplicaFailover(now, &dice, &wire, &effects)
            considerMigration(now, &wire, &effects)
        }
        if flagged || !stateIsOk { updateState(now, &effects) }
        if !stateIsOk || needsReplicaAttention { looksAtAll = true }
        if manualFailover.end != 0 {
            looksAtAll = true
            deadlinesAreStale = true
        }
    }

    /// One node of the failure pass. True if PFAIL was set.
    private mutating func examine(
        _ index: PeerIndex, _ now: Milliseconds, _ dice: inout NodeDice, _ wire: inout Wire, _ effects: inout Effects
    ) -> Bool {
        let peer = table.peers.start + Int(index)
        let timeout = conf.nodeTimeout
        let pingSent = peer.pointee.pingSent
        let pingDelay = now - pingSent
        let dataDelay = now - peer.pointee.dataReceived
        if pingSent != 0, pingDelay > timeout / 2, dataDelay > timeout / 2, peer.pointee.link != .none,
            now - peer.pointee.linkCreated > timeout
        {
            closeLink(index, &effects)
        }
        let linked = peer.pointee.link != .none
        if linked, pingSent == 0, now - peer.pointee.pongReceived > timeout / 2 {
            sendPing(.ping, to: index, now, &dice, &wire, &effects)
            return false
        }
        if manualFailover.end != 0, isMaster, manualFailover.replica == index, linked {
            sendPing(.ping, to: index, now, &dice, &wire, &effects)
            return false
        }
        guard pingSent != 0, min(pingDelay, dataDelay) > timeout, !peer.pointee.flags.has(.failing) else {
            return false
        }
        peer.pointee.flags.insert(.pfail)
        wakeCron()
        effects.append(.observed(Observation(.suspected, peer.pointee.id)))
        condemnIfOwnSuspicionDecides(index, now, &wire, &effects)
        return true
    }

    /// A replica whose replication is off follows its master as soon as it knows an address (a restart's first tick).
    private mutating func followMasterIfOff(_ effects: inout Effects) {
        guard isReplica, replication.following == noAddress, master != noPeer else { return }
        let source = table.peers[Int(master)]
        guard !source.flags.has(.noAddress), source.address != noAddress else { return }
        follow(source.id, source.address, &effects)
    }

    /// The earliest time at which the failure pass may have to act on a peer; 0 keeps ticks awake.
    func deadline(of index: Int) -> Milliseconds {
        let peer = table.peers.start + index
        let flags = peer.pointee.flags
        if flags.has([.myself, .noAddress]) { return .max }
        // A stale PFAIL count must be refreshed by the next tick, so PFAIL keeps ticks awake.
        if peer.pointee.link == .none || flags.has([.handshake, .pfail]) { return 0 }
        let timeout = conf.nodeTimeout
        let pingSent = peer.pointee.pingSent
        if pingSent == 0 { return peer.pointee.pongReceived + timeout / 2 }
        let silence = max(pingSent, peer.pointee.dataReceived)
        let drop = max(peer.pointee.linkCreated + timeout, silence + timeout / 2)
        return flags.has(.failing) ? drop : min(drop, silence + timeout)
    }

    private mutating func nextDeadline() -> Milliseconds {
        let earliest = table.earliestDeadline
        if gossipedPfailCount > 0 || earliest == 0 { looksAtAll = true }
        return looksAtAll ? 0 : earliest
    }

    private var needsReplicaAttention: Bool {
        guard isReplica else { return false }
        guard master != noPeer else { return true }
        return table.peers[Int(master)].flags.has(.fail) || replication.following == noAddress || migrationConcern
    }
}
