import RedisCluster
import SystemModel

/// What follows from the cluster's shape and its configuration, wherever it runs.
struct ClusterFindings {
    let model: SystemModel

    private var conf: RedisConf { model.conf }
    private var shape: ClusterShape { model.shape }

    var all: [Finding] { size + failover + writes + coverage + timer }

    private var size: [Finding] {
        guard shape.masters < 3 else { return [] }
        return [
            Finding(
                .problem, "cluster",
                "\(shape.masters == 1 ? "one master" : "two masters"): without the one that fails there is no "
                    + "majority to "
                    + "promote a replica",
                advice: "have three masters at least")
        ]
    }

    private var failover: [Finding] {
        if shape.replicasPerMaster == 0 {
            return [
                Finding(
                    .problem, "cluster",
                    "no master has a replica: the slots of one that is lost are gone until it returns",
                    advice: "have a replica for each master")
            ]
        }
        guard conf.replicaNoFailover else { return [] }
        return [
            Finding(
                .problem, "redis.conf",
                "cluster-replica-no-failover yes: no replica ever stands for election by itself",
                advice: "write no, unless failovers are done by hand")
        ]
    }

    private var writes: [Finding] {
        let needed = conf.minReplicasToWrite
        guard needed > 0, conf.minReplicasMaxLagSeconds > 0 else { return [] }
        if needed > shape.replicasPerMaster {
            return [
                Finding(
                    .problem, "redis.conf",
                    "min-replicas-to-write \(needed) with \(shape.replicasPerMaster) replicas a master: every "
                        + "write is refused",
                    advice: "write \(shape.replicasPerMaster) or less")
            ]
        }
        guard needed == shape.replicasPerMaster else { return [] }
        return [
            Finding(
                .warning, "redis.conf",
                "min-replicas-to-write \(needed) leaves no replica to spare: after a failover the new master "
                    + "refuses writes until the "
                    + "old one is back and in sync",
                advice: "have more replicas, or accept the refusals")
        ]
    }

    private var coverage: [Finding] {
        guard conf.requireFullCoverage, shape.masters > 1 else { return [] }
        return [
            Finding(
                .note, "redis.conf",
                "cluster-require-full-coverage yes (the default): while one shard has no master, every node "
                    + "refuses commands on keys",
                advice: "write no where the other shards should go on serving")
        ]
    }

    private var timer: [Finding] {
        guard conf.hz < 10 else { return [] }
        return [
            Finding(
                .warning, "redis.conf",
                "hz \(conf.hz) runs the cluster's timer every \(1000 / max(conf.hz, 1)) ms instead of 100",
                advice: "leave hz at 10")
        ]
    }
}
