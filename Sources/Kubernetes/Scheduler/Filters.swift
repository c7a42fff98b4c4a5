/// The default filters of one cycle, in upstream's order.
///
/// v1.17 orders them by predicates.Ordering and reports one reason a node; the current release orders them as its
/// default plugins and reports every reason of the first filter that fails.
struct Filters {
    let pod: Pod
    let version: KubernetesVersion
    private let snapshot: ClusterSnapshot
    private let request: Resources
    private let affinity: InterPodAffinityFilter
    private let spread: TopologySpreadFilter?

    init(pod: Pod, snapshot: ClusterSnapshot, version: KubernetesVersion) {
        self.pod = pod
        self.version = version
        self.snapshot = snapshot
        request = PodRequests.written(pod.spec, withInit: true)
        affinity = InterPodAffinityFilter(pod: pod, snapshot: snapshot, version: version)
        // The gate EvenPodsSpread is alpha and off in v1.17: the field has no effect there.
        spread = version == .v117 ? nil : TopologySpreadFilter(pod: pod, snapshot: snapshot)
    }

    func verdicts(on node: NodeSnapshot) -> [FilterVerdict] {
        switch version {
        case .v117:
            [
                FilterVerdict(name: "NodeUnschedulable", reasons: unschedulable(node)),
                FilterVerdict(name: "NodeResourcesFit", reasons: Array(insufficient(node).prefix(1))),
                FilterVerdict(name: "NodePorts", reasons: ports(node)),
                FilterVerdict(name: "NodeAffinity", reasons: nodeAffinity(node)),
                FilterVerdict(name: "TaintToleration", reasons: taints(node)),
                FilterVerdict(name: "VolumeBinding", reasons: volumes(node)),
                FilterVerdict(name: "InterPodAffinity", reasons: affinity.reasons(on: node)),
            ]
        case .current:
            [
                FilterVerdict(name: "NodeUnschedulable", reasons: unschedulable(node)),
                FilterVerdict(name: "TaintToleration", reasons: taints(node)),
                FilterVerdict(name: "NodeAffinity", reasons: nodeAffinity(node)),
                FilterVerdict(name: "NodePorts", reasons: ports(node)),
                FilterVerdict(name: "NodeResourcesFit", reasons: insufficient(node)),
                FilterVerdict(name: "VolumeBinding", reasons: volumes(node)),
                FilterVerdict(name: "PodTopologySpread", reasons: spread?.reasons(on: node) ?? []),
                FilterVerdict(name: "InterPodAffinity", reasons: affinity.reasons(on: node)),
            ]
        }
    }

    private func unschedulable(_ node: NodeSnapshot) -> [String] {
        let cordon = Taint(key: "node.kubernetes.io/unschedulable", effect: .noSchedule)
        guard node.node.unschedulable, !pod.spec.tolerations.contains(where: { $0.tolerates(cordon) }) else {
            return []
        }
        return ["node(s) were unschedulable"]
    }

    private func insufficient(_ node: NodeSnapshot) -> [String] {
        var reasons: [String] = []
        if node.pods.count + 1 > node.node.allocatablePods {
            reasons.append(version == .v117 ? "Insufficient pods" : "Too many pods")
        }
        if request == Resources() { return reasons }
        let free = Resources(
            cpuMilli: node.node.allocatable.cpuMilli &- node.requested.cpuMilli,
            memoryBytes: node.node.allocatable.memoryBytes &- node.requested.memoryBytes)
        if exceeds(request.cpuMilli, free.cpuMilli) { reasons.append("Insufficient cpu") }
        if exceeds(request.memoryBytes, free.memoryBytes) { reasons.append("Insufficient memory") }
        return reasons
    }

    /// v1.17 also rejects a node that is overcommitted in a resource of which the pod asks nothing.
    private func exceeds(_ request: Int, _ free: Int) -> Bool {
        request > free && (request > 0 || version == .v117)
    }

    private func ports(_ node: NodeSnapshot) -> [String] {
        let wanted = HostPort.all(of: pod.spec)
        let conflict =
            !wanted.isEmpty
            && node.pods.contains { existing in
                HostPort.all(of: existing.spec).contains { used in wanted.contains { $0.conflicts(with: used) } }
            }
        return conflict ? ["node(s) didn't have free ports for the requested pod ports"] : []
    }

    private func nodeAffinity(_ node: NodeSnapshot) -> [String] {
        if RequiredNodeAffinity.admits(node.node, pod.spec) { return [] }
        switch version {
        case .v117: return ["node(s) didn't match node selector"]
        case .current: return ["node(s) didn't match Pod's node affinity/selector"]
        }
    }

    private func taints(_ node: NodeSnapshot) -> [String] {
        guard let taint = Taints.firstUntolerated(of: node.node, by: pod.spec) else { return [] }
        switch version {
        case .v117: return ["node(s) had taints that the pod didn't tolerate"]
        case .current: return ["node(s) had untolerated taint {\(taint.key): \(taint.value)}"]
        }
    }

    private func volumes(_ node: NodeSnapshot) -> [String] {
        VolumeFilter.reasons(of: pod, on: node.node, in: snapshot.objects, version: version)
    }
}

/// A port of the node that a container takes for itself.
struct HostPort {
    let address: String
    let number: Int
    let `protocol`: String

    static func all(of spec: PodSpec) -> [HostPort] {
        spec.containers.flatMap(\.ports).compactMap { port in
            let hostPort = port.hostPort ?? (spec.hostNetwork ? port.containerPort : nil)
            guard let hostPort, hostPort > 0 else { return nil }
            return HostPort(address: port.hostIP, number: hostPort, protocol: port.protocol)
        }
    }

    /// The wildcard address collides with every address.
    func conflicts(with other: HostPort) -> Bool {
        let sameAddress = address == other.address || address == "0.0.0.0" || other.address == "0.0.0.0"
        return sameAddress && number == other.number && `protocol` == other.protocol
    }
}

/// `nodeSelector` and required node affinity: both must admit the node.
enum RequiredNodeAffinity {
    static func admits(_ node: KubernetesNode, _ spec: PodSpec) -> Bool {
        guard LabelSelector(matchLabels: spec.nodeSelector).matches(node.labels) else { return false }
        guard let terms = spec.affinity.node.required else { return true }
        return terms.contains { $0.matches(node) }
    }
}

enum Taints {
    /// The first taint that keeps new pods away (NoSchedule or NoExecute) and that the pod does not tolerate.
    static func firstUntolerated(of node: KubernetesNode, by spec: PodSpec) -> Taint? {
        node.taints.first { taint in
            taint.effect != .preferNoSchedule && !spec.tolerations.contains { $0.tolerates(taint) }
        }
    }
}
