import SystemModel

extension Action {
    /// Whether it makes victims by itself, whom all stages are about.
    var hitsServers: Bool {
        switch self {
        case .deletePod, .kill, .terminate, .freeze, .crashNode, .cutNode, .loseVolume: true
        case .nfs(_, let target, _): target != .all
        case .partition, .link, .failover, .rollingRestart, .drain, .handOverBeforeStop, .create: false
        }
    }

    /// What the stages say where nobody is a victim.
    var meaningOfStages: String {
        switch self {
        case .create:
            "Nobody fails here: cluster_state is ok on all when the cluster is made, and what came back in sync are "
                + "the replicas, at their masters."
        case .rollingRestart, .drain, .handOverBeforeStop:
            "Each pod is the one that is hit while its turn lasts, and a survivor again once it serves. A stage is the "
                + "first of any turn; cluster_state ok, in sync and the last suspicion are those of the last one."
        case .failover:
            "Nobody fails here: the replica asks for votes because it was told to, and the old master follows it."
        case .nfs:
            "All servers are hit alike, so that nobody is left to accuse anybody; who is declared failed all the same "
                + "is counted above."
        default:
            "No server is hit: all of them run, and whoever is suspected or declared failed was only out of reach. The "
                + "stages are the first of any node's."
        }
    }
}
