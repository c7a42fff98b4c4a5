import DiscreteEvent
import RedisCluster
package import SystemModel

/// All limits that formulas know of, at an amount of the demand. Each name stands for the worst of its kind.
extension CapacityModel {
    package func limits(_ amounts: Demand) -> [LimitUse] { LimitGroup.allCases.flatMap { limits(amounts, $0) } }

    /// Limits that are found together.
    enum LimitGroup: CaseIterable {
        case server, worker, workerLost, storage
    }

    func limits(_ amounts: Demand, _ group: LimitGroup) -> [LimitUse] {
        let now = uses(amounts)
        return switch group {
        case .server: memoryLimits(now)
        case .worker: workerLimits(amounts, now)
        case .workerLost: workerLostLimits(amounts, now)
        case .storage: fileLimits(now) + storageLimits(now)
        }
    }

    private func worst(_ limits: [LimitUse]) -> [LimitUse] {
        // The first of equals, so that the order of servers decides and nothing else.
        guard let first = limits.first else { return [] }
        return [limits.dropFirst().reduce(first) { $1.ratio > $0.ratio ? $1 : $0 }]
    }

    // MARK: One server

    private func memoryLimits(_ uses: [ServerUse]) -> [LimitUse] {
        var limits: [LimitUse] = []
        if let limit = site.memoryLimit {
            limits += worst(
                uses.map { use in
                    LimitUse(
                        name: "memory.limit",
                        subject: "memory limit of \(use.server.name) (\(use.largest.state.rawValue))",
                        consequence: "the kernel kills the container (OOMKilled)", kind: .hard, unit: .bytes,
                        use: use.largest.resident, capacity: limit)
                })
        }
        if directives.maxMemory > 0 {
            let consequence =
                directives.maxMemoryPolicy == "noeviction"
                ? "writes are refused with OOM" : "keys are evicted (\(directives.maxMemoryPolicy))"
            limits += worst(
                uses.map { use in
                    LimitUse(
                        name: "memory.maxmemory", subject: "maxmemory of \(use.server.name)", consequence: consequence,
                        kind: .hard, unit: .bytes, use: use.memory.used, capacity: directives.maxMemory)
                })
        }
        if let request = site.memoryRequest {
            limits += worst(
                uses.map { use in
                    LimitUse(
                        name: "memory.request",
                        subject: "memory request of \(use.server.name) (\(use.largest.state.rawValue))",
                        consequence: "under memory pressure the kubelet evicts it before others", kind: .agreed,
                        unit: .bytes, use: use.largest.resident, capacity: request)
                })
        }
        limits += worst(
            uses.map { use in
                LimitUse(
                    name: "cpu.thread", subject: "the one thread of \(use.server.name)",
                    consequence: "requests queue without end", kind: .hard, unit: .share, use: use.thread,
                    capacity: min(1, site.coreLimit ?? 1))
            })
        return limits + resyncLimit(uses)
    }

    /// The stream that piles up during a full copy, against `client-output-buffer-limit replica`.
    private func resyncLimit(_ uses: [ServerUse]) -> [LimitUse] {
        guard model.shape.replicasPerMaster > 0 else { return [] }
        return worst(
            uses.filter(\.server.isMaster).compactMap { use in
                let hard = directives.replicaBufferHard > 0 ? directives.replicaBufferHard : .infinity
                let lasting = use.memory.streamPerSecond * directives.replicaBufferSoftSeconds
                let soft = directives.replicaBufferSoft > 0 ? directives.replicaBufferSoft + lasting : .infinity
                let capacity = min(hard, soft)
                guard capacity.isFinite else { return nil }
                return LimitUse(
                    name: "resync.buffer", subject: "output buffer of \(use.server.name) for a replica's full copy",
                    consequence: "the copy is broken off and begins again, for ever", kind: .hard, unit: .bytes,
                    use: use.memory.resyncBuffer, capacity: capacity)
            })
    }

    // MARK: Workers

    private func workerLimits(_ amounts: Demand, _ now: [ServerUse]) -> [LimitUse] {
        var memory: [LimitUse] = []
        var cores: [LimitUse] = []
        var wire: [LimitUse] = []
        for (worker, load) in zip(site.workers, situations(amounts, now, without: nil)) where load.pods > 0 {
            memory += memoryLimit(
                "memory.worker", worker, load.largest, "memory of \(worker.name), all its pods at their largest")
            if let limit = worker.cores {
                // One child that writes a snapshot takes a core of its own.
                cores.append(
                    LimitUse(
                        name: "cpu.worker", subject: "cores of \(worker.name), one child writing",
                        consequence: "servers wait for a core", kind: .hard, unit: .share, use: load.threads + 1,
                        capacity: limit))
            }
            wire.append(wireLimit("network.worker", "network of \(worker.name)", load))
        }
        return worst(memory) + worst(cores) + worst(wire)
    }

