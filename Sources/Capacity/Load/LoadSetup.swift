import DiscreteEvent
package import RedisCluster
package import SystemModel

/// What a simulation of load needs to know: the busiest master, and everybody who shares its storage. Seconds, bytes.
package struct LoadSetup: Sendable {
    /// A server, by what reaches it in a second.
    package struct Server: Sendable, Equatable {
        package var reads: Double
        package var writes: Double
        /// Servers with the same number share a disk where files are local.
        package var host: Int

        package init(reads: Double, writes: Double, host: Int) {
            self.reads = reads
            self.writes = writes
            self.host = host
        }
    }

    /// The first is the one whose clients' answer times are told.
    package var servers: [Server]
    package var pipelining: Double
    /// CPU time of a round trip, with its share for many connections, and of each command with its bytes.
    package var requestTime: Double
    package var readTime: Double
    package var writeTime: Double
    /// Bytes of the AOF for a write; 0 without one.
    package var bytesPerWrite: Double
    package var appendFsync: RedisConf.AppendFsync
    package var appendOnly: Bool
    package var onNFS: Bool
    package var environment: Environment
    package var hz: Double
    /// Bus messages that a server reads in a second.
    package var packetsPerSecond: Double
    /// Servers that write a dataset to the storage all the time, and at which rate.
    package var rewriting: Int
    package var snapshotRate: Double

    package init(
        servers: [Server], pipelining: Double, requestTime: Double, readTime: Double, writeTime: Double,
        bytesPerWrite: Double, appendFsync: RedisConf.AppendFsync, appendOnly: Bool, onNFS: Bool,
        environment: Environment, hz: Double, packetsPerSecond: Double, rewriting: Int, snapshotRate: Double
    ) {
        self.servers = servers
        self.pipelining = pipelining
        self.requestTime = requestTime
        self.readTime = readTime
        self.writeTime = writeTime
        self.bytesPerWrite = bytesPerWrite
        self.appendFsync = appendFsync
        self.appendOnly = appendOnly
        self.onNFS = onNFS
        self.environment = environment
        self.hz = hz
        self.packetsPerSecond = packetsPerSecond
        self.rewriting = rewriting
        self.snapshotRate = snapshotRate
    }

    /// Work for the busiest server's thread, in seconds a second; 1 is all of it.
    package func utilisation(factor: Double) -> Double {
        let server = servers[0]
        let trips = (server.reads + server.writes) / pipelining
        let requests = trips * requestTime + server.reads * readTime + server.writes * writeTime
        return factor * requests + housekeeping
    }

    /// serverCron and the cluster bus.
    package var housekeeping: Double {
        (hz * environment.process.tickCost.mean + packetsPerSecond * environment.process.packetCost.mean) / 1e9
    }
}

/// What one run of load gave.
package struct LoadOutcome: Sendable, Equatable {
    package var latency = LatencyHistogram()
    /// Requests that had to wait longer than their clients do.
    package var failed = 0
    /// Simulated seconds.
    package var seconds = 0.0
    /// Commits that reached the storage.
    package var commits = 0
    /// The longest time for which the busiest master answered nobody, ns.
    package var longestFreeze: Int64 = 0
    /// The share of the time in which the storage made something stable, 0 ... 1.
    package var storageBusy = 0.0

    package var failedShare: Double { latency.count == 0 ? 0 : Double(failed) / Double(latency.count) }
    package var commitsPerSecond: Double { seconds > 0 ? Double(commits) / seconds : 0 }
}
