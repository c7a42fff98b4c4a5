package import Randomness

/// One server's view of the cluster, and the rules by which it changes: cluster.c of Redis 7.0.15 as a value, with the
/// differences of other versions in `EngineRules`.
///
/// It reads no clock, opens no socket and writes no file: time, dice and input come in, effects go out. The same value
/// runs in simulated time and is compared with live servers. Large state lies in flat arrays that are reused.
package struct ClusterNode: ~Copyable, Sendable {
    // MARK: What cluster.c calls `server.cluster`

    package var table = NodeTable()
    package var reports = FailureReports()
    package var currentEpoch: UInt64 = 0
    package var lastVoteEpoch: UInt64 = 0
    package var stateIsOk = false
    /// Masters with at least one slot, as of the last full clusterUpdateState; 1 or 0 before that.
    package var size = 1
    package var election = Election()
    package var manualFailover = ManualFailover()
    /// Owner of each part of the slots, or `noPeer`.
    package var owners = FlatArray<PeerIndex>()
    /// Parts whose owner's header has left them out (owner_not_claiming_slot).
    package var notClaimed = FlatArray<Bool>()
    package var todo: Todo = []

    // MARK: Counters and clocks

    /// clusterCron's iteration counter, as what is left of the present ten.
    package var ticksUntilRandomPing = 10
    /// Distinguishes pings, so that no entry is carried twice by one.
    package var pingsSent: UInt32 = 0
    /// PFAIL peers as counted at the start of the last tick: what gossip may append (stats_pfail_nodes).
    package var gossipedPfailCount = 0
    package var firstStateCall: Milliseconds = 0
    package var amongMinorityTime: Milliseconds = 0
    /// A master that has just started waits for news of its replacement.
    package var isHeldBack = false
    package var messagesSent = MessageCounts()
    package var messagesReceived = MessageCounts()
    /// No tick before this can do more than the random ping; see `Cron`.
    package var quietUntil: Milliseconds = 0
    /// The next tick is not quiet: it does all that a tick can do, with the peers that are due.
    package var looksAtAll = true
    /// The next tick that is not quiet looks at every peer, due or not.
    var deadlinesAreStale = true
    /// clusterCron's condition for migration, as of the last change of roles, slots or FAIL.
    var migrationConcern = false
    var migrationIsStale = true

    // MARK: What replication.c tells cluster.c; written by the host

    package var replication = ReplicationView()

    package var conf: RedisConf
    package let rules: EngineRules

    package init(conf: RedisConf, rules: EngineRules = .redis70) {
        self.conf = conf
        self.rules = rules
    }

    package static let myself: PeerIndex = 0

    package var id: NodeID { table.peers[0].id }
    package var isMaster: Bool { @inline(__always) get { table.peers[0].isMaster } }
    package var isReplica: Bool { @inline(__always) get { table.peers[0].isReplica } }
    package var master: PeerIndex { @inline(__always) get { table.peers[0].master } }
    package var quorum: Int { size / 2 + 1 }

    /// Work left for clusterBeforeSleep (CLUSTER_TODO_*).
    package struct Todo: OptionSet, Sendable {
        package let rawValue: UInt8
        package init(rawValue: UInt8) { self.rawValue = rawValue }
        package static let handleFailover = Todo(rawValue: 1)
        package static let updateState = Todo(rawValue: 2)
        package static let save = Todo(rawValue: 4)
        package static let fsync = Todo(rawValue: 8)
        package static let handleManualFailover = Todo(rawValue: 16)
        package static let broadcast = Todo(rawValue: 32)
    }

    /// The one entrance: everything that happens to a node happens here.
    ///
    /// - Parameters:
    ///   - now: this node's wall clock, ms.
    ///   - dice: the node's own streams.
    ///   - effects: appended to, in order.
    package mutating func handle(
        _ input: Input, at now: Milliseconds, dice: inout NodeDice, wire: inout Wire, effects: inout Effects
    ) {
        switch input {
        case .cron: cron(now, &dice, &wire, &effects)
        case .beforeSleep: if todo != [] { beforeSleep(now, &dice, &wire, &effects) }
        case .received(let message, let link, let from, let local):
            receive(message, link, from: from, local: local, at: now, dice: &dice, wire: &wire, effects: &effects)
        case .connected(let peer): linkEstablished(peer, now, &dice, &wire, &effects)
        case .connectFailed(let peer), .linkLost(let peer): forgetLink(peer)
        case .connectFailedSynchronously(let peer):
            forgetLink(peer)
            // Failure detection could not work without a ping in flight, so one is claimed to have been sent.
            if table.peers[Int(peer)].pingSent == 0 { table.peers[Int(peer)].pingSent = now }
        case .meet(let address): startHandshake(address, now, &dice, &wire)
        case .replicate(let master): replicate(master, &wire, &effects)
        case .failover(let request): requestFailover(request, now, &dice, &wire, &effects)
        case .setConfigEpoch(let epoch): setConfigEpoch(epoch)
        case .addSlots(let set): addSlots(set, &wire)
        }
    }

    /// clusterBeforeSleep: what was put off until the end of the loop iteration, in the server's order.
    private mutating func beforeSleep(
        _ now: Milliseconds, _ dice: inout NodeDice, _ wire: inout Wire, _ effects: inout Effects
    ) {
        let due = todo
        todo = []
        if rules.putsPromotionOff, due.contains(.updateState) { updateState(now, &effects) }
        if due.contains(.handleManualFailover) {
            if isReplica {
                continueManualFailover(now, &effects)
                handleReplicaFailover(now, &dice, &wire, &effects)
            }
        } else if due.contains(.handleFailover) {
            handleReplicaFailover(now, &dice, &wire, &effects)
        }
        if !rules.putsPromotionOff, due.contains(.updateState) { updateState(now, &effects) }
        if due.contains(.save) { save(fsync: due.contains(.fsync), &effects) }
        if due.contains(.broadcast) { broadcastPong(siblings: false, now, &dice, &wire, &effects) }
    }

    /// clusterSaveConfigOrDie: what it writes need not be written again before sleep.
    mutating func save(fsync: Bool, _ effects: inout Effects) {
        todo.remove(.save)
        effects.append(.save(fsync: fsync))
    }

    /// The outbound link of `peer` is gone; the next tick connects again. Says nothing about the peer's health.
    package mutating func forgetLink(_ peer: PeerIndex) {
        table.peers[Int(peer)].link = .none
        table.deadlines[Int(peer)] = 0
        lookAtAll()
    }

    package mutating func closeLink(_ peer: PeerIndex, _ effects: inout Effects) {
        guard table.peers[Int(peer)].link != .none else { return }
        forgetLink(peer)
        effects.append(.disconnect(peer))
    }

    /// Something changed that a quiet tick would not look at.
    package mutating func wakeCron() {
        lookAtAll()
        deadlinesAreStale = true
        migrationIsStale = true
    }

    /// The next tick does its full work; what deadlines and migration depend on has not changed.
    mutating func lookAtAll() {
        quietUntil = 0
        looksAtAll = true
    }

    package mutating func schedule(_ work: Todo) { todo.formUnion(work) }
}

/// The streams a node draws from; each purpose its own, so that one's draws move no other's.
package struct NodeDice: Sendable {
    package var gossip: RandomStream
    package var election: RandomStream
    package var table: RandomStream

    package init(gossip: RandomStream, election: RandomStream, table: RandomStream) {
        self.gossip = gossip
        self.election = election
        self.table = table
    }
}

/// The part of replication's state that the cluster code reads.
package struct ReplicationView: Sendable {
    /// The address being followed (server.masterhost), or `noAddress`: replication is off.
    package var following: Address = noAddress
    /// repl_state is CONNECTED: the link to the master is up and in sync.
    package var linkUp = false
    /// Unix seconds of the master's last data, valid while the link is up.
    package var lastInteraction: Int64 = 0
    /// Unix seconds at which an established link was lost; 0 if none was since start, promotion or sync.
    package var downSince: Int64 = 0
    /// A master's produced offset, a replica's processed one; 0 while loading an RDB.
    package var offset: Int64 = 0
    package init() {}
}
