import DiscreteEvent
import Randomness
import SystemModel

/// The exclusive lock that a server keeps on its nodes.conf for its whole life (clusterLockConfig): flock, which NFS
/// turns into a byte-range lock on the server. It keeps a second server off the volume, and sometimes the rightful
/// one.
///
/// What a dead client leaves behind, and for how long, was measured with knfsd and Linux 6.1.
struct NodesConfLock {
    /// What the server answers to a process that wants the lock.
    enum Verdict: Equatable {
        case granted
        /// EWOULDBLOCK: "already used by a different Redis Cluster node", and the process exits.
        case refused
        /// open() or the mount does not return before that instant; then the lock is free.
        case hangs(until: Int64)
    }

    private enum State {
        /// Nobody's from that instant on; until then its last holder is still closing its files.
        case free(from: Int64)
        case held
        /// The holder's client is not heard of any more: its host is dead, or cut off.
        case silent
    }

    private var state = State.free(from: 0)
    /// The host that holds it, or held it last.
    private(set) var host: Int16 = -1
    /// The holder made the file; one that found it may have been given a read delegation.
    private(set) var createdFile = true
    /// When the server forgets a silent client; `never` for version 3, which has no leases.
    private(set) var leaseEnds: Int64 = 0
    /// The silent holder's process still runs, and will go on writing when it is heard of again.
    private(set) var holderStillRuns = false
    /// The holder has renamed another file over the one it locked: the lock keeps nobody from the new one.
    private var isOnReplacedFile = false

    /// True while a silent client's state is kept: a restarted server waits for it to reclaim.
    func awaitsClient(at time: Int64) -> Bool {
        if case .silent = state { return time < leaseEnds }
        return false
    }

    mutating func take(by host: Int16, createdFile: Bool) {
        state = .held
        self.host = host
        self.createdFile = createdFile
        holderStillRuns = false
        isOnReplacedFile = false
    }

    /// A save by rename (7.2): from now on the lock is on a file without a name.
    mutating func leaveReplacedFile() { isOnReplacedFile = true }

    /// The holder ended; its kernel has released the lock at `time`.
    mutating func release(at time: Int64) { state = .free(from: time) }

    /// The holder's host is not heard of from `time` on.
    mutating func fallSilent(
        at time: Int64, stillRuns: Bool, _ settings: Environment.NFS, _ dice: inout RandomStream
    ) {
        guard case .held = state else { return }
        let lease = settings.lease.sample(&dice)
        state = .silent
        holderStillRuns = stillRuns
        leaseEnds = settings.version == .v41 ? time + lease : ClusterSimulation.never
    }

    /// The silent host is up again. In version 3 its statd tells the server, which drops the old locks.
    mutating func hostReturned(at time: Int64, _ settings: Environment.NFS, _ dice: inout RandomStream) {
        guard case .silent = state, settings.version == .v3 else { return }
        leaseEnds = time + settings.notification.sample(&dice)
    }

    mutating func request(
        by asking: Int16, at time: Int64, _ settings: Environment.NFS, _ dice: inout RandomStream
    ) -> Verdict {
        if isOnReplacedFile { return .granted }
        switch state {
        case .free(let from): return from <= time ? .granted : .refused
        case .held: return .refused
        case .silent:
            if time >= leaseEnds { return .granted }
            if asking == host, !holderStillRuns { return hang(until: time + settings.reclaim.sample(&dice)) }
            if settings.version == .v3 || createdFile { return .refused }
            return hang(until: time + settings.recall.sample(&dice))
        }
    }

    private mutating func hang(until end: Int64) -> Verdict {
        state = .free(from: end)
        return .hangs(until: end)
    }
}

/// A process's files, wherever they are kept.
struct Volume {
    var lock = NodesConfLock()
    /// Length of nodes.conf in bytes.
    var configLength = 0
    /// An earlier server on these files still runs on another host, which is heard of again at that instant; nothing
    /// fences it. -1 if there is none.
    var strayReturns: Int64 = -1
    /// The present server has appended while a stray one was about.
    var appendedBesideStray = false

    /// Both servers have written to one AOF: Redis will not load it ("Bad file format").
    func isDamaged(at time: Int64) -> Bool { appendedBesideStray && strayReturns <= time }
}
