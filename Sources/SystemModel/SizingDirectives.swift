/// Directives of redis.conf that only sizing asks for, with 7.0.15's defaults (config.c). Bytes and seconds.
package struct SizingDirectives: Sendable, Equatable {
    /// `maxmemory`; 0 is no bound.
    package var maxMemory = 0.0
    package var maxMemoryPolicy = "noeviction"
    /// `auto-aof-rewrite-percentage`; 0 never rewrites by itself.
    package var rewritePercentage = 100.0
    /// `auto-aof-rewrite-min-size`.
    package var rewriteMinimum = 64.0 * 1024 * 1024
    /// `client-output-buffer-limit replica`: hard and soft limit, and for how long the soft one may be exceeded;
    /// 0 is no limit.
    package var replicaBufferHard = 256.0 * 1024 * 1024
    package var replicaBufferSoft = 64.0 * 1024 * 1024
    package var replicaBufferSoftSeconds = 60.0
    package var hashListpackEntries = 512.0
    package var hashListpackValue = 64.0
    package var zsetListpackEntries = 128.0
    package var zsetListpackValue = 64.0
    /// `save`: empty where no snapshots are taken.
    package var savePoints = [
        SavePoint(seconds: 3600, changes: 1), SavePoint(seconds: 300, changes: 100),
        SavePoint(seconds: 60, changes: 10_000),
    ]

    package init() {}
}

/// A snapshot is due once that many changes and that many seconds have come about since the last one.
package struct SavePoint: Sendable, Equatable {
    package var seconds: Double
    package var changes: Double

    package init(seconds: Double, changes: Double) {
        self.seconds = seconds
        self.changes = changes
    }

    /// Seconds between two snapshots for its sake; nil without writes.
    package func period(writes: Double) -> Double? { writes > 0 ? max(seconds, changes / writes) : nil }
}
