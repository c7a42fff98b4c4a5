/// Which zones have lost so many nodes that evictions slow down or stop (v1.17 pkg/controller/nodelifecycle,
/// ComputeZoneState and handleDisruption).
package struct NodeDisruption: Sendable, Equatable {
    package enum State: String, Sendable {
        case normal = "Normal"
        /// More than two nodes, and at least 55 % of the zone, are not ready.
        case partial = "PartialDisruption"
        /// No node of the zone is ready.
        case full = "FullDisruption"
    }

    package struct ZoneState: Sendable, Equatable {
        package var region: String
        package var zone: String
        package var ready: Int
        package var notReady: Int
        package var state: State
        /// Nodes whose pods may begin to be evicted, per second.
        package var evictionsPerSecond: Double
    }

    /// Zones in order of first sight; nodes without zone labels share one zone of empty names.
    package private(set) var zones: [ZoneState] = []
    /// True where every zone is fully disrupted: NoExecute taints are taken off and nothing is evicted until a node is
    /// ready again, when all timers start anew.
    package var evictionsStopped: Bool { zones.allSatisfy { $0.state == .full } }

    package static let unhealthyThreshold = 0.55
    package static let evictionsPerSecond = 0.1
    /// In a partly disrupted zone of more than 50 nodes; 0 in a smaller one.
    package static let secondaryEvictionsPerSecond = 0.01
    package static let largeZone = 50

    package init(nodes: [KubernetesNode], version: KubernetesVersion) {
        for node in nodes where !Self.isExcluded(node, version: version) {
            let key = Zone.key(of: node)
            let region = key?.region ?? ""
            let zone = key?.zone ?? ""
            let index = zones.firstIndex { $0.region == region && $0.zone == zone } ?? zones.count
            if index == zones.count {
                zones.append(
                    ZoneState(region: region, zone: zone, ready: 0, notReady: 0, state: .normal, evictionsPerSecond: 0))
            }
            if node.ready { zones[index].ready += 1 } else { zones[index].notReady += 1 }
        }
        for index in zones.indices {
            zones[index].state = Self.state(ready: zones[index].ready, notReady: zones[index].notReady)
        }
        let stopped = evictionsStopped
        for index in zones.indices { zones[index].evictionsPerSecond = stopped ? 0 : Self.rate(of: zones[index]) }
    }

    package static func state(ready: Int, notReady: Int) -> State {
        if ready == 0 && notReady > 0 { return .full }
        let share = Double(notReady) / Double(max(ready + notReady, 1))
        return notReady > 2 && share >= unhealthyThreshold ? .partial : .normal
    }

    private static func rate(of zone: ZoneState) -> Double {
        switch zone.state {
        // A zone that is wholly lost while others live is evicted at the full rate.
        case .normal, .full: evictionsPerSecond
        case .partial: zone.ready + zone.notReady > largeZone ? secondaryEvictionsPerSecond : 0
        }
    }

    /// Whether the node is left out of the count.
    ///
    /// v1.17 goes by the *name*: one that ends in `master`, or in `master-` and three more characters, is left out
    /// (LegacyNodeRoleBehavior). Later releases go by a label alone, so a control-plane node counts.
    package static func isExcluded(_ node: KubernetesNode, version: KubernetesVersion) -> Bool {
        switch version {
        case .v117:
            node.name.hasSuffix("master") || (node.name.count >= 10 && node.name.dropLast(3).hasSuffix("master-"))
        case .current: node.labels["node.kubernetes.io/exclude-disruption"] != nil
        }
    }
}
