/// The rules by which the modelled servers differ from each other; all else is as in 7.0.15.
///
/// Chosen once for each node and read as stored values. A field says since when its rule holds and where it is from:
/// `cluster.c` of the Redis tags 6.2.5, 7.0.15, 7.2.6 and 7.4.1, `cluster_legacy.c` of Valkey 8.0.1, and for 9 pull
/// requests of valkey-io/valkey together with the disassembled server of 9.1.2. The initial values are those of 7.0.15.
package struct EngineRules: Sendable, Equatable, BitwiseCopyable {
    // MARK: Links and gossip

    /// An accepted link belongs to a node once that has been heard on it, and is closed when the node opens another.
    /// Not in 6.2, which looks the sender of every packet up (getNodeFromLinkAndMsg, 7.0).
    package var tiesLinksToNodes = true
    /// A gossip section may carry its receiver, which takes its own pong time from there. Not in Redis 7.4 and Valkey 8
    /// (clusterSendPing, clusterProcessGossipSection).
    package var gossipsAboutReceiver = true
    /// Only masters with slots report failures and count themselves (Valkey 8, #634; clusterNodeIsVotingPrimary).
    package var reportersNeedSlots = false
    /// An entry flagged by anybody makes the receiver count what it has heard, and anybody's healthy entry withdraws
    /// the sender's report; before, only those of masters (Valkey 9: clusterProcessGossipSection).
    package var weighsEveryEntry = false
    /// Reports about a node that is FAIL already are kept. Not in Valkey 9 (#2434).
    package var keepsReportsOfFailed = true
    /// A report counts as of the end of its second, and so lives up to a second longer (Valkey 9:
    /// encodeFailureReportKey).
    package var roundsReportTimes = false
    /// A replica whose master's address is learnt by gossip follows it there at once (Valkey 8, #965).
    package var followsGossipedAddress = false
    /// MEET is sent again at every reconnect until the node is heard (Valkey 8, #461); before, once.
    package var meetsUntilAnswered = false
    /// A peer without a link of its own to us is connected to once in a 20th of the node timeout, unless the tick's
    /// number of attempts allows more (Valkey 9, #2154: clusterNodeCronHandleReconnect); before, in every tick.
    package var spacesReconnects = false
    /// A gossip section takes neighbours in the table of nodes from a random place on (Valkey 9.1: clusterSendPing with
    /// dictGetSomeKeys, 9.0 not yet); before, each entry is drawn anew, and one drawn twice is carried once.
    package var gossipsNeighbours = false
    /// A node at whose address another answers is FAIL from then on, and everybody is told (Valkey 9; 8.1, #1191).
    package var failsLostAddresses = false

    // MARK: FAIL

    /// The size before the first count: 0 since 7.2, 1 before (clusterInit).
    package var sizeBeforeCount = 1
    /// The only master makes its own PFAIL a FAIL at once (clusterCron, 7.2).
    package var loneMasterCondemns = false
    /// Any master with slots counts what it has heard as soon as it suspects a node itself, and not only at the next
    /// flagged entry (Valkey 9; 8.1, #1061).
    package var suspicionCondemns = false

    // MARK: Roles and slots

    /// Slots that their owner's header leaves out may be bound to anybody (owner_not_claiming_slot, 7.0).
    package var notesUnclaimedSlots = true
    /// A replica whose master has become a replica follows that one's master; the check comes with slots since 7.0,
    /// with roles in Valkey 8 (#944), not at all in 6.2.
    package var followsGrandMaster = GrandMasterCheck.withSlots
    /// A replica's own epoch is loaded as it was saved, its master's; 0 since 7.0 (clusterLoadConfig).
    package var loadsReplicasEpochs = false
    /// Only headers of masters teach a config epoch, bind slots and are answered by UPDATE (Valkey 8, #754).
    package var onlyMastersTeach = false
    /// A demoted master's header makes its new master one in the receiver's table, with its epoch (Redis 7.4; Valkey 8,
    /// #754); before, the slots were nobody's until the new master was heard.
    package var demotionNamesMaster = false
    /// With that, the slots change hands (clusterMoveNodeSlots; Redis 7.4, Valkey 9).
    package var demotionMovesSlots = false
    /// A header that makes a replica of its sender in an older epoch than the sender is known in ends the packet's
    /// processing (Valkey 9; 8.1); before, the role is believed and only the slots are not.
    package var dropsStaleDemotions = false
    /// A node that becomes a replica because of slots, or moves to another master, tells everybody before it sleeps
    /// (Valkey 9; 8.1, #1295), a migrated one saves that too; and others' demotions are saved with fsync.
    package var announcesDemotion = false

    // MARK: Elections

    /// A replica may succeed a master without slots (Valkey 8, #445).
    package var electsWithoutSlots = false
    /// Equal offsets are ranked by id, the smaller first (Valkey 8, #762); before, they share a rank.
    package var ranksByID = false
    /// A better rank is applied too before the votes are asked for, not only a worse one (Valkey 8, #762).
    package var rankMayImprove = false
    /// A change of master ends an election and its timeouts (Valkey 8, #782).
    package var newMasterEndsElection = false
    /// So does a win (Valkey 9; 8.1, #1711).
    package var winEndsElection = false
    /// So does another master's config epoch that is not below the election's (Valkey 9; 8.1, #1009).
    package var claimEndsElection = false
    /// Replicas of several dead masters stand in turn, in the order of the shards' ids (Valkey 9; 8.1, #1018).
    package var ranksFailedMasters = false
    /// The election's delay is a 30th of the node timeout, 500 ms at most (Valkey 9.1, #2449); before, 500 ms.
    package var scalesElectionDelay = false
    /// A replica without any data waits 500 ms longer (Valkey 9.1, #2449).
    package var delaysEmptyReplicas = false
    /// FAIL of the own master is acted upon before the loop sleeps, not at the next tick, and an election without delay
    /// starts in the step that schedules it (Valkey 9.1, #2209).
    package var electsBeforeSleep = false
    /// The best replica of the first dead master does not wait at all, once all of the shard's replicas say that their
    /// master is FAIL; its request is granted by masters that do not know of the FAIL yet (Valkey 9.1, #2227).
    package var bestReplicaHurries = false
    /// A master votes once in 2 x node-timeout about the same dead one. Not in Valkey 9 (#1356).
    package var sparesVotes = true
    /// A restarted master votes while it waits for news of its replacement. Not in Valkey 9.1 (safe_to_join).
    package var votesWhileStarting = true
    /// A candidate that claims slots of a newer owner is told of that one (Valkey 9: clusterSendFailoverAuthIfNeeded).
    package var correctsCandidates = false
    /// Before sleep the state is updated first, then elections go on (Valkey 9.1); before, the other way round. A
    /// winner saves nodes.conf and tells the others before the next sleep, not at once (8.1:
    /// CLUSTER_TODO_BROADCAST_ALL).
    package var putsPromotionOff = false

    // MARK: Manual failover

    /// A forced failover starts before the loop sleeps (Valkey 9; 8.1, #1067); before, at the next tick.
    package var forceIsImmediate = false
    /// A manual failover ends an election under way (Valkey 9; 8.1, #1274).
    package var manualEndsElection = false
    /// The end of a manual failover ends its pause of writes. Not in 6.2.5, where the pause takes its full time.
    package var endsPause = true

    // MARK: What the host does

    /// nodes.conf is written beside the old one and renamed over it, with a second fsync of the directory (7.2). The
    /// lock stays with the replaced file.
    package var replacesNodesConf = false
    /// SHUTDOWN saves nodes.conf with fsync (Valkey 8, #822).
    package var savesAtShutdown = false
    /// A master that loads an RDB keeps its history as the former one, so that replicas that had all of it continue
    /// (loadDataFromDisk, 7.0); a replica's is kept in every version.
    package var restoresMastersHistory = true
    /// SHUTDOWN waits for replicas that lag, with writes paused (7.0).
    package var waitsForReplicas = true
    /// `shutdown-on-sigterm failover` is known: a master hands over to a replica in sync as it exits (Valkey 9, #2292).
    package var handsOverAtShutdown = false
    /// A server sleeps for 10 ms three times as it starts, to learn how fast the processor's clock ticks (Valkey 9.1:
    /// monotonicInit_x86linux, not yet in 9.0, not on ARM).
    package var calibratesClock = false
    /// A replica that moves to another shard forgets its offset until it is in sync (Valkey 8, #885).
    package var forgetsOffsetOfOldShard = false

    package enum GrandMasterCheck: UInt8, Sendable, BitwiseCopyable { case never, withSlots, withRoles }

    package init() {}
}

