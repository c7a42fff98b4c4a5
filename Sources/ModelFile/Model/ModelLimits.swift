import SystemModel

/// The largest systems that are read. Nothing real is larger, and costs grow with the square of a cluster.
enum ModelLimits {
    /// Processes of one cluster: Redis' own documentation recommends no more than 1,000 nodes.
    static let processes = 1000
    /// Kubernetes supports clusters of no more than 5,000 nodes (kubernetes.io, "Considerations for large clusters").
    static let machines = 5000

    /// False, with an error logged, where the cluster is too large.
    static func admit(_ shape: ClusterShape, at place: Place, _ log: DiagnosticLog) -> Bool {
        if shape.nodes <= processes { return true }
        log.error(
            at: place, "\(shape.spoken), \(shape.nodes) nodes",
            "Redis Cluster is made for \(processes) nodes at most", instead: "write fewer masters or replicas")
        return false
    }

    /// False, with an error logged, where there are too many machines of a kind (`hosts`, `Nodes`).
    static func admit(_ count: Int, _ noun: String, at place: Place, _ log: DiagnosticLog) -> Bool {
        if count <= machines { return true }
        log.error(
            at: place, "\(count) \(noun)", "at most \(machines) are modelled",
            instead: "keep those on which Redis may run")
        return false
    }
}
