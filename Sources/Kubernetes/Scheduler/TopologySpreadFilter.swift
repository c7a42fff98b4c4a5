/// The hard topology spread constraints of the current release (podtopologyspread/filtering.go).
///
/// The nodes that count as domains are those that the pod's node affinity admits; taints are ignored unless the
/// constraint says `nodeTaintsPolicy: Honor`. A tainted control-plane node is therefore an empty domain that holds the
/// minimum at 0.
struct TopologySpreadFilter {
    private let pod: Pod
    private let constraints: [SpreadConstraint]
    /// For each constraint the matching pods by domain, in order of first sight.
    private var domains: [[(value: String, count: Int)]] = []

    init(pod: Pod, snapshot: ClusterSnapshot) {
        self.pod = pod
        constraints = SpreadConstraint.explicit(of: pod, .doNotSchedule)
        domains = constraints.map { _ in [] }
        for node in snapshot.nodes where constraints.allSatisfy({ node.node.labels[$0.topologyKey] != nil }) {
            for (index, constraint) in constraints.enumerated() where constraint.counts(node.node, for: pod) {
                let value = node.node.labels[constraint.topologyKey] ?? ""
                let count = constraint.matching(in: node, namespace: pod.namespace)
                if let known = domains[index].firstIndex(where: { $0.value == value }) {
                    domains[index][known].count += count
                } else {
                    domains[index].append((value: value, count: count))
                }
            }
        }
    }

    func reasons(on node: NodeSnapshot) -> [String] {
        let mismatch = "node(s) didn't match pod topology spread constraints"
        for (index, constraint) in constraints.enumerated() {
            guard let value = node.node.labels[constraint.topologyKey] else {
                return [mismatch + " (missing required label)"]
            }
            let known = domains[index]
            // Without any domain upstream's minimum stays at its initial 2^31 − 1, which no count exceeds.
            let smallest = known.map(\.count).min() ?? Int(Int32.max)
            let least = known.count < constraint.minDomains ? 0 : smallest
            let here = known.first { $0.value == value }?.count ?? 0
            let itself = constraint.selector?.matches(pod.labels) == true ? 1 : 0
            if here + itself - least > constraint.maxSkew { return [mismatch] }
        }
        return []
    }
}

/// A spread constraint ready to count with.
struct SpreadConstraint {
    let maxSkew: Int
    let topologyKey: String
    let minDomains: Int
    /// Nil matches no pod.
    let selector: LabelSelector?
    let honorsAffinity: Bool
    let honorsTaints: Bool

    /// The pod's own constraints of one kind. Labels named by `matchLabelKeys` join the selector with the pod's values.
    static func explicit(of pod: Pod, _ action: TopologySpreadConstraint.WhenUnsatisfiable) -> [SpreadConstraint] {
        pod.spec.topologySpreadConstraints.filter { $0.whenUnsatisfiable == action }.map { constraint in
            var selector = constraint.labelSelector
            for key in constraint.matchLabelKeys {
                guard let value = pod.labels[key] else { continue }
                selector?.matchExpressions.append(LabelRequirement(key: key, operator: .isIn, values: [value]))
            }
            return SpreadConstraint(
                maxSkew: constraint.maxSkew, topologyKey: constraint.topologyKey, minDomains: constraint.minDomains,
                selector: selector, honorsAffinity: constraint.nodeAffinityPolicy == .honor,
                honorsTaints: constraint.nodeTaintsPolicy == .honor)
        }
    }

    /// Whether the node belongs to the domains at all.
    func counts(_ node: KubernetesNode, for pod: Pod) -> Bool {
        if honorsAffinity && !RequiredNodeAffinity.admits(node, pod.spec) { return false }
        return !(honorsTaints && Taints.firstUntolerated(of: node, by: pod.spec) != nil)
    }

    /// Pods on the node that match, in the namespace; terminating ones count no more, an empty selector counts nothing.
    func matching(in node: NodeSnapshot, namespace: String) -> Int {
        guard let selector, !selector.isEmpty else { return 0 }
        return node.pods.count { !$0.isTerminating && $0.namespace == namespace && selector.matches($0.labels) }
    }
}
