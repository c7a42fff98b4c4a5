import RedisCluster

/// What must hold after every step of every node, whatever happens to the cluster.
final class ClusterInvariants {
    /// What was violated, in order; empty is good.
    private(set) var violations: [String] = []

    private unowned let cluster: ManualCluster
    private var before: [Snapshot]
    /// Own FAIL or PFAIL of each observer about each subject, as last seen: the ground truth behind reports.
    private var lastFlagged: [Pair: Milliseconds] = [:]
    private var votes: [Vote: NodeID] = [:]
    private var winners: [UInt64: NodeID] = [:]
    private var seen: [Observation] = []

    private struct Snapshot {
        var life: NodeID
        var current: UInt64
        var own: UInt64
        var vote: UInt64
        var quorum: Int
        /// The table as it was.
        var peers: [Peer]
    }

    private struct Pair: Hashable {
        var observer: NodeID
        var subject: NodeID
    }

    private struct Vote: Hashable {
        var voter: NodeID
        var epoch: Int64
    }

    init(watching cluster: ManualCluster) {
        self.cluster = cluster
        before = cluster.nodes.indices.map { ClusterInvariants.snapshot(cluster, $0) }
        cluster.beforeStep = { [unowned self] p in
            seen.removeAll(keepingCapacity: true)
            before[p] = ClusterInvariants.snapshot(self.cluster, p)
        }
        cluster.onEffect = { [unowned self] _, effect in
            if case .observed(let observation) = effect { seen.append(observation) }
        }
        cluster.afterStep = { [unowned self] p in check(p) }
    }

    private static func snapshot(_ cluster: ManualCluster, _ p: Int) -> Snapshot {
        let peers = cluster.nodes[p].table.peers.elements
        return Snapshot(
            life: cluster.nodes[p].id, current: cluster.nodes[p].currentEpoch, own: peers[0].configEpoch,
            vote: cluster.nodes[p].lastVoteEpoch, quorum: cluster.nodes[p].quorum, peers: peers)
    }

    private func violate(_ p: Int, _ text: String) {
        violations.append("at \(cluster.seconds(cluster.now - ManualCluster.start)) n\(p + 1) \(text)")
    }

    private func check(_ p: Int) {
        let after = ClusterInvariants.snapshot(cluster, p)
        checkEpochs(p, before[p], after)
        checkFailures(p, before[p], after)
        for observation in seen { checkElection(p, after.life, observation) }
        checkOwnership(p)
    }

    /// Within a process's life none of them falls; the vote not even over a restart, because it is saved first.
    private func checkEpochs(_ p: Int, _ before: Snapshot, _ after: Snapshot) {
        if after.current < before.current { violate(p, "currentEpoch fell to \(after.current)") }
        if after.own < before.own { violate(p, "config epoch fell to \(after.own)") }
        if after.vote < before.vote { violate(p, "lastVoteEpoch fell to \(after.vote)") }
        if after.vote > cluster.lives[p].disk.lastVoteEpoch { violate(p, "did not save its vote") }
    }

    /// FAIL comes from a message, or from PFAIL here and a quorum of masters that flagged it themselves.
    private func checkFailures(_ p: Int, _ before: Snapshot, _ after: Snapshot) {
        for index in after.peers.indices where after.peers[index].flags.has(.failing) && after.peers[index].inUse {
            let subject = after.peers[index].id
            lastFlagged[Pair(observer: after.life, subject: subject)] = cluster.now
            let isKnown = index < before.peers.count && before.peers[index].id == subject
            let earlier = isKnown ? before.peers[index].flags : []
            guard after.peers[index].flags.has(.fail), !earlier.has(.fail) else { continue }
            let told = seen.contains { $0.kind == .failLearned && $0.subject == subject }
            let decided = seen.contains { $0.kind == .failed && $0.subject == subject }
            // A stranger is added with the flags that gossip gave it.
            let added = seen.contains { $0.kind == .nodeAdded && $0.subject == subject }
            if told || added { continue }
            guard decided, earlier.has(.pfail) else {
                violate(p, "has FAIL for \(cluster.label(subject)) out of nothing")
                continue
            }
            let agreeing = accusers(of: subject, by: p)
            if agreeing < before.quorum {
                violate(p, "decided FAIL for \(cluster.label(subject)) with \(agreeing) of \(before.quorum)")
            }
        }
    }

    /// Masters, as p knows them, that flagged the subject no longer ago than a report and a frozen reader can carry.
    private func accusers(of subject: NodeID, by p: Int) -> Int {
        let peers = cluster.nodes[p].table.peers.elements
        let horizon = cluster.now - cluster.nodes[p].conf.nodeTimeout * 2 - 60_000
        return peers.indices.count { index in
            let peer = peers[index]
            guard peer.inUse, peer.isMaster else { return false }
            if index == 0 { return true }
            return (lastFlagged[Pair(observer: peer.id, subject: subject)] ?? 0) > horizon
        }
    }

    /// One vote an epoch and voter; one winner an epoch.
    private func checkElection(_ p: Int, _ life: NodeID, _ observation: Observation) {
        if observation.kind == .voteGranted {
            let vote = Vote(voter: life, epoch: observation.value)
            if votes[vote] != nil { violate(p, "voted twice in epoch \(observation.value)") }
            votes[vote] = observation.subject
        }
        if observation.kind == .electionWon {
            let epoch = UInt64(observation.value)
            if let other = winners[epoch], other != life {
                violate(p, "won epoch \(epoch), which \(cluster.label(other)) had won")
            }
            winners[epoch] = life
        }
    }

    /// No two nodes claim one slot under one config epoch.
    private func checkOwnership(_ p: Int) {
        let mine = cluster.nodes[p].table.peers[0]
        guard mine.isMaster, mine.ownsSlots else { return }
        for q in cluster.nodes.indices where q != p && cluster.lives[q].state != .dead {
            let theirs = cluster.nodes[q].table.peers[0]
            guard theirs.isMaster, theirs.ownsSlots, theirs.configEpoch == mine.configEpoch else { continue }
            let slots = cluster.wire.slots
            if slots.parts(of: mine.slots).contains(where: { slots.contains(theirs.slots, $0) }) {
                violate(p, "and n\(q + 1) own the same slots in epoch \(mine.configEpoch)")
            }
        }
    }
}
