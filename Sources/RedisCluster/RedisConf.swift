/// The directives of redis.conf that change what is modelled, with 7.0.15's defaults (config.c); `Engine` knows those
/// of other versions.
///
/// Times are milliseconds unless the name says seconds, as in redis.conf.
package struct RedisConf: Sendable, Equatable {
    /// `cluster-node-timeout`, ms.
    package var nodeTimeout: Int64 = 15_000
    /// `cluster-replica-validity-factor`; 0 lets any replica stand, however old its data.
    package var replicaValidityFactor: Int64 = 10
    /// `cluster-migration-barrier`: replicas a master keeps before one may migrate away.
    package var migrationBarrier: Int = 1
    package var allowReplicaMigration = true
    package var requireFullCoverage = true
    package var allowReadsWhenDown = false
    package var replicaNoFailover = false
    /// `cluster-manual-failover-timeout`, ms: a directive since Valkey 8.1, CLUSTER_MF_TIMEOUT before.
    package var manualFailoverTimeout: Int64 = 5000
    /// `repl-ping-replica-period`, s.
    package var replicationPingPeriodSeconds: Int64 = 10
    /// `repl-timeout`, s.
    package var replicationTimeoutSeconds: Int64 = 60
    /// `repl-backlog-size`, bytes.
    package var replicationBacklogBytes: Int64 = 1 << 20
    package var disklessSync = true
    /// `repl-diskless-sync-delay`, s.
    package var disklessSyncDelaySeconds: Int64 = 5
    package var minReplicasToWrite: Int = 0
    /// `min-replicas-max-lag`, s.
    package var minReplicasMaxLagSeconds: Int64 = 10
    package var appendOnly = false
    package var appendFsync = AppendFsync.everysec
    /// `save ""` is false: then no RDB is written at shutdown.
    package var savePoints = true
    /// `shutdown-timeout`, s.
    package var shutdownTimeoutSeconds: Int64 = 10
    /// `shutdown-on-sigterm failover`, where the version knows it.
    package var failoverAtShutdown = false
    package var hz: Int64 = 10
    package var port: Int = 6379
    package var directory = "."
    package var clusterEnabled = false
    package var clusterConfigFile = "nodes.conf"
    /// No directive: a rule that is wrong on purpose, to show that a comparison with real clusters notices. Replicas stand
    /// for election whoever has newer data.
    package var ignoresRank = false

    package enum AppendFsync: String, Sendable { case always, everysec, no }

    package init() {}
}
