/// CLUSTER FAILOVER, on both sides (mf_* of clusterState).
package struct ManualFailover: Sendable, Equatable {
    /// When it is given up; 0 if none is under way.
    package var end: Milliseconds = 0
    /// Master side: the replica that asked.
    package var replica: PeerIndex = noPeer
    /// Replica side: the paused master's offset, once heard.
    package var masterOffset: Int64?
    package var canStart = false

    package init() {}

    /// How much longer than the failover's timeout the clients' pause may last (CLUSTER_MF_PAUSE_MULT).
    package static let pauseFactor: Int64 = 2
}

extension ClusterNode {
    /// The command, on a replica. Refusals (a master, no master, master FAIL or unlinked) change nothing.
    mutating func requestFailover(
        _ request: FailoverRequest, _ now: Milliseconds, _ dice: inout NodeDice, _ wire: inout Wire,
        _ effects: inout Effects
    ) {
        guard isReplica, master != noPeer else { return }
        let target = table.peers[Int(master)]
        if request == .plain, target.flags.has(.fail) || target.link == .none { return }
        resetManualFailover(&effects)
        manualFailover.end = now + conf.manualFailoverTimeout
        effects.append(.observed(Observation(.manualFailoverStarted, target.id, value: Int64(request.rawValue))))
        wakeCron()
        switch request {
        case .takeover:
            bumpEpochWithoutConsensus(&effects)
            effects.append(.observed(Observation(.takenOver, target.id, value: Int64(table.peers[0].configEpoch))))
            replaceMaster(now, &dice, &wire, &effects)
        case .force:
            allowManualElection()
            // In 7.0.15 the election waits for the next tick.
            if rules.forceIsImmediate { schedule(.handleManualFailover) }
        case .plain:
            send(header(.manualFailoverStart), to: master, &wire, &effects)
        }
    }

    /// MFSTART on the master: pause writes, and ping the replica with the offset on the link it asked on.
    mutating func startManualFailoverAsMaster(
        _ link: LinkRef, _ sender: PeerIndex, _ now: Milliseconds,
        _ dice: inout NodeDice, _ wire: inout Wire, _ effects: inout Effects
    ) {
        guard table.peers[Int(sender)].master == ClusterNode.myself else { return }
        resetManualFailover(&effects)
        manualFailover.end = now + conf.manualFailoverTimeout
        manualFailover.replica = sender
        effects.append(.pauseWrites(until: now + conf.manualFailoverTimeout * ManualFailover.pauseFactor))
        wakeCron()
        switch link {
        case .accepted(let connection, _):
            effects.append(.reply(gossipMessage(.ping, to: sender, &dice, &wire), on: connection))
        case .outbound(let peer):
            sendPing(.ping, to: peer, now, &dice, &wire, &effects)
        }
    }

    /// clusterHandleManualFailover: start once all the paused master's stream is processed.
    mutating func continueManualFailover(_ now: Milliseconds, _ effects: inout Effects) {
        guard manualFailover.end != 0, !manualFailover.canStart, let offset = manualFailover.masterOffset else {
            return
        }
        if offset == replication.offset {
            allowManualElection()
            schedule(.handleFailover)
        } else {
            schedule(.handleManualFailover)
        }
    }

    /// manualFailoverCanStart.
    private mutating func allowManualElection() {
        if rules.manualEndsElection { election.time = 0 }
        manualFailover.canStart = true
    }

    mutating func expireManualFailover(_ now: Milliseconds, _ effects: inout Effects) {
        guard manualFailover.end != 0, manualFailover.end < now else { return }
        effects.append(.observed(Observation(.manualFailoverTimedOut)))
        resetManualFailover(&effects)
    }

    mutating func resetManualFailover(_ effects: inout Effects) {
        if manualFailover.replica != noPeer, rules.endsPause { effects.append(.resumeWrites) }
        manualFailover = ManualFailover()
    }

    /// clusterBumpConfigEpochWithoutConsensus.
    private mutating func bumpEpochWithoutConsensus(_ effects: inout Effects) {
        var greatest = currentEpoch
        for index in table.peers.indices where table.peers[index].inUse {
            greatest = max(greatest, table.peers[index].configEpoch)
        }
        guard table.peers[0].configEpoch == 0 || table.peers[0].configEpoch != greatest else { return }
        currentEpoch += 1
        table.peers[0].configEpoch = currentEpoch
        schedule([.save, .fsync])
    }
}
