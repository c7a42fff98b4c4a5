/// Replica migration (clusterCron's bookkeeping and clusterHandleSlaveMigration): a spare replica moves to a master
/// that has lost all of its own.
extension ClusterNode {
    /// CLUSTER_SLAVE_MIGRATION_DELAY: how long a master must have been seen orphaned.
    package static let migrationDelay: Milliseconds = 5000

    /// clusterCountNonFailingSlaves.
    private func workingReplicas(of index: PeerIndex) -> Int {
        var count = 0
        for other in table.peers.indices where table.peers[other].inUse && table.peers[other].master == index {
            if !table.peers[other].flags.has(.fail) { count += 1 }
        }
        return count
    }

    private func isOrphan(_ index: Int) -> Bool {
        let peer = table.peers[index]
        return peer.inUse && peer.isMaster && peer.ownsSlots
            && !peer.flags.has([.fail, .myself, .noAddress, .handshake])
            && peer.flags.has(.migrateTo) && workingReplicas(of: PeerIndex(index)) == 0
    }

    /// True while ticks have to look at migration; clusterCron's condition before it calls the handler.
    private var migrationIsPossible: Bool {
        guard isReplica, conf.allowReplicaMigration, master != noPeer else { return false }
        guard table.peers.indices.contains(where: { isOrphan($0) }) else { return false }
        let source = table.peers[Int(master)]
        guard source.isMaster, !source.flags.has([.fail, .noAddress, .handshake]) else { return false }
        let mine = workingReplicas(of: master)
        return mine >= 2 && mine == mostReplicas
    }

    private var mostReplicas: Int {
        var most = 0
        for index in table.peers.indices {
            let peer = table.peers[index]
            guard peer.inUse, peer.isMaster, !peer.flags.has([.fail, .myself, .noAddress, .handshake]) else { continue }
            most = max(most, workingReplicas(of: PeerIndex(index)))
        }
        return most
    }

    mutating func considerMigration(_ now: Milliseconds, _ wire: inout Wire, _ effects: inout Effects) {
        if migrationIsStale {
            migrationIsStale = false
            migrationConcern = migrationIsPossible
        }
        guard migrationConcern, stateIsOk, sparesRemain else { return }
        let most = mostReplicas
        var target = noPeer
        var candidate = ClusterNode.myself
        for position in table.order.indices {
            let index = table.order[position]
            let peer = table.peers[Int(index)]
            let working = peer.isMaster ? workingReplicas(of: index) : 0
            if peer.isMaster, !peer.flags.has(.fail), peer.flags.has(.migrateTo), working == 0 {
                if target == noPeer, peer.ownsSlots { target = index }
                if peer.orphanedTime == 0 { table.peers[Int(index)].orphanedTime = now }
            } else {
                table.peers[Int(index)].orphanedTime = 0
            }
            guard working == most else { continue }
            for other in table.peers.indices where table.peers[other].inUse && table.peers[other].master == index {
                if name(other, wire) < name(Int(candidate), wire) { candidate = PeerIndex(other) }
            }
        }
        guard target != noPeer, candidate == ClusterNode.myself,
            now - table.peers[Int(target)].orphanedTime > ClusterNode.migrationDelay
        else { return }
        effects.append(.observed(Observation(.migrated, table.peers[Int(target)].id)))
        // Without a save only the next unrelated event writes the new master down.
        becomeReplica(of: target, &effects)
        if rules.announcesDemotion { schedule([.save, .fsync, .broadcast]) }
        if rules.forgetsOffsetOfOldShard { effects.append(.forgetOffset) }
    }

    /// My master keeps more than the barrier: its replicas that are neither FAIL nor PFAIL.
    private var sparesRemain: Bool {
        var healthy = 0
        for index in table.peers.indices where table.peers[index].inUse && table.peers[index].master == master {
            if !table.peers[index].flags.has(.failing) { healthy += 1 }
        }
        return healthy > conf.migrationBarrier
    }

    private func name(_ index: Int, _ wire: borrowing Wire) -> NodeName { wire.names[Int(table.peers[index].id)] }
}
