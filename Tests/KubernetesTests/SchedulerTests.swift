import Kubernetes
import Randomness
import Testing

@Suite("Scheduler")
struct SchedulerTests {
    @Test("picks uniformly among the tied")
    func tie() {
        var objects = ClusterObjects(nodes: ["a", "b", "c"].map { ReferenceCluster.node($0) })
        objects.nodes[1].unschedulable = true
        objects.nodes.append(ReferenceCluster.node("d"))
        let scheduler = Scheduler(version: .current)
        let decision = scheduler.evaluate(pod: Pod(name: "p"), in: objects)
        #expect(decision.tied == ["a", "c", "d"])
        var random = RandomStream(key: 41)
        var counts: [String: Int] = [:]
        for _ in 0..<6000 { counts[scheduler.choose(decision, random: &random) ?? "", default: 0] += 1 }
        #expect(counts.count == 3)
        for node in decision.tied { #expect(abs((counts[node] ?? 0) - 2000) < 185, "key 41: \(counts)") }
    }

    @Test(
        "says why a node is out, in the version's words",
        arguments: [
            (.v117, "node(s) were unschedulable", "Insufficient cpu", "node(s) didn't match node selector"),
            (
                .current, "node(s) were unschedulable", "Insufficient cpu",
                "node(s) didn't match Pod's node affinity/selector"
            ),
        ] as [(KubernetesVersion, String, String, String)])
    func reasons(version: KubernetesVersion, cordon: String, resources: String, selector: String) {
        var objects = ClusterObjects(nodes: ["a", "b", "c"].map { ReferenceCluster.node($0) })
        objects.nodes[0].unschedulable = true
        objects.nodes[1].allocatable.cpuMilli = 50
        objects.nodes[0].labels["disk"] = "fast"
        objects.nodes[1].labels["disk"] = "fast"
        var pod = Pod(name: "p")
        pod.spec.nodeSelector = ["disk": "fast"]
        pod.spec.containers = [Container(requests: ContainerResources(cpuMilli: 100))]
        let decision = Scheduler(version: version).evaluate(pod: pod, in: objects)
        #expect(decision.nodes.map(\.reasons) == [[cordon], [resources], [selector]])
        #expect(decision.tied.isEmpty)
        let parts = ["1 \(resources)", "1 \(cordon)", "1 \(selector)"].sorted().joined(separator: ", ")
        #expect(decision.unschedulableReason == "0/3 nodes are available: \(parts).")
    }

    @Test("a taint that keeps pods away is named in the current release")
    func taint() {
        let node = ReferenceCluster.node("a", taints: [Taint(key: "k", value: "v", effect: .noExecute)])
        let objects = ClusterObjects(nodes: [node])
        var pod = Pod(name: "p")
        let refused = Scheduler(version: .current).evaluate(pod: pod, in: objects)
        #expect(refused.nodes[0].reasons == ["node(s) had untolerated taint {k: v}"])
        pod.spec.tolerations = [Toleration(key: "k", operator: .exists)]
        #expect(Scheduler(version: .current).evaluate(pod: pod, in: objects).tied == ["a"])
    }

    @Test("every insufficient resource is named by the current release, the first by v1.17")
    func resources() {
        var node = ReferenceCluster.node("a")
        node.allocatablePods = 0
        var pod = Pod(name: "p")
        pod.spec.containers = [Container(requests: ContainerResources(cpuMilli: 5000, memoryBytes: 1 << 40))]
        let objects = ClusterObjects(nodes: [node])
        let now = Scheduler(version: .current).evaluate(pod: pod, in: objects)
        #expect(now.nodes[0].reasons == ["Too many pods", "Insufficient cpu", "Insufficient memory"])
        #expect(Scheduler(version: .v117).evaluate(pod: pod, in: objects).nodes[0].reasons == ["Insufficient pods"])
    }

    @Test("a resident's required anti-affinity keeps the incoming pod away", arguments: KubernetesVersion.allCases)
    func symmetry(version: KubernetesVersion) {
        var resident = Pod(name: "r", nodeName: "a")
        resident.spec.affinity.podAnti.required = [ReferenceCluster.term]
        let objects = ClusterObjects(nodes: [ReferenceCluster.node("a"), ReferenceCluster.node("b")], pods: [resident])
        let decision = Scheduler(version: version).evaluate(pod: Pod(name: "p", labels: ["app": "redis"]), in: objects)
        #expect(decision.tied == ["b"])
        #expect(!decision.decidedByScore)
    }

    @Test("host ports collide on one node", arguments: KubernetesVersion.allCases)
    func hostPorts(version: KubernetesVersion) {
        let spec = PodSpec(containers: [Container(ports: [ContainerPort(containerPort: 6379, hostPort: 6379)])])
        let resident = Pod(name: "r", nodeName: "a", spec: spec)
        let objects = ClusterObjects(nodes: [ReferenceCluster.node("a"), ReferenceCluster.node("b")], pods: [resident])
        #expect(Scheduler(version: version).evaluate(pod: Pod(name: "p", spec: spec), in: objects).tied == ["b"])
    }

    @Test("a missing claim ends the cycle")
    func missingClaim() {
        var pod = Pod(name: "p")
        pod.spec.volumes = [PodVolume(name: "data", source: .claim("gone"))]
        let objects = ClusterObjects(nodes: [ReferenceCluster.node("a")])
        let before = Scheduler(version: .v117).evaluate(pod: pod, in: objects)
        #expect(before.unschedulableReason == "persistentvolumeclaim \"gone\" not found")
        let now = Scheduler(version: .current).evaluate(pod: pod, in: objects)
        #expect(now.unschedulableReason == "0/1 nodes are available: persistentvolumeclaim \"gone\" not found.")
    }

    @Test("an image on one of two nodes draws the pod there")
    func imageLocality() {
        var objects = ClusterObjects(nodes: [ReferenceCluster.node("a"), ReferenceCluster.node("b")])
        objects.nodes[1].images = [NodeImage(names: ["redis:latest"], sizeBytes: 500 << 20)]
        var pod = Pod(name: "p")
        pod.spec.containers = [Container(image: "redis")]
        let decision = Scheduler(version: .v117).evaluate(pod: pod, in: objects)
        // 500 MiB on half of the nodes: 250, of which 23 are below the threshold, of 977.
        #expect(decision.nodes.map { $0.score("ImageLocality") } == [0, 23])
        objects.nodes[1].images[0].names = ["docker.io/library/redis:latest"]
        let unmatched = Scheduler(version: .v117).evaluate(pod: pod, in: objects)
        #expect(unmatched.nodes.map { $0.score("ImageLocality") } == [0, 0])
    }

    @Test("without nodes nothing is available")
    func empty() {
        let decision = Scheduler(version: .v117).evaluate(pod: Pod(name: "p"), in: ClusterObjects())
        #expect(decision.unschedulableReason == "no nodes available to schedule pods")
    }
}
