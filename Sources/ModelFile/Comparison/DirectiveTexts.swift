import RedisCluster

/// The configuration in force, directive by directive, as redis.conf would say it.
enum DirectiveTexts {
    static func all(of conf: RedisConf) -> [(name: String, value: String)] {
        func flag(_ value: Bool) -> String { value ? "yes" : "no" }
        return [
            ("cluster-enabled", flag(conf.clusterEnabled)), ("cluster-config-file", conf.clusterConfigFile),
            ("cluster-node-timeout", "\(conf.nodeTimeout)"),
            ("cluster-replica-validity-factor", "\(conf.replicaValidityFactor)"),
            ("cluster-migration-barrier", "\(conf.migrationBarrier)"),
            ("cluster-allow-replica-migration", flag(conf.allowReplicaMigration)),
            ("cluster-require-full-coverage", flag(conf.requireFullCoverage)),
            ("cluster-allow-reads-when-down", flag(conf.allowReadsWhenDown)),
            ("cluster-replica-no-failover", flag(conf.replicaNoFailover)),
            ("repl-ping-replica-period", "\(conf.replicationPingPeriodSeconds)"),
            ("repl-timeout", "\(conf.replicationTimeoutSeconds)"),
            ("repl-backlog-size", "\(conf.replicationBacklogBytes)"),
            ("repl-diskless-sync", flag(conf.disklessSync)),
            ("repl-diskless-sync-delay", "\(conf.disklessSyncDelaySeconds)"),
            ("min-replicas-to-write", "\(conf.minReplicasToWrite)"),
            ("min-replicas-max-lag", "\(conf.minReplicasMaxLagSeconds)"), ("appendonly", flag(conf.appendOnly)),
            ("appendfsync", conf.appendFsync.rawValue), ("save", conf.savePoints ? "some" : "\"\""),
            ("shutdown-timeout", "\(conf.shutdownTimeoutSeconds)"), ("hz", "\(conf.hz)"), ("port", "\(conf.port)"),
            ("dir", conf.directory),
        ]
    }
}
