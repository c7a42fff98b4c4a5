/// The cluster bus between servers at rest (cluster.c, clusterCron and clusterSendPing of 7.0.15).
package struct ClusterBus: Sendable, Equatable {
    package let nodes: Int
    /// Seconds.
    package let nodeTimeout: Double

    package init(nodes: Int, nodeTimeout: Double) {
        self.nodes = nodes
        self.nodeTimeout = nodeTimeout
    }

    static let header = 2256.0
    static let entry = 104.0

    /// A ping or pong: entries for a tenth of the nodes, at least 3, at most all but the two that talk.
    package var messageBytes: Double {
        let wanted = max(3, nodes / 10)
        return Self.header + Self.entry * Double(max(0, min(wanted, nodes - 2)))
    }

    /// Pings that a node sends in a second.
    ///
    /// Once a second the one of five drawn peers whose last pong is the oldest; and each peer whose pong is half the
    /// node timeout old. The former push back the latter, so that forced pings, at the most (N - 1)/(NT/2), make up
    /// what random ones leave of it; never fewer than the random ones, of which one in N^5 rounds finds nobody.
    package var pingsPerSecond: Double {
        guard nodes > 1 else { return 0 }
        let due = Double(nodes - 1) / (nodeTimeout / 2)
        return max(1, due)
    }

    /// Bytes a second that a node sends, and receives: its pings and its answers to those of others.
    package var bytesPerSecond: Double { 2 * pingsPerSecond * messageBytes }

    /// Messages that a node sends in a second, and reads.
    package var packetsPerSecond: Double { 2 * pingsPerSecond }
}
