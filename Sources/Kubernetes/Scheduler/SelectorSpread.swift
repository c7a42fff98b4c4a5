/// v1.17's spreading of pods that the same Services and workloads select (priorities/selector_spreading.go and
/// metadata.go).
enum SelectorSpread {
    /// With zones, two thirds of the score are the zone's.
    private static let zoneShare = 2.0 / 3.0

    static func score(_ cycle: ScoringCycle) -> [Int] {
        let selectors = selectors(of: cycle.pod, in: cycle.snapshot.objects)
        let counts = cycle.feasible.map { matching($0, selectors, namespace: cycle.pod.namespace) }
        let largest = counts.max() ?? 0
        let zones = cycle.feasible.map { Zone.key(of: $0.node) }
        let zoneCounts = zones.map { zone in
            zone.map { key in zip(zones, counts).reduce(0) { $1.0 == key ? $0 + $1.1 : $0 } }
        }
        let largestZone = zoneCounts.compactMap(\.self).max() ?? 0
        return counts.indices.map { index in
            var score = share(of: counts[index], largest)
            if let zoneCount = zoneCounts[index] {
                score = score * (1 - zoneShare) + zoneShare * share(of: zoneCount, largestZone)
            }
            return ScorePlugin.truncated(score)
        }
    }

    /// 100·(largest − count)/largest; 100 where there is nothing to spread from.
    private static func share(of count: Int, _ largest: Int) -> Double {
        let maximum = Double(ScorePlugin.maximum)
        return largest > 0 ? maximum * (Double(largest - count) / Double(largest)) : maximum
    }

    /// Pods that match every selector; terminating ones count no more. Without any selector nothing counts.
    private static func matching(_ node: NodeSnapshot, _ selectors: [LabelSelector], namespace: String) -> Int {
        guard !selectors.isEmpty else { return 0 }
        return node.pods.count { pod in
            pod.namespace == namespace && !pod.isTerminating && selectors.allSatisfy { $0.matches(pod.labels) }
        }
    }

    /// The selectors of all Services, ReplicationControllers, ReplicaSets and StatefulSets that select the pod. Empty
    /// ones say nothing.
    private static func selectors(of pod: Pod, in objects: ClusterObjects) -> [LabelSelector] {
        var selectors = objects.services.filter { $0.selects(pod) }.map {
            LabelSelector(matchLabels: $0.selector ?? [:])
        }
        // Upstream looks workloads up by the pod's labels; a pod without labels has none.
        if !pod.labels.isEmpty {
            for workload in objects.otherWorkloads where workload.kind != .deployment {
                if workload.namespace == pod.namespace, workload.selector.matches(pod.labels) {
                    selectors.append(workload.selector)
                }
            }
            for set in objects.statefulSets where set.namespace == pod.namespace && set.selector.matches(pod.labels) {
                selectors.append(set.selector)
            }
        }
        return selectors.filter { !$0.isEmpty }
    }
}

/// Failure zones by node labels.
enum Zone {
    static let betaZone = "failure-domain.beta.kubernetes.io/zone"
    static let betaRegion = "failure-domain.beta.kubernetes.io/region"
    static let zone = "topology.kubernetes.io/zone"
    static let region = "topology.kubernetes.io/region"
    static let hostname = "kubernetes.io/hostname"

    struct Key: Equatable {
        let region: String
        let zone: String
    }

    /// The beta labels win over the stable ones, in both versions (pkg/util/node GetZoneKey); nil without either.
    static func key(of node: KubernetesNode) -> Key? {
        let zone = node.labels[betaZone] ?? node.labels[Self.zone] ?? ""
        let region = node.labels[betaRegion] ?? node.labels[Self.region] ?? ""
        return zone.isEmpty && region.isEmpty ? nil : Key(region: region, zone: zone)
    }
}
