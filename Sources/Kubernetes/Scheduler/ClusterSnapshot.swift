/// A node with the pods that are assigned to it: upstream's NodeInfo.
struct NodeSnapshot {
    let node: KubernetesNode
    let pods: [Pod]
    /// Σ requests as written; an omitted request counts nothing.
    let requested: Resources
    /// Σ requests with upstream's defaults for omitted ones.
    let nonZeroRequested: Resources

    var name: String { node.name }
}

/// What one scheduling cycle sees.
struct ClusterSnapshot {
    let objects: ClusterObjects
    /// In the order of the objects' nodes.
    let nodes: [NodeSnapshot]

    /// Finished pods hold nothing: the scheduler's informers leave them out.
    init(objects: ClusterObjects, version: KubernetesVersion) {
        self.objects = objects
        nodes = objects.nodes.map { node in
            let pods = objects.pods.filter { $0.nodeName == node.name && !$0.isFinished }
            var requested = Resources()
            var nonZero = Resources()
            for pod in pods {
                // v1.17 sums the containers of pods in place; later releases include init containers there too.
                requested.add(PodRequests.written(pod.spec, withInit: version != .v117))
                nonZero.add(PodRequests.nonZero(pod.spec, withInit: version != .v117))
            }
            return NodeSnapshot(node: node, pods: pods, requested: requested, nonZeroRequested: nonZero)
        }
    }
}

/// How much a pod requests.
enum PodRequests {
    /// A container that omits a request counts this much in scores (pkg/scheduler/util, DefaultMilliCPURequest and
    /// DefaultMemoryRequest: 200 × 2^20 bytes).
    static let defaults = Resources(cpuMilli: 100, memoryBytes: 200 << 20)

    static func written(_ spec: PodSpec, withInit: Bool) -> Resources {
        total(spec, omitted: Resources(), withInit: withInit)
    }

    static func nonZero(_ spec: PodSpec, withInit: Bool) -> Resources {
        total(spec, omitted: defaults, withInit: withInit)
    }

    /// The sum over containers, or the largest init container where that is more: those run alone, before.
    private static func total(_ spec: PodSpec, omitted: Resources, withInit: Bool) -> Resources {
        var sum = Resources()
        for container in spec.containers { sum.add(request(of: container, omitted: omitted)) }
        guard withInit else { return sum }
        for container in spec.initContainers {
            let request = request(of: container, omitted: omitted)
            sum.cpuMilli = max(sum.cpuMilli, request.cpuMilli)
            sum.memoryBytes = max(sum.memoryBytes, request.memoryBytes)
        }
        return sum
    }

    /// A request that is omitted takes the limit's value (API defaulting), then `omitted`.
    private static func request(of container: Container, omitted: Resources) -> Resources {
        Resources(
            cpuMilli: container.requests.cpuMilli ?? container.limits.cpuMilli ?? omitted.cpuMilli,
            memoryBytes: container.requests.memoryBytes ?? container.limits.memoryBytes ?? omitted.memoryBytes)
    }
}

extension Resources {
    /// Wraps around as upstream's int64 does; sums that large mean nothing either way, but must not trap.
    mutating func add(_ other: Resources) {
        cpuMilli &+= other.cpuMilli
        memoryBytes &+= other.memoryBytes
    }

    func adding(_ other: Resources) -> Resources {
        var sum = self
        sum.add(other)
        return sum
    }
}
