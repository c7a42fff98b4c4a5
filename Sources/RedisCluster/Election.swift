import Randomness

/// What a replica remembers of its election. In 7.0.15 nothing resets it but a restart: not a win, a loss, or a change
/// of master.
package struct Election: Sendable, Equatable {
    /// When votes may be asked for (failover_auth_time).
    package var time: Milliseconds = 0
    package var votes = 0
    package var requestSent = false
    package var rank = 0
    package var epoch: UInt64 = 0
    package var obstacle = FailoverObstacle.none

    package init() {}
}

/// Replica failover (clusterHandleSlaveFailover) and voting (clusterSendFailoverAuthIfNeeded).
extension ClusterNode {
    /// Called by every tick of a replica, and before sleep when a vote or a manual step asks for it.
    mutating func handleReplicaFailover(
        _ now: Milliseconds, _ dice: inout NodeDice, _ wire: inout Wire, _ effects: inout Effects
    ) {
        todo.remove(.handleFailover)
        let age = now - election.time
        let timeout = max(conf.nodeTimeout * 2, 2000)
        let manual = manualFailover.end != 0 && manualFailover.canStart
        guard maySucceedMaster(manual: manual) else {
            election.obstacle = .none
            return
        }
        if !manual, dataIsTooOld(now) {
            meet(.dataAge, &effects)
            return
        }
        if age > timeout * 2 {
            scheduleElection(now, &dice, &wire, &effects)
            return
        }
        if !election.requestSent, manualFailover.end == 0 { raiseRank(&effects) }
        if now < election.time {
            meet(.waitingDelay, &effects)
        } else if age > timeout {
            meet(.expired, &effects)
        } else if !election.requestSent {
            requestVotes(&wire, &effects)
        } else if election.votes >= quorum {
            winElection(now, &dice, &wire, &effects)
        } else {
            meet(.waitingVotes, &effects)
        }
    }

    private func maySucceedMaster(manual: Bool) -> Bool {
        guard isReplica, master != noPeer else { return false }
        let dead = table.peers[Int(master)]
        return (dead.flags.has(.fail) || manual) && (!conf.replicaNoFailover || manual) && dead.ownsSlots
    }

    /// Whole seconds since the master was last heard, less the timeout that condemning it took. Since the epoch, if no
    /// link ever stood: so a replica that restarted while its master was down is never elected.
    private func dataIsTooOld(_ now: Milliseconds) -> Bool {
        let since = replication.linkUp ? replication.lastInteraction : replication.downSince
        var age = (now / 1000 - since) * 1000
        if age > conf.nodeTimeout { age -= conf.nodeTimeout }
        return conf.replicaValidityFactor != 0
            && age > conf.replicationPingPeriodSeconds * 1000 + conf.nodeTimeout * conf.replicaValidityFactor
    }

    private mutating func meet(_ obstacle: FailoverObstacle, _ effects: inout Effects) {
        guard election.obstacle != obstacle else { return }
        election.obstacle = obstacle
        effects.append(.observed(Observation(.cannotFailover, value: obstacle.rawValue)))
    }

    private mutating func scheduleElection(
        _ now: Milliseconds, _ dice: inout NodeDice, _ wire: inout Wire, _ effects: inout Effects
    ) {
        election.rank = rank()
        election.time = now + 500 + Int64(dice.election.below(500)) + Int64(election.rank) * 1000
        election.votes = 0
        election.requestSent = false
        if manualFailover.end != 0 {
            election.time = now
            election.rank = 0
            schedule(.handleFailover)
        }
        effects.append(
            .observed(Observation(.electionScheduled, table.peers[Int(master)].id, value: election.time - now)))
        broadcastPong(siblings: true, now, &dice, &wire, &effects)
    }

    /// clusterGetSlaveRank: siblings known to have more data. Equal offsets share a rank; the dead count too.
    package func rank() -> Int {
        guard master != noPeer, !conf.ignoresRank else { return 0 }
        var ahead = 0
        for index in table.peers.indices.dropFirst() {
            let sibling = table.peers[index]
            if sibling.inUse, sibling.master == master, !sibling.flags.has(.noFailover),
                sibling.replicationOffset > replication.offset
            {
                ahead += 1
            }
        }
        return ahead
    }

