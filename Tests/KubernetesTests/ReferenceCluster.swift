import Kubernetes

/// The reference deployment as objects: a tainted master, two equal workers, six pods that would rather be apart.
enum ReferenceCluster {
    static func objects(workers: Int = 2, volumeBytes: Int = 200_000_000) -> ClusterObjects {
        var nodes = [
            node("master", taints: [Taint(key: "node-role.kubernetes.io/master", effect: .noSchedule)])
        ]
        for index in 0..<workers { nodes.append(node("node\(index + 1)")) }
        let services = [
            Service(name: "redis-access-service", selector: labels, kind: .nodePort),
            Service(name: "redis-service", selector: labels, isHeadless: true),
        ]
        let volumes = (1...6).map { index in
            PersistentVolume(
                name: "redis-nfs-pv\(index)", capacityBytes: volumeBytes, accessModes: [.readWriteMany],
                nfs: NFSExport(server: "192.168.56.101", path: "/root/data/redis_pv\(index)"))
        }
        return ClusterObjects(
            nodes: nodes, statefulSets: [statefulSet()], services: services, persistentVolumes: volumes)
    }

    static let labels: Labels = ["app": "redis", "appCluster": "redis-cluster"]

    static let term = PodAffinityTerm(
        labelSelector: LabelSelector(
            matchExpressions: [LabelRequirement(key: "app", operator: .isIn, values: ["redis"])]),
        topologyKey: "kubernetes.io/hostname")

    static func statefulSet(
        claimBytes: Int = 200_000_000, policy: PodManagementPolicy = .orderedReady,
        change: (inout PodSpec) -> Void = { _ in }
    ) -> StatefulSet {
        var spec = PodSpec(
            containers: [
                Container(
                    name: "redis", image: "redis",
                    requests: ContainerResources(cpuMilli: 100, memoryBytes: 100 << 20))
            ],
            volumes: [PodVolume(name: "redis-conf", source: .configMap("redis-conf"))], terminationGraceSeconds: 20)
        spec.affinity.podAnti.preferred = [WeightedPodAffinityTerm(weight: 100, term: term)]
        change(&spec)
        return StatefulSet(
            name: "redis-app", replicas: 6, selector: LabelSelector(matchLabels: ["app": "redis"]),
            serviceName: "redis-service", podManagementPolicy: policy,
            template: PodTemplate(labels: labels, spec: spec),
            volumeClaimTemplates: [
                PersistentVolumeClaim(name: "redis-data", requestBytes: claimBytes, accessModes: [.readWriteMany])
            ])
    }

    static func node(_ name: String, taints: [Taint] = []) -> KubernetesNode {
        KubernetesNode(
            name: name, labels: ["kubernetes.io/hostname": name], taints: taints,
            allocatable: Resources(cpuMilli: 2000, memoryBytes: 4096 << 20))
    }

    static func study(_ version: KubernetesVersion, _ set: StatefulSet = statefulSet()) -> PlacementStudy {
        var objects = objects()
        objects.statefulSets = [set]
        return PlacementStudy(objects: objects, statefulSet: set, version: version)
    }

    /// What was observed: 0, 3 and 5 on node1; 1, 2 and 4 on node2.
    static let observed: [Placement] = ["node1", "node2", "node2", "node1", "node2", "node1"].map { .node($0) }
}
