import DiscreteEvent
import Glibc
import RedisCluster
package import SystemModel

/// All limits that formulas know of, at an amount of the demand. Each name stands for the worst of its kind.
extension CapacityModel {
    package func limits(_ amounts: Demand) -> [LimitUse] {
        let now = uses(amounts)
        return memoryLimits(now) + workerLimits(amounts, now) + fileLimits(now) + storageLimits(now)
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
                        kind: .hard, unit: .bytes, use: use.memory.counted, capacity: directives.maxMemory)
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
        let names = site.workers.map(\.name)
        var memory: [LimitUse] = []
        var cores: [LimitUse] = []
        var wire: [LimitUse] = []
        for (index, worker) in site.workers.enumerated() {
            let here = now.filter { $0.server.worker == index }
            guard !here.isEmpty else { continue }
            memory += memoryLimit(
                "memory.worker", worker, here, "memory of \(worker.name), all its pods at their largest")
            if let limit = worker.cores {
                // One child that writes a snapshot takes a core of its own.
                cores.append(
                    LimitUse(
                        name: "cpu.worker", subject: "cores of \(worker.name), one child writing",
                        consequence: "servers wait for a core", kind: .hard, unit: .share,
                        use: here.reduce(0) { $0 + $1.thread } + 1, capacity: limit))
            }
            wire.append(wireLimit("network.worker", "network of \(worker.name)", here, worker: index))
        }
        var lostMemory: [LimitUse] = []
        var lostWire: [LimitUse] = []
        for lost in site.workers.indices where now.contains(where: { $0.server.worker == lost }) {
            let left = uses(amounts, without: lost)
            let movable = now.filter { $0.server.worker == lost }
            for (index, worker) in site.workers.enumerated() where index != lost {
                let here = left.filter { $0.server.worker == index }
                // The pods of the lost worker come back on the others in equal parts, if they come back.
                let share = Double(movable.count) / Double(max(1, site.workers.count - 1))
                let all = here + movable.prefix(Int(share.rounded(.up)))
                lostMemory += memoryLimit(
                    "memory.workerLost", worker, all,
                    "memory of \(worker.name) with the pods of \(names[lost]), which is lost")
                lostWire.append(
                    wireLimit(
                        "network.workerLost", "network of \(worker.name) with \(names[lost]) lost", here, worker: index)
                )
            }
        }
        return worst(memory) + worst(lostMemory) + worst(cores) + worst(wire) + worst(lostWire)
    }

    private func memoryLimit(
        _ name: String, _ worker: ClusterSite.Worker, _ servers: [ServerUse], _ subject: String
    ) -> [LimitUse] {
        guard let limit = worker.memoryBytes else { return [] }
        return [
            LimitUse(
                name: name, subject: subject, consequence: "the kubelet evicts pods, or the kernel kills a server",
                kind: .hard, unit: .bytes, use: servers.reduce(0) { $0 + $1.largest.resident },
                capacity: max(1, limit - worker.requestedByOthers))
        ]
    }

    private func wireLimit(_ name: String, _ subject: String, _ servers: [ServerUse], worker: Int) -> LimitUse {
        let toStorage = site.onNFS ? servers.reduce(0) { $0 + $1.files.written } : 0
        let sent = servers.reduce(0) { $0 + $1.network.sent } + toStorage
        let received = servers.reduce(0) { $0 + $1.network.received }
        return LimitUse(
            name: name, subject: subject, consequence: "answers and replication lag behind", kind: .hard,
            unit: .bytesPerSecond, use: max(sent, received), capacity: demand.hardware.workerBandwidth)
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
        if environment.export == .sync, model.conf.appendOnly, model.conf.appendFsync == .everysec {
            limits.append(
                LimitUse(
                    name: "storage.commits", subject: "time of the NFS server's disk for commits",
                    consequence: "fsyncs take longer than two seconds and servers freeze", kind: .hard, unit: .share,
                    use: commitsPerSecond(uses) * environment.commit.mean / 1e9, capacity: 1))
        }
        return limits
    }

    /// Commits a second that the AOFs ask for under `everysec`: one in each second with a write, and one for each 4 MiB
    /// that a child writes.
    package func commitsPerSecond(_ uses: [ServerUse]) -> Double {
        guard model.conf.appendOnly, model.conf.appendFsync == .everysec else { return 0 }
        return uses.reduce(0) { sum, use in
            sum + (1 - exp(-use.writes)) + (use.files.written - use.files.growth) / 4_194_304
        }
    }
}
