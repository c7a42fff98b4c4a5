package import RedisCluster
package import SystemModel

/// The files of one server, in bytes, and how they grow.
package struct FileUse: Sendable, Equatable {
    /// A snapshot of the dataset, and the AOF's base after a rewrite.
    package let snapshot: Double
    /// The AOF when its rewrite begins: its largest at rest; infinite where it is never rewritten.
    package let largestAppendOnly: Double
    /// The snapshot that lies beside it.
    package let kept: Double
    /// While the AOF is rewritten: old base and increments, new base, what is written meanwhile.
    package let rewritePeak: Double
    /// While a snapshot is written or, on a replica, received: the old one and the new.
    package let snapshotPeak: Double
    /// Bytes of the AOF a second.
    package let growth: Double
    /// 0 where nothing is rewritten.
    package let rewritesPerDay: Double
    package let snapshotsPerDay: Double
    /// Bytes a second to the storage on average, rewrites and snapshots counted in.
    package let written: Double

    package var peak: Double { max(rewritePeak, snapshotPeak) }

    /// - Parameters:
    ///   - stream: bytes of writes a second; writes: their number.
    ///   - receivesCopies: replicas get full copies as a file, and keep it.
    package init(
        snapshot: Double, stream: Double, writes: Double, conf: RedisConf, directives: SizingDirectives,
        childSeconds: Double, receivesCopies: Bool
    ) {
        let savePoints = directives.savePoints
        self.snapshot = snapshot
        growth = conf.appendOnly ? stream : 0
        if conf.appendOnly {
            largestAppendOnly =
                directives.rewritePercentage == 0
                ? .infinity : max(directives.rewriteMinimum, snapshot * (1 + directives.rewritePercentage / 100))
        } else {
            largestAppendOnly = 0
        }
        kept = savePoints.isEmpty && !receivesCopies ? 0 : snapshot
        rewritePeak = conf.appendOnly ? largestAppendOnly + snapshot + growth * childSeconds + kept : kept
        snapshotPeak = savePoints.isEmpty && !receivesCopies ? largestAppendOnly : largestAppendOnly + kept + snapshot
        let toRewrite = largestAppendOnly - snapshot
        rewritesPerDay = growth > 0 && toRewrite.isFinite && toRewrite > 0 ? growth * 86_400 / toRewrite : 0
        let period = savePoints.compactMap { $0.period(writes: writes) }.min().map { max($0, childSeconds) }
        snapshotsPerDay = period.map { 86_400 / $0 } ?? 0
        written = growth + (rewritesPerDay + snapshotsPerDay) * snapshot / 86_400
    }
}
