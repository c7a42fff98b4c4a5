/// Who owns which slots, by epoch; UPDATE; collisions (clusterUpdateSlotsConfigWith and what surrounds it).
extension ClusterNode {
    /// Binds or unbinds one part, keeping the owners' sets in step.
    package mutating func setOwner(of part: Int, to owner: PeerIndex, _ wire: inout Wire) {
        let previous = owners[part]
        if previous != noPeer {
            let set = table.peers[Int(previous)].slots
            table.peers[Int(previous)].slots = wire.slots.changing(set, part: part, to: false)
        }
        owners[part] = owner
        if owner != noPeer {
            let first = !table.peers[Int(owner)].ownsSlots
            let set = table.peers[Int(owner)].slots
            table.peers[Int(owner)].slots = wire.slots.changing(set, part: part, to: true)
            // A master with its first slot may be migrated to, if masters here have replicas at all.
            if first, table.peers.contains(where: { $0.inUse && $0.master != noPeer }) {
                table.peers[Int(owner)].flags.insert(.migrateTo)
            }
        }
    }

    private func isUnclaimed(_ part: Int) -> Bool { owners[part] == noPeer || notClaimed[part] }

    /// The header's slots against mine: rebind, tell a stale sender, resolve equal epochs.
    ///
    /// - Parameter formerMaster: whose replica the sender was here until this packet, or `noPeer`.
    @inline(__always)
    mutating func learnSlots(
        _ message: ClusterMessage, _ sender: PeerIndex, _ formerMaster: PeerIndex, _ wire: inout Wire,
        _ effects: inout Effects
    ) {
        let isTaughtByMaster = table.peers[Int(sender)].isMaster
        let source = isTaughtByMaster ? sender : rules.onlyMastersTeach ? noPeer : table.peers[Int(sender)].master
        let isNewMaster = rules.onlyMastersTeach && formerMaster != noPeer
        if source != noPeer, isNewMaster || table.peers[Int(source)].slots != message.slots {
            slotsDiffer(message, sender, formerMaster, &wire, &effects)
        }
        if isMaster, table.peers[Int(sender)].isMaster, message.configEpoch == table.peers[0].configEpoch {
            resolveCollision(with: sender, &wire, &effects)
        }
    }

    private mutating func slotsDiffer(
        _ message: ClusterMessage, _ sender: PeerIndex, _ formerMaster: PeerIndex, _ wire: inout Wire,
        _ effects: inout Effects
    ) {
        if table.peers[Int(sender)].isMaster {
            updateSlots(
                of: sender, epoch: message.configEpoch, claimed: message.slots, formerMaster: formerMaster, &wire,
                &effects)
        }
        for part in owners.indices where wire.slots.contains(message.slots, part) {
            if owners[part] == sender || isUnclaimed(part) { continue }
            guard table.peers[Int(owners[part])].configEpoch > message.configEpoch else { continue }
            sendUpdate(about: owners[part], to: sender, &wire, &effects)
            // Only about the first such slot's owner, as in 7.0.15.
            break
        }
    }

    /// clusterSendUpdate.
    mutating func sendUpdate(
        about index: PeerIndex, to receiver: PeerIndex, _ wire: inout Wire, _ effects: inout Effects
    ) {
        let owner = table.peers[Int(index)]
        var update = header(.update)
        update.about = owner.id
        update.aboutEpoch = owner.configEpoch
        update.aboutSlots = owner.slots
        send(update, to: receiver, &wire, &effects)
    }

    /// clusterUpdateSlotsConfigWith.
    mutating func updateSlots(
        of sender: PeerIndex, epoch: UInt64, claimed: SlotSetID, formerMaster: PeerIndex, _ wire: inout Wire,
        _ effects: inout Effects
    ) {
        guard sender != ClusterNode.myself else { return }
        let current = isMaster ? ClusterNode.myself : master
        var senderParts = 0
        var movedFromCurrent = 0
        for part in owners.indices {
            guard wire.slots.contains(claimed, part) else {
                if owners[part] == sender, rules.notesUnclaimedSlots { notClaimed[part] = true }
                continue
            }
            senderParts += 1
            if owners[part] == sender {
                notClaimed[part] = false
                continue
            }
            guard isUnclaimed(part) || table.peers[Int(owners[part])].configEpoch < epoch else { continue }
            if owners[part] == current, current != noPeer { movedFromCurrent += 1 }
            setOwner(of: part, to: sender, &wire)
            notClaimed[part] = false
            schedule([.save, .updateState, .fsync])
            wakeCron()
            effects.append(.observed(Observation(.slotsMoved, table.peers[Int(sender)].id)))
        }
        if senderParts == 0, formerMaster != noPeer, formerMaster == current {
            followSuccessorWithoutSlots(sender, epoch: epoch, &effects)
        }
        reconfigureIfSlotless(sender, current, senderParts, movedFromCurrent, &effects)
    }

