import DiscreteEvent
import Randomness
import RedisCluster
import SystemModel

/// The volumes under nodes.conf and the AOF: a local disk, or mounts of one NFS server.
///
/// Redis feels storage only through what its main thread waits for: saves of nodes.conf, and an AOF write while an
/// fsync is stuck. Outages have ends that are known when they begin, so a wait's end is computed when it begins.
///
/// Instants are simulated ns; `now` is the simulation's, `time` the asking process's, which may be ahead of it.
struct Storage {
    /// A flush of up to a page goes out as one stable WRITE; more goes as unstable WRITEs and a COMMIT.
    static let pageBytes = 4096

    let onNFS: Bool
    /// True where the AOF grows while the cluster runs and its fsyncs can take long enough to matter: on NFS, and
    /// wherever the main thread waits for each of them.
    let appends: Bool
    /// From any instant to a process's next write.
    let nextWrite: Distribution
    var volumes: [Volume]
    /// What processes that wait for storage will send when it answers.
    var deferred: [DeferredSend] = []
    private(set) var server: NFSServer
    private var outageDice = RandomStream(key: 0)
    private let disk: Environment.Disk

    init(model: SystemModel) {
        switch model.deployment {
        case .processes(let deployment): onNFS = deployment.storage == .nfs
        case .kubernetes(let deployment): onNFS = deployment.dataOnNFS
        }
        let isFelt = onNFS || model.conf.appendFsync == .always
        appends = isFelt && model.conf.appendOnly && model.environment.load > 0
        nextWrite = appends ? .exponential(mean: 1e9 / model.environment.load) : .constant(0)
        server = NFSServer(settings: model.environment.nfs)
        disk = model.environment.disk
        volumes = Array(repeating: Volume(), count: model.shape.nodes)
    }

    /// For the next replication; `dice` are the server's own.
    mutating func reset(_ dice: RandomStream) {
        outageDice = dice
        server.removeAll()
        deferred.removeAll(keepingCapacity: true)
        for p in volumes.indices { volumes[p] = Volume() }
    }

    /// An outage begins, as the caller describes it; how its end comes about is decided here.
    mutating func add(_ outage: Outage) {
        var outage = outage
        let thaw = server.settings.thaw.sample(&outageDice)
        let grace = server.settings.grace.sample(&outageDice)
        if outage.until < ClusterSimulation.never {
            switch outage.kind {
            case .slow, .drop: break
            case .stall: outage.resumes += thaw
            case .restart: outage.resumes += grace
            }
        }
        outage.opensResume = outage.resumes
        // A client that is gone does not reclaim: the grace period, in which nobody may open, takes its full time.
        if case .restart = outage.kind, outage.until < ClusterSimulation.never,
            volumes.contains(where: { $0.lock.awaitsClient(at: outage.until) })
        {
            outage.opensResume = outage.until + server.settings.fullGrace.sample(&outageDice)
        }
        server.add(outage)
    }

    /// True where the volume of `p` is unreachable because its host is.
    func isCutOff(_ p: Int, at time: Int64) -> Bool { onNFS && server.isCutOff(p, at: time) }

    /// Since when the volume of `p` has been away; `time` where it is not.
    func awaySince(_ p: Int, at time: Int64) -> Int64 { server.awaySince(p, at: time) }

    /// The process of `p` now runs on a host that can be reached.
    mutating func leaveOutagesOfHost(_ p: Int) { server.leaveOutagesOfHost(p) }

    /// True where a request of `p` at `time` would get no answer for now.
    func isAway(_ p: Int, at time: Int64) -> Bool { onNFS && server.isAway(p, at: time) }

    /// The first instant from `time` on at which the volume of `p` answers: what a mount, an unmount, or the start of a
    /// process waits for. `ClusterSimulation.never` if it stays away.
    func usableAfter(_ p: Int, _ time: Int64) -> Int64 { onNFS ? server.usableAfter(p, time) : time }

