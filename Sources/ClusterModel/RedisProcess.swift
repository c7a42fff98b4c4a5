import Randomness
import RedisCluster

/// One redis-server process: a `ClusterNode` behind a single-threaded event loop. Times are simulated ns.
struct RedisProcess: BitwiseCopyable {
    var state = State.absent
    /// Counts lives: an event of an earlier life is void.
    var generation: UInt32 = 0
    /// Where it runs: index of a host or worker, or -1.
    var host: Int16 = -1
    var address: Address = noAddress
    var nodeID: NodeID = noNode
    /// The event loop does something, or waits for storage, until then; `.max` is for good.
    var busyUntil: Int64 = 0
    /// When serverCron may run: set as the handler returned + 100 ms.
    var timerDue: Int64 = 0
    /// When epoll returns for it.
    var tickAt: Int64 = 0
    /// The node's `quietUntil` when its alarm was set; see `Ticks`.
    var foreseenQuiet: Int64 = 0
    /// A connect is under way: should it be refused, the next tick has something to do.
    var awaitsConnect = false
    /// Connects that are refused before the next tick, and when the first of them is.
    var refusals = Queues<Refusal>.Queue()
    var refusedAt = Int64.max
    /// From the timeout to the handler, drawn once a tick.
    var wakeUp: Int64 = 0
    /// Ticks until the next replicationCron, and how many there were.
    var untilReplicationCron: Int32 = 0
    var secondsRun: Int64 = 0
    var wakePending = false
    /// What is in its socket buffers, and how much that is.
    var inbox = Queues<InboxItem>.Queue()
    var inboxCount: Int32 = 0
    /// SIGTERM was delivered: the next serverCron begins the shutdown.
    var shutdownRequested = false
    /// When the wait for replicas at shutdown began; 0 if not waiting.
    var shutdownWaitSince: Int64 = 0
    /// A fault of the scenario hit it.
    var isVictim = false
    /// It did not run when the rehearsal began: no node has met it, and the cluster is well without it.
    var isStranger = false
    /// The disk it writes to is gone: it starts afresh.
    var volumeLost = false
    /// Writes are blocked by a manual failover or a shutdown until this instant.
    var writesPausedUntil: Int64 = 0
    /// Last whole second (wall clock) at which everysec handed an fsync to the background thread.
    var fsyncSecond: Int64 = 0
    /// When the running background fsync ends; 0 if none runs.
    var fsyncEnds: Int64 = 0
    /// When the last one began, and the one before it, and since when written bytes have been dirty.
    var fsyncBegan: Int64 = 0
    var fsyncBefore: Int64 = 0
    var dirtySince: Int64 = 0
    /// The last wall-clock second whose first write was looked for, and that write's instant.
    var appendSecond: Int64 = 0
    var appendDue: Int64 = 0
    /// The second in which a write was first postponed because an fsync ran; 0 if none is postponed.
    var postponedSince: Int64 = 0
    /// Its main thread waits for storage until then, and its clients with it.
    var stalledUntil: Int64 = 0
    /// When that wait began, and whether there has been one since the fault.
    var stalledSince: Int64 = 0
    var hasStalled = false
    /// After SIGTERM: come back this long after the exit; -1 to stay away.
    var returnDelay: Int64 = -1
    var returnsElsewhere = false
    /// A dying process's files are still being closed: its bus port answers until then.
    var portOpenUntil: Int64 = 0

    enum State: UInt8, BitwiseCopyable {
        /// Not started, or gone: its address refuses or is silent, as `Reachability` says.
        case absent
        /// Loading: connects succeed, nothing is answered.
        case loading
        case running
        /// SIGSTOP: the kernel still accepts and buffers.
        case frozen
    }

    var isAlive: Bool { state != .absent }
}

/// Something that waits in a busy process's socket buffers.
struct InboxItem: BitwiseCopyable {
    var connection: ConnectionID
    var generation: UInt32
    /// The message, or -1 for the end of the stream.
    var message: MessageRef
    var toAcceptor: Bool
}

/// The streams of one process, besides its node's.
struct ProcessDice: BitwiseCopyable {
    var loop: RandomStream
    var network: RandomStream
    var storage: RandomStream
    var replication: RandomStream
}