    /// A shard without slots has a new master, which no slot can tell of (Valkey 8, #445).
    private mutating func followSuccessorWithoutSlots(
        _ successor: PeerIndex, epoch: UInt64, _ effects: inout Effects
    ) {
        let ownEpoch = table.peers[isMaster ? 0 : Int(master)].configEpoch
        guard rules.electsWithoutSlots, !table.peers[0].ownsSlots, master != successor, ownEpoch < epoch else { return }
        becomeReplica(of: successor, &effects)
        schedule([.save, .updateState, .fsync])
        if rules.announcesDemotion { schedule(.broadcast) }
    }

    /// A master left without slots, or the replica of one, follows whoever took them.
    private mutating func reconfigureIfSlotless(
        _ sender: PeerIndex, _ current: PeerIndex, _ senderParts: Int, _ moved: Int, _ effects: inout Effects
    ) {
        if moved > 0, !table.peers[Int(current)].ownsSlots, conf.allowReplicaMigration || senderParts == moved {
            becomeReplica(of: sender, &effects)
            schedule([.save, .updateState, .fsync])
            if rules.announcesDemotion { schedule(.broadcast) }
            return
        }
        if rules.followsGrandMaster == .withSlots { followGrandMaster(&effects) }
    }

    /// Replicas of replicas are not wanted.
    mutating func followGrandMaster(_ effects: inout Effects) {
        guard master != noPeer else { return }
        let grandMaster = table.peers[Int(master)].master
        guard grandMaster != noPeer, grandMaster != ClusterNode.myself else { return }
        becomeReplica(of: grandMaster, &effects)
        schedule([.save, .updateState, .fsync])
        if rules.announcesDemotion { schedule(.broadcast) }
    }

    /// clusterSetMaster.
    mutating func becomeReplica(of index: PeerIndex, _ effects: inout Effects) {
        let demoted = isMaster
        if demoted {
            table.peers[0].flags.subtract([.master, .migrateTo])
            table.peers[0].flags.insert(.replica)
        }
        setMaster(of: ClusterNode.myself, to: index)
        let source = table.peers[Int(index)]
        effects.append(.observed(Observation(demoted ? .demoted : .reconfigured, source.id)))
        follow(source.id, source.address, &effects)
        resetManualFailover(&effects)
        if rules.newMasterEndsElection { election.time = 0 }
        wakeCron()
    }

    /// UPDATE: ignored unless strictly newer.
    mutating func processUpdate(
        _ message: ClusterMessage, _ now: Milliseconds, _ wire: inout Wire, _ effects: inout Effects
    ) {
        let index = table.index(of: message.about)
        guard index != noPeer, table.peers[Int(index)].configEpoch < message.aboutEpoch else { return }
        if table.peers[Int(index)].isReplica { setAsMaster(index, &effects) }
        table.peers[Int(index)].configEpoch = message.aboutEpoch
        schedule([.save, .fsync])
        updateSlots(
            of: index, epoch: message.aboutEpoch, claimed: message.aboutSlots, formerMaster: noPeer, &wire, &effects)
    }

    /// clusterHandleConfigEpochCollision: of two masters with one epoch, the smaller id moves on.
    private mutating func resolveCollision(with sender: PeerIndex, _ wire: inout Wire, _ effects: inout Effects) {
        let theirs = table.peers[Int(sender)]
        guard theirs.configEpoch == table.peers[0].configEpoch, wire.names[Int(theirs.id)] > wire.names[Int(id)] else {
            return
        }
        currentEpoch += 1
        table.peers[0].configEpoch = currentEpoch
        save(fsync: true, &effects)
        effects.append(.observed(Observation(.epochBumped, theirs.id, value: Int64(currentEpoch))))
    }
}
