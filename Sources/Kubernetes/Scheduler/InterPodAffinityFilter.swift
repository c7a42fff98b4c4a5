/// Required pod affinity and anti-affinity, both ways: the incoming pod's terms against the residents, and the
/// residents' anti-affinity terms against the incoming pod.
///
/// v1.17: predicates.go (satisfiesExistingPodsAntiAffinity, satisfiesPodsAffinityAntiAffinity) and metadata.go;
/// current: interpodaffinity/filtering.go.
struct InterPodAffinityFilter {
    private let pod: Pod
    private let version: KubernetesVersion
    private let hasTerms: Bool
    /// Topologies that hold a pod matching all of the incoming pod's required affinity terms, for each term.
    private var affinity: [Topology] = []
    /// Topologies that the incoming pod must avoid because of its own terms.
    private var repelled: [Topology] = []
    /// Topologies from which residents keep the incoming pod away.
    private var repelling: [Topology] = []

    private struct Topology: Equatable {
        let key: String
        let value: String

        func contains(_ node: KubernetesNode) -> Bool { node.labels[key] == value }
    }

    init(pod: Pod, snapshot: ClusterSnapshot, version: KubernetesVersion) {
        self.pod = pod
        self.version = version
        let wanted = pod.spec.affinity.pod.required
        let unwanted = pod.spec.affinity.podAnti.required
        hasTerms = !wanted.isEmpty
        for node in snapshot.nodes {
            for resident in node.pods {
                // A resident counts for affinity only where it matches every term.
                if !wanted.isEmpty, wanted.allSatisfy({ $0.matches(resident, ofOwnerIn: pod.namespace) }) {
                    for term in wanted { Self.add(term, node, to: &affinity) }
                }
                for term in unwanted where term.matches(resident, ofOwnerIn: pod.namespace) {
                    Self.add(term, node, to: &repelled)
                }
                for term in resident.spec.affinity.podAnti.required
                where term.matches(pod, ofOwnerIn: resident.namespace) {
                    Self.add(term, node, to: &repelling)
                }
            }
        }
    }

    private static func add(_ term: PodAffinityTerm, _ node: NodeSnapshot, to topologies: inout [Topology]) {
        guard let value = node.node.labels[term.topologyKey] else { return }
        let topology = Topology(key: term.topologyKey, value: value)
        if !topologies.contains(topology) { topologies.append(topology) }
    }

    func reasons(on node: NodeSnapshot) -> [String] {
        let near = isNearWanted(node.node)
        let far = !repelled.contains { $0.contains(node.node) }
        let welcome = !repelling.contains { $0.contains(node.node) }
        switch version {
        case .v117:
            // One reason a node: residents' terms are looked at first, and a failed affinity rule, which no eviction
            // can mend, is named before the general reason.
            if !welcome { return ["node(s) didn't match pod affinity/anti-affinity"] }
            if !near { return ["node(s) didn't match pod affinity rules"] }
            return far ? [] : ["node(s) didn't match pod affinity/anti-affinity"]
        case .current:
            if !near { return ["node(s) didn't match pod affinity rules"] }
            if !far { return ["node(s) didn't match pod anti-affinity rules"] }
            return welcome ? [] : ["node(s) didn't satisfy existing pods anti-affinity rules"]
        }
    }

    private func isNearWanted(_ node: KubernetesNode) -> Bool {
        guard hasTerms else { return true }
        let terms = pod.spec.affinity.pod.required
        let hasKeys = terms.allSatisfy { node.labels[$0.topologyKey] != nil }
        let matches = terms.allSatisfy { term in
            guard let value = node.labels[term.topologyKey] else { return false }
            return affinity.contains(Topology(key: term.topologyKey, value: value))
        }
        if matches { return true }
        // The first of a series that wants to be near itself may go anywhere; current releases ask for the labels even
        // so.
        let isFirst = affinity.isEmpty && terms.allSatisfy { $0.matches(pod, ofOwnerIn: pod.namespace) }
        return isFirst && (hasKeys || version == .v117)
    }
}
