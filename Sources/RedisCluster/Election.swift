import Randomness

/// What a replica remembers of its election. In 7.0.15 nothing resets it but a restart: not a win, a loss, or a change
/// of master; later versions set `time` back to 0.
package struct Election: Sendable, Equatable {
    /// When votes may be asked for (failover_auth_time).
    package var time: Milliseconds = 0
    package var votes = 0
    package var requestSent = false
    package var rank = 0
    /// How many shards with dead masters come before this one's (failover_failed_primary_rank).
    package var shardRank = 0
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
        var age = now - election.time
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
            guard rules.electsBeforeSleep, election.time <= now else { return }
            age = 0
        }
        if !election.requestSent, manualFailover.end == 0, !rules.electsBeforeSleep || election.time != now {
            reviseRanks(now, wire, &effects)
        }
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
        let dead = table.peers.start + Int(master)
        return (dead.pointee.flags.has(.fail) || manual) && (!conf.replicaNoFailover || manual)
            && (dead.pointee.ownsSlots || rules.electsWithoutSlots)
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
        let delay = electionDelay
        election.rank = rank(wire)
        election.shardRank = shardRank(now, wire)
        election.time = now + delay * Int64(1 + 2 * election.rank + election.shardRank)
        if delay > 0 { election.time += Int64(dice.election.below(Int(delay))) }
        if rules.delaysEmptyReplicas, replication.offset == 0 { election.time += ClusterNode.newcomersDelay }
        election.votes = 0
        election.requestSent = false
        if manualFailover.end != 0 {
            election.time = now
            election.rank = 0
            election.shardRank = 0
            if !rules.electsBeforeSleep { schedule(.handleFailover) }
        } else if isBestReplica {
            election.time = now
        }
        effects.append(
            .observed(Observation(.electionScheduled, table.peers[Int(master)].id, value: election.time - now)))
        broadcastPong(siblings: true, now, &dice, &wire, &effects)
    }

    /// The election's fixed delay, ms: FAIL and the offsets are to spread meanwhile. As much again at most is drawn, a
    /// rank costs twice as much.
    private var electionDelay: Milliseconds { rules.scalesElectionDelay ? min(500, conf.nodeTimeout / 30) : 500 }

    /// What a replica without data waits longer in Valkey 9.1, ms: it may not know its siblings yet.
    static let newcomersDelay: Milliseconds = 500

    /// clusterGetSlaveRank: siblings known to have more data. In 7.0.15 equal offsets share a rank; the dead count too.
    package func rank(_ wire: borrowing Wire) -> Int {
        guard master != noPeer, !conf.ignoresRank else { return 0 }
        var ahead = 0
        for index in table.peers.indices.dropFirst() {
            let sibling = table.peers[index]
            guard sibling.inUse, sibling.master == master, !sibling.flags.has(.noFailover) else { continue }
            if sibling.replicationOffset > replication.offset {
                ahead += 1
            } else if rules.ranksByID, sibling.replicationOffset == replication.offset,
                wire.names[Int(sibling.id)] < wire.names[Int(id)]
            {
                ahead += 1
            }
        }
        return ahead
    }

    /// clusterGetFailedPrimaryRank: dead masters with slots and replicas whose shards come before this one's, as long
    /// as replicas of theirs may still stand.
    private func shardRank(_ now: Milliseconds, _ wire: borrowing Wire) -> Int {
        guard rules.ranksFailedMasters, let own = shard(of: master, wire) else { return 0 }
        var before = 0
        for index in table.peers.indices {
            let peer = table.peers[index]
            guard peer.inUse, peer.isMaster, peer.flags.has(.fail), hasReplicas(PeerIndex(index)),
                let other = shard(of: PeerIndex(index), wire)
            else { continue }
            let isOver = now - peer.failTime > conf.nodeTimeout * conf.replicaValidityFactor
            if conf.replicaValidityFactor != 0, isOver { continue }
            if other < own { before += 1 }
        }
        return before
    }

    /// Where a master's shard stands in the order of shard ids; nil without slots, since slots never leave their shard.
    private func shard(of index: PeerIndex, _ wire: borrowing Wire) -> UInt64? {
        owners.firstIndex { $0 == index }.map { wire.shardKey(ofPart: $0) }
    }

    /// No other replica is better, and all of the shard have seen their master FAIL
    /// (clusterAllReplicasThinkPrimaryIsFail).
    private var isBestReplica: Bool {
        guard rules.bestReplicaHurries, replication.offset != 0, election.rank == 0, election.shardRank == 0 else {
            return false
        }
        return !table.peers.contains { $0.inUse && $0.master == master && !$0.flags.has(.masterFailed) }
    }

    /// Offsets and failures that were heard of since the election was scheduled. In 7.0.15 only a worse rank is
    /// applied.
    private mutating func reviseRanks(
        _ now: Milliseconds, _ wire: borrowing Wire, _ effects: inout Effects
    ) {
        let rank = rank(wire)
        if rank > election.rank || rules.rankMayImprove && rank != election.rank {
            election.time += Int64(rank - election.rank) * 2 * electionDelay
            election.rank = rank
            effects.append(.observed(Observation(.rankRaised, table.peers[Int(master)].id, value: Int64(rank))))
        }
        let shardRank = shardRank(now, wire)
        election.time += Int64(shardRank - election.shardRank) * electionDelay
        election.shardRank = shardRank
        if isBestReplica { election.time = now }
    }

    /// Another master has an epoch that this replica's election can't beat any more: a new one may begin at once.
    mutating func endElectionLost(to epoch: UInt64) {
        guard election.time != 0, election.requestSent, epoch >= election.epoch else { return }
        election.time = 0
        schedule(.handleFailover)
        wakeCron()
    }

    private mutating func requestVotes(_ wire: inout Wire, _ effects: inout Effects) {
        currentEpoch += 1
        election.epoch = currentEpoch
        effects.append(
            .observed(Observation(.electionStarted, table.peers[Int(master)].id, value: Int64(currentEpoch))))
        var request = header(.authRequest)
        request.forceAck = manualFailover.end != 0 || isBestReplica
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

    /// clusterFailoverReplaceYourMaster: promotion, step by step. In 7.0.15 the save is inline, before the PONGs are
    /// queued.
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
        if rules.putsPromotionOff {
            schedule([.save, .fsync, .broadcast])
        } else {
            save(fsync: true, &effects)
            broadcastPong(siblings: false, now, &dice, &wire, &effects)
        }
        resetManualFailover(&effects)
        if rules.winEndsElection { election.time = 0 }
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
        guard isMaster, table.peers[0].ownsSlots, rules.votesWhileStarting || !isHeldBack else { return }
        if let refusal = refusal(of: request, sender, now, wire.slots) {
            effects.append(.observed(Observation(.voteRefused, request.sender, value: refusal.rawValue)))
            if rules.correctsCandidates, refusal == .slotsHaveNewerOwner {
                sendUpdate(about: newerOwner(than: request, wire.slots), to: sender, &wire, &effects)
            }
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
        if rules.sparesVotes, now - dead.votedTime < conf.nodeTimeout * 2 { return .votedForThisMasterRecently }
        return newerOwner(than: request, slots) == noPeer ? nil : .slotsHaveNewerOwner
    }

    /// The owner of the first of the claimed slots that is bound in a newer epoch than the request's, or `noPeer`.
    private func newerOwner(than request: ClusterMessage, _ slots: SlotSets) -> PeerIndex {
        for part in owners.indices where slots.contains(request.slots, part) {
            if owners[part] == noPeer || notClaimed[part] { continue }
            if table.peers[Int(owners[part])].configEpoch > request.configEpoch { return owners[part] }
        }
        return noPeer
    }
}