    /// When a save of nodes.conf is done: open, write in place, [fsync], [ftruncate], close (clusterSaveConfig).
    ///
    /// On NFS it costs the OPEN and the flush, whether fsync or the close asks for that (close-to-open), and a SETATTR
    /// where the file shrinks. The lock's descriptor stays open, so no CLOSE is sent.
    mutating func saveEnd(
        _ p: Int, bytes: Int, shrinks: Bool, fsync: Bool, at time: Int64, now: Int64, _ dice: inout RandomStream
    ) -> Int64 {
        guard onNFS else {
            var end = time + disk.save.sample(&dice)
            if fsync { end += disk.sync.sample(&dice) }
            return end
        }
        var end = server.reply(to: .open, of: p, at: time, now: now, &dice)
        end = flushEnd(p, bytes: bytes, at: end, now: now, &dice)
        return shrinks ? server.reply(to: .truncate, of: p, at: end, now: now, &dice) : end
    }

    /// When a save by replacement is done: open of a new file, write, [fsync], rename, [fsync of the directory], close
    /// (clusterSaveConfig since 7.2). On NFS the flush comes with the fsync or the close, directories need none.
    mutating func replaceEnd(
        _ p: Int, bytes: Int, fsync: Bool, at time: Int64, now: Int64, _ dice: inout RandomStream
    ) -> Int64 {
        guard onNFS else {
            var end = time + disk.save.sample(&dice)
            if fsync { end += disk.sync.sample(&dice) }
            end = renameEnd(p, at: end, now: now, &dice)
            return fsync ? end + disk.sync.sample(&dice) : end
        }
        let opened = server.reply(to: .open, of: p, at: time, now: now, &dice)
        let closed = closeEnd(p, dirty: bytes, at: opened, now: now, &dice)
        return renameEnd(p, at: closed, now: now, &dice)
    }

    /// When an fsync of `bytes` dirty bytes of the AOF is done.
    mutating func syncEnd(_ p: Int, bytes: Int, at time: Int64, now: Int64, _ dice: inout RandomStream) -> Int64 {
        onNFS ? flushEnd(p, bytes: bytes, at: time, now: now, &dice) : time + disk.sync.sample(&dice)
    }

    /// When the close of a file's last descriptor is done: what is dirty is flushed first (close-to-open).
    mutating func closeEnd(_ p: Int, dirty: Int, at time: Int64, now: Int64, _ dice: inout RandomStream) -> Int64 {
        guard onNFS else { return time }
        let flushed = flushEnd(p, bytes: dirty, at: time, now: now, &dice)
        return server.reply(to: .close, of: p, at: flushed, now: now, &dice)
    }

    /// When dirty pages are on stable storage.
    mutating func flushEnd(_ p: Int, bytes: Int, at time: Int64, now: Int64, _ dice: inout RandomStream) -> Int64 {
        guard onNFS, bytes > 0 else { return time }
        if bytes <= Storage.pageBytes { return server.reply(to: .stableWrite(bytes), of: p, at: time, now: now, &dice) }
        let written = server.reply(to: .unstableWrite(bytes), of: p, at: time, now: now, &dice)
        return server.reply(to: .commit, of: p, at: written, now: now, &dice)
    }

    /// When a starting process has opened, locked and read nodes.conf.
    mutating func openEnd(_ p: Int, at time: Int64, now: Int64, _ dice: inout RandomStream) -> Int64 {
        guard onNFS else { return time }
        var end = time
        for request in [NFSRequest.open, .lock, .read] {
            end = server.reply(to: request, of: p, at: end, now: now, &dice)
        }
        return end
    }

    /// When a file has a new name: the AOF's manifest and an RDB are renamed into place.
    mutating func renameEnd(_ p: Int, at time: Int64, now: Int64, _ dice: inout RandomStream) -> Int64 {
        onNFS ? server.reply(to: .rename, of: p, at: time, now: now, &dice) : time + disk.save.sample(&dice)
    }

    /// When a whole small file is written and safe: an RDB without data.
    mutating func fileEnd(_ p: Int, bytes: Int, at time: Int64, now: Int64, _ dice: inout RandomStream) -> Int64 {
        guard onNFS else { return time + disk.save.sample(&dice) + disk.sync.sample(&dice) }
        let opened = server.reply(to: .open, of: p, at: time, now: now, &dice)
        let closed = closeEnd(p, dirty: bytes, at: opened, now: now, &dice)
        return renameEnd(p, at: closed, now: now, &dice)
    }
}

/// A message that a process sends as soon as storage answers it.
struct DeferredSend: BitwiseCopyable {
    var process: Int16
    var at: Int64
    var message: Outgoing
}