    /// Only a worse rank is applied after scheduling.
    private mutating func raiseRank(_ effects: inout Effects) {
        let rank = rank()
        guard rank > election.rank else { return }
        election.time += Int64(rank - election.rank) * 1000
        election.rank = rank
        effects.append(.observed(Observation(.rankRaised, table.peers[Int(master)].id, value: Int64(rank))))
    }

    private mutating func requestVotes(_ wire: inout Wire, _ effects: inout Effects) {
        currentEpoch += 1
        election.epoch = currentEpoch
        effects.append(
            .observed(Observation(.electionStarted, table.peers[Int(master)].id, value: Int64(currentEpoch))))
        var request = header(.authRequest)
        request.forceAck = manualFailover.end != 0
        broadcast(request, &wire, &effects)
        election.requestSent = true
        schedule([.save, .updateState, .fsync])
    }

    private mutating func winElection(
        _ now: Milliseconds, _ dice: inout NodeDice, _ wire: inout Wire, _ effects: inout Effects
    ) {
        if table.peers[0].configEpoch < election.epoch { table.peers[0].configEpoch = election.epoch }
        effects.append(
            .observed(
                Observation(.electionWon, table.peers[Int(master)].id, value: Int64(table.peers[0].configEpoch))))
        replaceMaster(now, &dice, &wire, &effects)
    }

    /// clusterFailoverReplaceYourMaster: promotion, step by step. The save is inline, before the PONGs are queued.
    mutating func replaceMaster(
        _ now: Milliseconds, _ dice: inout NodeDice, _ wire: inout Wire, _ effects: inout Effects
    ) {
        let old = master
        guard !isMaster, old != noPeer else { return }
        setAsMaster(ClusterNode.myself, &effects)
        replication.following = noAddress
        replication.linkUp = false
        replication.downSince = 0
        effects.append(.stopFollowing)
        for part in owners.indices where owners[part] == old { setOwner(of: part, to: ClusterNode.myself, &wire) }
        updateState(now, &effects)
        save(fsync: true, &effects)
        broadcastPong(siblings: false, now, &dice, &wire, &effects)
        resetManualFailover(&effects)
        wakeCron()
    }

    // MARK: Voting

    /// A vote counts if its sender is a master with slots whose epoch is not older than the election's.
    mutating func countVote(_ message: ClusterMessage, _ sender: PeerIndex) {
        let voter = table.peers[Int(sender)]
        guard voter.isMaster, voter.ownsSlots, message.currentEpoch >= election.epoch else { return }
        election.votes += 1
        schedule(.handleFailover)
    }

    /// The voter's tests, in the server's order. There is no message for "no".
    mutating func considerVote(
        _ request: ClusterMessage, _ sender: PeerIndex, _ now: Milliseconds,
        _ wire: inout Wire, _ effects: inout Effects
    ) {
        guard isMaster, table.peers[0].ownsSlots else { return }
        if let refusal = refusal(of: request, sender, now, wire.slots) {
            effects.append(.observed(Observation(.voteRefused, request.sender, value: refusal.rawValue)))
            return
        }
        lastVoteEpoch = currentEpoch
        table.peers[Int(table.peers[Int(sender)].master)].votedTime = now
        schedule([.save, .fsync])
        if table.peers[Int(sender)].link != .none { send(header(.authAck), to: sender, &wire, &effects) }
        effects.append(.observed(Observation(.voteGranted, request.sender, value: Int64(currentEpoch))))
    }

    private func refusal(
        of request: ClusterMessage, _ sender: PeerIndex, _ now: Milliseconds, _ slots: SlotSets
    ) -> VoteRefusal? {
        if request.currentEpoch < currentEpoch { return .oldEpoch }
        if lastVoteEpoch == currentEpoch { return .alreadyVoted }
        let candidate = table.peers[Int(sender)]
        if candidate.isMaster { return .requesterIsMaster }
        if candidate.master == noPeer { return .masterUnknown }
        let dead = table.peers[Int(candidate.master)]
        if !dead.flags.has(.fail), !request.forceAck { return .masterIsUp }
        if now - dead.votedTime < conf.nodeTimeout * 2 { return .votedForThisMasterRecently }
        for part in owners.indices where slots.contains(request.slots, part) {
            if owners[part] == noPeer || notClaimed[part] { continue }
            if table.peers[Int(owners[part])].configEpoch > request.configEpoch { return .slotsHaveNewerOwner }
        }
        return nil
    }
}
