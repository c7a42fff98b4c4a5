import DiscreteEvent
import RedisCluster
import SystemModel

/// What follows from how long the storage takes and what waits for it.
struct StorageFindings {
    let model: SystemModel
    let onNFS: Bool

    private var conf: RedisConf { model.conf }

    var all: [Finding] { nfs + tail + savePoints + nothingKept }

    private var nfs: [Finding] {
        guard onNFS else { return [] }
        if conf.appendOnly && conf.appendFsync == .always {
            return [
                Finding(
                    .problem, "redis.conf",
                    "appendfsync always on NFS: every write waits for a round trip and a commit on the main thread",
                    advice: "use appendfsync everysec, or a local disk")
            ]
        }
        if conf.appendOnly && conf.appendFsync == .everysec {
            return [
                Finding(
                    .warning, "redis.conf",
                    "appendonly on NFS: where an fsync hangs, the next write freezes the whole server after about "
                        + "two seconds, "
                        + "and it answers nobody until the storage is back",
                    advice: "keep the AOF on a local disk, or rehearse an NFS stall under load")
            ]
        }
        return [
            Finding(
                .note, "redis.conf", "nodes.conf is on NFS: every failover waits for its saves on the main thread",
                advice: "keep round trips far below the node timeout")
        ]
    }

    /// One save of nodes.conf with fsync, at the 99.9th percentile, against the node timeout. On NFS it costs up to
    /// three round trips and a commit (measured on 7.0.15); the open, write, fsync and close are summed as if all were
    /// slow at once, which is on the safe side.
    private var tail: [Finding] {
        let environment = model.environment
        let rare = 0.999
        let save =
            onNFS
            ? 3 * environment.nfs.rtt.quantile(rare) + environment.nfs.commit.quantile(rare)
                + 3 * environment.nfs.service.quantile(rare)
            : environment.disk.save.quantile(rare) + environment.disk.sync.quantile(rare)
        let timeout = Double(conf.nodeTimeout) * 1e6
        let said =
            "a save of nodes.conf takes up to \(DurationText.text(ofNanoseconds: (save / 1e6).rounded() * 1e6)) "
            + "(99.9th percentile), and cluster-node-timeout is \(conf.nodeTimeout) ms"
        guard save > timeout / 2 else { return [] }
        if save > timeout {
            return [
                Finding(
                    .problem, "redis.conf",
                    "the node timeout is below the storage's tail: \(said): healthy nodes will be failed over",
                    advice: "raise cluster-node-timeout well above it, or use faster storage")
            ]
        }
        return [
            Finding(
                .warning, "redis.conf",
                "the storage's tail reaches half the node timeout: \(said); links are dropped at half of it",
                advice: "raise cluster-node-timeout, or use faster storage")
        ]
    }

    private var savePoints: [Finding] {
        guard conf.savePoints else { return [] }
        let also = conf.appendOnly ? " beside the AOF" : ""
        return [
            Finding(
                .note, "redis.conf",
                "save points are on\(also) (7.0's default): the server forks for snapshots, and SIGTERM writes a "
                    + "whole RDB before it exits",
                advice: "write save \"\" if the snapshots are not wanted")
        ]
    }

    private var nothingKept: [Finding] {
        guard !conf.appendOnly && !conf.savePoints else { return [] }
        return [
            Finding(
                .warning, "redis.conf",
                "nothing is persisted: a master that restarts before it is failed over comes back empty, and its "
                    + "replicas copy that",
                advice: "write appendonly yes, or keep save points")
        ]
    }
}
