import RedisCluster
package import SystemModel

/// What a system needs at a demand, by formulas; what takes a simulation is in `LoadStudy`.
package struct CapacityModel: Sendable {
    package let model: SystemModel
    package let directives: SizingDirectives
    /// Bytes of each server's volume; nil where nobody says.
    package let volumeBytes: Double?
    package let site: ClusterSite
    package let demand: Demand
    /// What does not depend on how much there is.
    package let costs: KeyCosts
    package let copyOnWrite: CopyOnWrite
    package let bytes: CommandBytes
    package let snapshotPerKey: Double
    package let bus: ClusterBus

    package init(_ model: SystemModel, directives: SizingDirectives, volumeBytes: Int?, demand: Demand) {
        self.model = model
        self.directives = directives
        self.volumeBytes = volumeBytes.map(Double.init)
        self.demand = demand
        site = ClusterSite(model)
        costs = KeyCosts(demand, directives: directives)
        copyOnWrite = CopyOnWrite(demand, directives: directives)
        bytes = CommandBytes(demand)
        snapshotPerKey = SnapshotBytes.perKey(demand)
        bus = ClusterBus(nodes: model.shape.nodes, nodeTimeout: Double(model.conf.nodeTimeout) / 1000)
    }

    /// The share of keys and load of each shard: its slots', the busiest one's as much larger as the demand says.
    package var shardShares: [Double] {
        let shares = site.shardShares
        guard let busiest = shares.indices.max(by: { shares[$0] < shares[$1] }), shares.count > 1 else { return shares }
        let largest = min(1, shares[busiest] * demand.hottestShard)
        let scale = (1 - largest) / (1 - shares[busiest])
        return shares.indices.map { $0 == busiest ? largest : shares[$0] * scale }
    }

    /// Every server's use at an amount of this demand, without one of the workers or with all.
    package func uses(_ amounts: Demand, without lost: Int? = nil) -> [ServerUse] {
        let shares = shardShares
        let servers = site.servers(without: lost)
        var replicas = [Int](repeating: 0, count: shares.count)
        for server in servers where !server.isMaster { replicas[server.shard] += 1 }
        // What one of a kind does all of it do: computed once, which in a large cluster is nearly never.
        var known: [ServerKind: ServerUse] = [:]
        return servers.map { server in
            let kind = ServerKind(
                share: shares[server.shard], isMaster: server.isMaster,
                replicas: server.isMaster ? replicas[server.shard] : 0)
            if var same = known[kind] {
                same.server = server
                return same
            }
            let found = use(server, share: kind.share, replicas: kind.replicas, amounts)
            known[kind] = found
            return found
        }
    }

    /// All that the use of a server depends on besides the demand.
    private struct ServerKind: Hashable {
        var share: Double
        var isMaster: Bool
        var replicas: Int
    }

    private func use(
        _ server: ClusterSite.Server, share: Double, replicas: Int, _ amounts: Demand
    ) -> ServerUse {
        let keys = amounts.keys.value * share
        let writes = amounts.writes.value * share
        let reads = server.isMaster ? amounts.reads.value * share : 0
        let stream = writes * bytes.stream + expiriesPerSecond(keys: keys, writes: writes) * bytes.expiry
        let snapshot = keys * snapshotPerKey
        let childSeconds = snapshot / demand.server.snapshotRate
        let files = FileUse(
            snapshot: snapshot, stream: stream, writes: writes, conf: model.conf, directives: directives,
            childSeconds: childSeconds, receivesCopies: model.shape.replicasPerMaster > 0)
        let memory = memory(
            keys: keys, reads: reads, writes: writes, stream: stream, connections: amounts.connections.value,
            childSeconds: childSeconds, snapshot: snapshot)
        let stacks = ServerUse.stacks(memory, isMaster: server.isMaster)
        let largest = stacks.dropFirst().reduce(stacks[0]) { $1.resident > $0.resident ? $1 : $0 }
        var network = ServerUse.Network()
        network.bus = bus.bytesPerSecond
        if server.isMaster {
            network.clientsIn = writes * bytes.write + reads * bytes.readRequest
            network.clientsOut = writes * CommandBytes.writeReply + reads * bytes.readReply
            network.replicationOut = stream * Double(replicas)
        } else {
            network.replicationIn = stream
        }
        return ServerUse(
            server: server, keys: keys, reads: reads, writes: writes, memory: memory,
            steady: stacks[0].resident, largest: largest, files: files,
            thread: thread(server, reads: reads, writes: writes, connections: amounts.connections.value),
            network: network, forkPause: memory.heap / 1_073_741_824 * demand.server.forkPerGibibyte,
            backlogSeconds: stream > 0 ? Double(model.conf.replicationBacklogBytes) / stream : .infinity)
    }

    /// Keys that expire in a second: no more than are written with a time to live.
    private func expiriesPerSecond(keys: Double, writes: Double) -> Double {
        guard let lifetime = demand.lifetime, lifetime > 0 else { return 0 }
        return min(keys * demand.expiring / lifetime, writes * demand.expiring)
    }

    private func memory(
        keys: Double, reads: Double, writes: Double, stream: Double, connections: Double, childSeconds: Double,
        snapshot: Double
    ) -> ServerMemory {
        let transfer = snapshot / min(demand.server.snapshotRate, demand.hardware.workerBandwidth)
        let hasReplicas = model.shape.replicasPerMaster > 0
        return ServerMemory(
            keyspace: costs.keyspace(of: keys), fragmentation: demand.server.fragmentation, connections: connections,
            requestsPerConnection: connections > 0 ? (reads + writes) / connections : 0,
            peers: Double(model.shape.nodes - 1),
            backlog: hasReplicas ? Double(model.conf.replicationBacklogBytes) : 0, keys: keys,
            copyOnWrite: copyOnWrite, writesPerSecond: writes, streamPerSecond: stream, childSeconds: childSeconds,
            resyncSeconds: hasReplicas ? transfer + snapshot / demand.server.loadRate : 0,
            outputBufferLimit: directives.replicaBufferHard > 0 ? directives.replicaBufferHard : .infinity)
    }

    // MARK: The thread

    /// CPU time of a round trip: more connections make it dearer, evenly, up to twice at `connectionsAtHalf`.
    package func requestTime(connections: Double) -> Double {
        demand.server.requestTime * (1 + connections / demand.server.connectionsAtHalf)
    }

    package var readTime: Double {
        demand.server.commandTime + (bytes.readRequest + bytes.readReply) * demand.server.byteTime
    }

    package var writeTime: Double { demand.server.commandTime + bytes.write * demand.server.byteTime }

    private func thread(
        _ server: ClusterSite.Server, reads: Double, writes: Double, connections: Double
    ) -> Double {
        let setup = loadSetup([LoadSetup.Server(reads: reads, writes: writes, host: 0)], connections: connections)
        // A replica reads its master's stream in large pieces.
        return server.isMaster ? setup.utilisation(factor: 1) : setup.housekeeping + writes * writeTime
    }

    /// For a simulation of load at the busiest master of those left.
    package func loadSetup(_ amounts: Demand, without lost: Int? = nil, rewriting: Int = 0) -> LoadSetup? {
        let shares = shardShares
        let servers = site.servers(without: lost)
        let busiest = servers.filter(\.isMaster).max { shares[$0.shard] < shares[$1.shard] }
        guard let busiest else { return nil }
        let ordered = [busiest] + servers.filter { $0 != busiest }
        let loads = ordered.map { server in
            LoadSetup.Server(
                reads: server.isMaster ? amounts.reads.value * shares[server.shard] : 0,
                writes: amounts.writes.value * shares[server.shard], host: server.worker ?? 0)
        }
        return loadSetup(loads, connections: amounts.connections.value, rewriting: rewriting)
    }

    private func loadSetup(
        _ servers: [LoadSetup.Server], connections: Double, rewriting: Int = 0
    ) -> LoadSetup {
        LoadSetup(
            servers: servers, pipelining: demand.pipelining, requestTime: requestTime(connections: connections),
            readTime: readTime, writeTime: writeTime, bytesPerWrite: bytes.stream, appendFsync: model.conf.appendFsync,
            appendOnly: model.conf.appendOnly, onNFS: site.onNFS, environment: model.environment,
            hz: Double(model.conf.hz), packetsPerSecond: bus.packetsPerSecond, rewriting: rewriting,
            snapshotRate: demand.server.snapshotRate)
    }
}
