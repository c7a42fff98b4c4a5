import Recording

/// The lines of INFO or CLUSTER INFO: `name:value`, with headings and blank lines between them.
struct InfoText {
    private var values: [Substring: Substring] = [:]

    init(_ text: String) {
        for line in text.split(whereSeparator: \.isNewline) where !line.hasPrefix("#") {
            guard let colon = line.firstIndex(of: ":") else { continue }
            values[line[..<colon]] = line[line.index(after: colon)...]
        }
    }

    subscript(_ name: String) -> String? { values[name[...]].map(String.init) }

    /// Those of the fields that are there, in their order.
    func fields(_ names: [String]) -> [ObservedServer.Setting] {
        names.compactMap { name in self[name].map { ObservedServer.Setting(name: name, value: $0) } }
    }
}

/// What is asked of a server besides its view, and recorded when it changes.
enum StatusFields {
    static let clusterInfo = [
        "cluster_state", "cluster_slots_assigned", "cluster_slots_ok", "cluster_slots_pfail", "cluster_slots_fail",
        "cluster_known_nodes", "cluster_size", "cluster_current_epoch", "cluster_my_epoch",
    ]

    static let info = [
        "master_host", "master_port", "master_link_status", "master_sync_in_progress", "connected_slaves",
        "master_replid", "loading", "rdb_bgsave_in_progress", "aof_rewrite_in_progress", "aof_last_write_status",
        "aof_delayed_fsync", "latest_fork_usec", "master_repl_offset", "slave_repl_offset",
    ]

    /// They change all the time: recorded with other changes, and now and then.
    static let restless: Set = ["master_repl_offset", "slave_repl_offset", "replication_offset"]
    /// µs between two recordings of restless fields alone.
    static let restlessInterval: Int64 = 10_000_000

    /// What the simulation asks for. Directives that a server does not know, or may not tell, are left out.
    static let directives = [
        "cluster-node-timeout", "cluster-replica-validity-factor", "cluster-require-full-coverage",
        "cluster-migration-barrier", "cluster-allow-replica-migration", "appendonly", "appendfsync", "save",
        "repl-diskless-sync", "repl-diskless-sync-delay", "repl-ping-replica-period", "repl-timeout",
        "min-replicas-to-write", "shutdown-timeout",
    ]
}
