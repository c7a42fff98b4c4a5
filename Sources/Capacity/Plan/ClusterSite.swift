import Kubernetes
import RedisCluster
package import SystemModel

/// Where the servers are, who has which role there, and what machines and pods may use.
package struct ClusterSite: Sendable {
    package struct Worker: Sendable, Equatable {
        package var name: String
        /// What pods may use, and what other pods have requested of it; nil where nobody says.
        package var memoryBytes: Double?
        package var cores: Double?
        package var requestedByOthers: Double
    }

    package struct Server: Sendable, Equatable {
        package var name: String
        package var shard: Int
        package var isMaster: Bool
        /// Index into `workers`; nil for a pod that no worker takes.
        package var worker: Int?
    }

    package let workers: [Worker]
    /// As the cluster was created.
    package let servers: [Server]
    /// Bytes and cores of a pod, where its manifest says.
    package let memoryRequest: Double?
    package let memoryLimit: Double?
    package let coreLimit: Double?
    package let onNFS: Bool
    /// The share of the slots of each shard.
    package let shardShares: [Double]

    package init(_ model: SystemModel) {
        let shape = model.shape
        let layout = model.standing.layout(shape)
        shardShares = (0..<shape.masters).map { master in
            Double(model.standing.part(ofMaster: master).map { layout.parts[$0].count } ?? 0) / 16_384
        }
        switch model.deployment {
        case .processes(let deployment):
            workers = deployment.hosts.map { Worker(name: $0, memoryBytes: nil, cores: nil, requestedByOthers: 0) }
            (memoryRequest, memoryLimit, coreLimit) = (nil, nil, nil)
            onNFS = deployment.storage == .nfs
            servers = (0..<shape.nodes).map { index in
                Server(
                    name: "process-\(index)", shard: shape.master(of: index) ?? index,
                    isMaster: shape.master(of: index) == nil, worker: deployment.placement[index])
            }
        case .kubernetes(let deployment):
            let set = deployment.statefulSet
            let places = Self.places(deployment)
            let nodes = deployment.objects.nodes.filter { node in
                places.contains(node.name) || !node.isControlPlane && !node.unschedulable
            }
            workers = nodes.map { Self.worker($0, deployment) }
            let resources = deployment.container
            memoryRequest = resources.requests.memoryBytes.map(Double.init)
            memoryLimit = resources.limits.memoryBytes.map(Double.init)
            coreLimit = resources.limits.cpuMilli.map { Double($0) / 1000 }
            onNFS = deployment.dataOnNFS
            servers = (0..<shape.nodes).map { index in
                Server(
                    name: set.podName(ordinal: index), shard: shape.master(of: index) ?? index,
                    isMaster: shape.master(of: index) == nil,
                    worker: places.indices.contains(index)
                        ? nodes.firstIndex { $0.name == places[index] } : nil)
            }
        }
    }

    /// The node of each pod: as the model pins it, else where the scheduler most likely puts it.
    private static func places(_ deployment: KubernetesDeployment) -> [String?] {
        if let placement = deployment.placement { return placement }
        let study = PlacementStudy(
            objects: deployment.objects, statefulSet: deployment.statefulSet, version: deployment.version)
        return study.distribution(trials: 1000, seed: 1).outcomes.first?.assignment.map(\.node) ?? []
    }

    private static func worker(_ node: KubernetesNode, _ deployment: KubernetesDeployment) -> Worker {
        let set = deployment.statefulSet
        let others = deployment.objects.pods.filter { pod in
            pod.nodeName == node.name && !pod.isFinished
                && !(pod.namespace == set.namespace && set.ordinal(ofPod: pod.name) != nil)
        }
        let requested = others.flatMap(\.spec.containers).reduce(0) { $0 + ($1.requests.memoryBytes ?? 0) }
        return Worker(
            name: node.name, memoryBytes: Double(node.allocatable.memoryBytes),
            cores: Double(node.allocatable.cpuMilli) / 1000, requestedByOthers: Double(requested))
    }

    /// The servers that are left without a worker, with the roles that failovers give them. With nobody lost, all.
    package func servers(without lost: Int?) -> [Server] {
        guard let lost else { return servers }
        var left = servers.filter { $0.worker != lost }
        var hasMaster = [Bool](repeating: false, count: shardShares.count)
        for server in left where server.isMaster { hasMaster[server.shard] = true }
        for index in left.indices where !hasMaster[left[index].shard] {
            left[index].isMaster = true
            hasMaster[left[index].shard] = true
        }
        return left
    }

    /// Shards that have no server left without a worker.
    package func shardsLost(without lost: Int) -> Int {
        var isLeft = [Bool](repeating: false, count: shardShares.count)
        for server in servers where server.worker != lost { isLeft[server.shard] = true }
        return isLeft.count { !$0 }
    }
}