extension EngineRules {
    /// Redis 6.2.5.
    package static let redis62: EngineRules = {
        var rules = EngineRules()
        rules.tiesLinksToNodes = false
        rules.notesUnclaimedSlots = false
        rules.followsGrandMaster = .never
        rules.loadsReplicasEpochs = true
        rules.endsPause = false
        rules.waitsForReplicas = false
        rules.restoresMastersHistory = false
        return rules
    }()

    /// Redis 7.0.15.
    package static let redis70 = EngineRules()

    /// Redis 7.2.6.
    package static let redis72: EngineRules = {
        var rules = redis70
        rules.sizeBeforeCount = 0
        rules.loneMasterCondemns = true
        rules.replacesNodesConf = true
        return rules
    }()

    /// Redis 7.4.1.
    package static let redis74: EngineRules = {
        var rules = redis72
        rules.gossipsAboutReceiver = false
        rules.demotionNamesMaster = true
        rules.demotionMovesSlots = true
        return rules
    }()

    /// Valkey 8.0.1.
    package static let valkey80: EngineRules = {
        var rules = redis72
        rules.gossipsAboutReceiver = false
        rules.reportersNeedSlots = true
        rules.followsGossipedAddress = true
        rules.meetsUntilAnswered = true
        rules.followsGrandMaster = .withRoles
        rules.onlyMastersTeach = true
        rules.demotionNamesMaster = true
        rules.electsWithoutSlots = true
        rules.ranksByID = true
        rules.rankMayImprove = true
        rules.newMasterEndsElection = true
        rules.savesAtShutdown = true
        rules.forgetsOffsetOfOldShard = true
        return rules
    }()

    /// Valkey 9.1.2.
    package static let valkey91: EngineRules = {
        var rules = valkey80
        rules.weighsEveryEntry = true
        rules.keepsReportsOfFailed = false
        rules.roundsReportTimes = true
        rules.gossipsNeighbours = true
        rules.failsLostAddresses = true
        rules.spacesReconnects = true
        rules.suspicionCondemns = true
        rules.demotionMovesSlots = true
        rules.dropsStaleDemotions = true
        rules.announcesDemotion = true
        rules.winEndsElection = true
        rules.claimEndsElection = true
        rules.ranksFailedMasters = true
        rules.scalesElectionDelay = true
        rules.delaysEmptyReplicas = true
        rules.electsBeforeSleep = true
        rules.bestReplicaHurries = true
        rules.sparesVotes = false
        rules.votesWhileStarting = false
        rules.correctsCandidates = true
        rules.putsPromotionOff = true
        rules.forceIsImmediate = true
        rules.manualEndsElection = true
        rules.handsOverAtShutdown = true
        rules.calibratesClock = true
        return rules
    }()
}