    private func workerLostLimits(_ amounts: Demand, _ now: [ServerUse]) -> [LimitUse] {
        var memory: [LimitUse] = []
        var wire: [LimitUse] = []
        for lost in usedWorkers(now) {
            let name = site.workers[lost].name
            for (index, load) in situations(amounts, now, without: lost).enumerated() where index != lost {
                let worker = site.workers[index]
                memory += memoryLimit(
                    "memory.workerLost", worker, load.largestWithAll,
                    "memory of \(worker.name) with the pods of \(name), which is lost")
                wire.append(wireLimit("network.workerLost", "network of \(worker.name) with \(name) lost", load))
            }
        }
        return worst(memory) + worst(wire)
    }

    private func memoryLimit(
        _ name: String, _ worker: ClusterSite.Worker, _ use: Double, _ subject: String
    ) -> [LimitUse] {
        guard let limit = worker.memoryBytes else { return [] }
        return [
            LimitUse(
                name: name, subject: subject, consequence: "the kubelet evicts pods, or the kernel kills a server",
                kind: .hard, unit: .bytes, use: use, capacity: max(1, limit - worker.requestedByOthers))
        ]
    }

    private func wireLimit(_ name: String, _ subject: String, _ load: CapacityPlan.WorkerUse.Situation) -> LimitUse {
        LimitUse(
            name: name, subject: subject, consequence: "answers and replication lag behind", kind: .hard,
            unit: .bytesPerSecond, use: max(load.sent, load.received), capacity: demand.hardware.workerBandwidth)
    }

    // MARK: Files

    private func fileLimits(_ uses: [ServerUse]) -> [LimitUse] {
        guard let volume = volumeBytes else { return [] }
        return worst(
            uses.map { use in
                LimitUse(
                    name: "storage.volume", subject: "volume of \(use.server.name) while its AOF is rewritten",
                    consequence: site.onNFS
                        ? "nothing stops it on NFS, and the export's own disk fills" : "writes fail, the server stops",
                    kind: site.onNFS ? .agreed : .hard, unit: .bytes, use: use.files.peak, capacity: volume)
            })
    }

    private func storageLimits(_ uses: [ServerUse]) -> [LimitUse] {
        guard site.onNFS else { return [] }
        let environment = model.environment.nfs
        let written = uses.reduce(0) { $0 + $1.files.written }
        var limits = [
            LimitUse(
                name: "storage.bandwidth", subject: "the NFS server's wire, all servers together",
                consequence: "every server's files wait", kind: .hard, unit: .bytesPerSecond, use: written,
                capacity: min(demand.hardware.storageBandwidth, 1e9 / SharedStorage.nanosecondsPerByte))
        ]
        // Under `always` writes that wait share a commit: answers take longer then, which is found by simulation.
        if environment.export == .sync, model.conf.appendOnly, model.conf.appendFsync == .everysec {
            limits.append(
                LimitUse(
                    name: "storage.commits", subject: "time of the NFS server's disk for commits",
                    consequence: "fsyncs take longer than two seconds and servers freeze", kind: .hard, unit: .share,
                    use: commitsPerSecond(uses) * environment.commit.mean / 1e9, capacity: 1))
        }
        return limits
    }

    /// Commits a second that all servers together ask of their storage: for their AOFs what `appendfsync` says, and one
    /// for each 4 MiB that a child writes. Under `always` about: commits that wait for those of other servers take
    /// longer than is counted here, but never are there more than the disks can make.
    package func commitsPerSecond(_ uses: [ServerUse]) -> Double {
        let children = uses.reduce(0) { $0 + ($1.files.written - $1.files.growth) / 4_194_304 }
        guard model.conf.appendOnly else { return children }
        switch model.conf.appendFsync {
        case .no: return children
        case .everysec: return uses.reduce(children) { $0 + AppendOnlyCommits.everySecond(atRandom: $1.writes) }
        case .always:
            let (seconds, work) = commitSeconds
            let wanted = uses.reduce(0) { sum, use in
                let groups = min(use.writes, (use.reads + use.writes) / demand.pipelining)
                return sum + AppendOnlyCommits.always(groups: groups, seconds: seconds)
            }
            let disks = site.onNFS ? 1 : max(1, usedWorkers(uses).count)
            return children + min(wanted, Double(disks) / work)
        }
    }

    /// How long a commit takes, and for how much of that nothing else is made stable; seconds.
    private var commitSeconds: (whole: Double, work: Double) {
        let environment = model.environment
        guard site.onNFS else { return (environment.disk.sync.mean / 1e9, environment.disk.sync.mean / 1e9) }
        let nfs = environment.nfs
        let work = nfs.export == .sync ? nfs.commit.mean : nfs.service.mean
        let whole = nfs.rtt.mean + nfs.service.mean + (nfs.export == .sync ? nfs.commit.mean : 0)
        return (whole / 1e9, work / 1e9)
    }
}
