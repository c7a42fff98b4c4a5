import SystemModel

extension RedisDirectives {
    /// Directives that 7.0.15 does not know and that change nothing in the model: by the tables in config.c of Redis
    /// 6.2.5, 7.2.6 and 7.4.1 and Valkey 8.0.1, and by CONFIG GET * of Valkey 9.1.2.
    static func unmodelled(beside engine: Engine) -> [String] {
        switch engine {
        case .redis62: ["gopher-enabled", "lua-replicate-commands"]
        case .redis70: []
        case .redis72: since72
        case .redis74: since72 + since74
        case .valkey8: since72 + since74 + since80
        case .valkey9: since72 + since74 + since80 + since91
        }
    }

    private static let since72 = [
        "cluster-announce-human-nodename", "locale-collate", "set-max-listpack-entries", "set-max-listpack-value",
    ]

    private static let since74 = [
        "aof-rewrite-cpulist", "bgsave-cpulist", "bio-cpulist", "hide-user-data-from-log",
        "max-new-connections-per-cycle", "max-new-tls-connections-per-cycle", "server-cpulist",
    ]

    private static let since80 = [
        "availability-zone", "cluster-announce-client-ipv4", "cluster-announce-client-ipv6", "cluster-blacklist-ttl",
        "cluster-slot-stats-enabled", "dual-channel-replication-enabled", "events-per-io-thread",
        "extended-redis-compatibility", "prefetch-batch-max-size", "primaryauth", "primaryuser", "unixsocketgroup",
    ]

    private static let since91 = [
        "active-defrag-cycle-us", "cluster-announce-client-port", "cluster-announce-client-tls-port",
        "cluster-config-save-behavior", "cluster-databases", "cluster-slot-migration-log-max-len",
        "commandlog-execution-slower-than", "commandlog-large-reply-max-len", "commandlog-large-request-max-len",
        "commandlog-reply-larger-than", "commandlog-request-larger-than", "commandlog-slow-execution-max-len",
        "hash-seed", "import-mode", "log-format", "log-timestamp-format", "mptcp", "rdb-version-check", "rdma-bind",
        "rdma-completion-vector", "rdma-port", "rdma-rx-size", "repl-mptcp", "slot-migration-max-failover-repl-bytes",
        "tls-auth-clients-user", "tls-auto-reload-interval",
    ]
}
