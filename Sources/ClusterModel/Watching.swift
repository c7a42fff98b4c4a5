import DiscreteEvent
package import RedisCluster
import SystemModel

/// What somebody who asked every process for CLUSTER NODES all the time would have seen of a replication.
///
/// Lines are noted at the end of the loop iteration that changed them: only then does a server answer anybody. Pings,
/// pongs and links alone are no change, as in a recording of a real cluster.
package struct Watch: Sendable {
    /// Set to note anything.
    package var isOn = false
    /// Each process's view when watching began; those without an answer have an empty one.
    package internal(set) var beginning: [ClusterView] = []
    /// In the order of each observer's time.
    package private(set) var sights: [Sight] = []
    package private(set) var states: [StateSight] = []
    package private(set) var answers: [Answering] = []
    /// Processes each step of the scenario hit.
    package internal(set) var targets: [[Int]] = []
    /// Between two questions to a process, ns.
    var questionInterval: Int64 = 0
    private var known: [[Digest]] = []
    private var knownState: [Bool] = []

    /// An observer's line about a node, as it is from now on.
    package struct Sight: Sendable {
        /// ns after the fault.
        package let time: Int64
        package let observer: Int
        package let line: ClusterView.Node
    }

    /// A process's own cluster_state turned; ns after the fault.
    package struct StateSight: Sendable {
        package let time: Int64
        package let observer: Int
        package let isOk: Bool
    }

    /// A process stopped answering, or answers again; ns after the fault.
    package struct Answering: Sendable {
        package let time: Int64
        package let process: Int
        package let kind: Kind

        package enum Kind: Sendable { case answers, refuses, silent, loading }
    }

    /// What of an entry is printed and is no ping, pong or link.
    fileprivate struct Digest: Equatable, BitwiseCopyable {
        var id: NodeID
        var flags: NodeFlags
        var master: PeerIndex
        var address: Address
        var configEpoch: UInt64
        var slots: SlotSetID
    }

    mutating func reset(count: Int) {
        beginning = Array(repeating: ClusterView(), count: count)
        sights.removeAll(keepingCapacity: true)
        states.removeAll(keepingCapacity: true)
        answers.removeAll(keepingCapacity: true)
        targets.removeAll(keepingCapacity: true)
        known = Array(repeating: [], count: count)
        knownState = Array(repeating: true, count: count)
    }

    /// True for what differs from what this observer showed before.
    fileprivate mutating func learn(_ digest: Digest, at peer: Int, of observer: Int) -> Bool {
        while known[observer].count <= peer {
            known[observer].append(
                Digest(
                    id: noNode, flags: [], master: noPeer, address: noAddress, configEpoch: 0, slots: SlotSets.empty))
        }
        if known[observer][peer] == digest { return false }
        known[observer][peer] = digest
        return true
    }

    fileprivate mutating func forget(_ peer: Int, of observer: Int) {
        guard peer < known[observer].count else { return }
        known[observer][peer].id = noNode
    }

    fileprivate mutating func learnState(_ isOk: Bool, of observer: Int, at time: Int64?) {
        if knownState[observer] != isOk, let time {
            states.append(StateSight(time: time, observer: observer, isOk: isOk))
        }
        knownState[observer] = isOk
    }

    fileprivate mutating func append(_ sight: Sight) { sights.append(sight) }

    mutating func note(_ kind: Answering.Kind, _ process: Int, _ time: Int64) {
        guard isOn else { return }
        answers.append(Answering(time: time, process: process, kind: kind))
    }
}

/// How a replication begins where it repeats something that was seen: then chance does not choose.
package struct Beginning: Sendable, Equatable {
    /// From the views that `pongAges` are of to the scenario's first step, ns.
    package var lead: Int64
    /// What the servers' wall clock shows at the views, µs since the epoch: gossip tells of pongs in whole seconds.
    package var wallClock: Int64
    /// How long ago each observer last heard each other node's pong, ms, at observer * count + subject; nil is drawn.
    package var pongAges: [Int64?]
    /// How long ago each process had a tick that is known of, ns; nil is drawn.
    package var tickAges: [Int64?]

    package init(lead: Int64, wallClock: Int64, pongAges: [Int64?], tickAges: [Int64?]) {
        self.lead = lead
        self.wallClock = wallClock
        self.pongAges = pongAges
        self.tickAges = tickAges
    }
}

extension ClusterSimulation {
    /// Runs one replication and keeps what every observer showed from `lead` ns before the fault on. Watching changes
    /// nothing, and the outcome is that of `replicate`, unless each process is asked every `askedEvery` ns.
    package func watch(_ index: Int, lead: Int64 = 0, askedEvery interval: Int64? = nil) -> Outcome {
        prepare(index)
        horizon = faultTime + (scenario?.horizon ?? 0)
        run(until: max(0, faultTime - max(1, lead)))
        watch.reset(count: count)
        watch.isOn = true
        defer { watch.isOn = false }
        for p in 0..<count where processes[p].state == .running {
            look(p, at: nil)
            watch.beginning[p] = nodes[p].clusterView(wire)
        }
        if let interval { beginQuestions(every: interval) }
        run(until: horizon)
        finish(at: horizon)
        watch.targets = stepTargets
        return outcome
    }

    /// Notes what process `p` shows since the end of an iteration at `time`; without a time it is only learnt.
    func look(_ p: Int, at time: Int64?) {
        if let time, time >= ClusterSimulation.never { return }
        var changed: [PeerIndex] = []
        for index in nodes[p].table.peers.indices {
            let peer = nodes[p].table.peers[index]
            guard peer.inUse, !peer.flags.has(.handshake) else {
                watch.forget(index, of: p)
                continue
            }
            let source = peer.isReplica && peer.master != noPeer ? nodes[p].table.peers[Int(peer.master)] : peer
            let digest = Watch.Digest(
                id: peer.id, flags: peer.flags.intersection(.visible), master: peer.master, address: peer.address,
                configEpoch: source.configEpoch, slots: peer.slots)
            if watch.learn(digest, at: index, of: p) { changed.append(PeerIndex(index)) }
        }
        let after = time.map { $0 - faultTime }
        watch.learnState(nodes[p].stateIsOk, of: p, at: after)
        guard let after else { return }
        for index in changed {
            let line = nodes[p].clusterLine(index, wire)
            watch.append(Watch.Sight(time: after, observer: p, line: line))
        }
    }

    /// The instant of the scenario's first step on the simulated servers' wall clock, ms.
    package var wallClockAtFault: Int64 { wall(faultTime) }
}
