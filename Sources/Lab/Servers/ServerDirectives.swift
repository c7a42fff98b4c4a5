import RedisCluster

/// The redis.conf of a lab's servers: what the model says, and what a lab needs.
struct ServerDirectives {
    /// In the order written.
    private(set) var lines: [(name: String, value: String)] = []

    /// What the model says, as far as the server knows the directive (by CONFIG GET). The model's port and directory
    /// are not taken: a lab has its own.
    init(_ conf: RedisConf, knownTo isKnown: (String) -> Bool) {
        let spoken: [(String, String)] = [
            ("cluster-node-timeout", String(conf.nodeTimeout)),
            ("cluster-replica-validity-factor", String(conf.replicaValidityFactor)),
            ("cluster-migration-barrier", String(conf.migrationBarrier)),
            ("cluster-allow-replica-migration", yesNo(conf.allowReplicaMigration)),
            ("cluster-require-full-coverage", yesNo(conf.requireFullCoverage)),
            ("cluster-allow-reads-when-down", yesNo(conf.allowReadsWhenDown)),
            ("cluster-replica-no-failover", yesNo(conf.replicaNoFailover)),
            ("repl-ping-replica-period", String(conf.replicationPingPeriodSeconds)),
            ("repl-timeout", String(conf.replicationTimeoutSeconds)),
            ("repl-backlog-size", String(conf.replicationBacklogBytes)),
            ("repl-diskless-sync", yesNo(conf.disklessSync)),
            ("repl-diskless-sync-delay", String(conf.disklessSyncDelaySeconds)),
            ("min-replicas-to-write", String(conf.minReplicasToWrite)),
            ("min-replicas-max-lag", String(conf.minReplicasMaxLagSeconds)),
            ("appendonly", yesNo(conf.appendOnly)),
            ("appendfsync", conf.appendFsync.rawValue),
            ("shutdown-timeout", String(conf.shutdownTimeoutSeconds)),
            ("hz", String(conf.hz)),
            ("cluster-config-file", conf.clusterConfigFile),
        ]
        lines = spoken.filter { isKnown($0.0) }.map { (name: $0.0, value: $0.1) }
        if !conf.savePoints { lines.append(("save", "")) }
    }

    /// What a server of a lab needs besides.
    mutating func place(at address: String, port: Int, directory: String, logLevel: String, bindsSource: Bool) {
        lines += [
            ("cluster-enabled", "yes"), ("bind", address), ("port", String(port)), ("dir", directory),
            ("protected-mode", "no"), ("daemonize", "no"), ("logfile", ""), ("loglevel", logLevel),
        ]
        // Redis 6.2 takes the first `bind` for its outgoing links; later ones have a directive of its own. Without it
        // links would come from 127.0.0.1, and peers would take that for the node's address.
        if bindsSource { lines.append(("bind-source-addr", address)) }
    }

    /// As command line options.
    var arguments: [String] { lines.flatMap { ["--\($0.name)", $0.value] } }
}

private func yesNo(_ value: Bool) -> String { value ? "yes" : "no" }
