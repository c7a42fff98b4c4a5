import Kubernetes
import Randomness
import Testing

@Suite("Scheduler under random objects")
struct SchedulerPropertyTests {
    @Test("never crashes; what it chooses is feasible and on top", arguments: KubernetesVersion.allCases)
    func properties(version: KubernetesVersion) {
        for key in UInt64(0)..<400 {
            var dice = ObjectDice(random: RandomStream(key: key))
            let objects = dice.objects()
            let pod = dice.pod(name: "incoming", bound: false)
            let decision = Scheduler(version: version).evaluate(pod: pod, in: objects, explainingAll: true)
            let feasible = decision.nodes.filter(\.feasible)
            #expect(decision.nodes.map(\.node) == objects.nodes.map(\.name), "key \(key)")
            #expect((decision.unschedulableReason == nil) == !feasible.isEmpty, "key \(key)")
            #expect(feasible.allSatisfy { $0.filters.allSatisfy(\.passes) }, "key \(key)")
            #expect(decision.nodes.allSatisfy { $0.feasible || !$0.reasons.isEmpty || feasible.isEmpty }, "key \(key)")
            for verdict in feasible {
                #expect(verdict.scores.allSatisfy { (0...100).contains($0.score) }, "key \(key): \(verdict)")
                #expect(verdict.total == verdict.scores.reduce(0) { $0 + $1.score * $1.weight }, "key \(key)")
            }
            var random = RandomStream(key: key)
            let chosen = Scheduler(version: version).choose(decision, random: &random)
            #expect((chosen == nil) == feasible.isEmpty, "key \(key)")
            if let chosen {
                let top = feasible.map(\.total).max()
                #expect(feasible.contains { $0.node == chosen && $0.total == top }, "key \(key)")
            }
        }
    }

    @Test("a study of random clusters is complete", arguments: KubernetesVersion.allCases)
    func studies(version: KubernetesVersion) {
        for key in UInt64(0)..<40 {
            var dice = ObjectDice(random: RandomStream(key: key))
            let objects = dice.objects()
            var set = ReferenceCluster.statefulSet(policy: key % 2 == 0 ? .orderedReady : .parallel)
            set.replicas = dice.random.below(4)
            set.template.spec = dice.pod(name: "", bound: false).spec
            let study = PlacementStudy(objects: objects, statefulSet: set, version: version)
            let distribution = study.distribution(trials: 20, seed: key, limit: 500)
            #expect(abs(distribution.probability { _ in true } - 1) < 1e-12, "key \(key)")
            #expect(distribution.outcomes.allSatisfy { $0.assignment.count == set.replicas }, "key \(key)")
        }
    }

    @Test("extreme numbers do not trap", arguments: KubernetesVersion.allCases)
    func extremes(version: KubernetesVersion) {
        for value in [Int.min, -1, 0, 1, Int.max] {
            var node = ReferenceCluster.node("a")
            node.allocatable = Resources(cpuMilli: value, memoryBytes: value)
            node.images = [NodeImage(names: ["i:latest"], sizeBytes: value)]
            var spec = ReferenceCluster.statefulSet().template.spec
            spec.containers = [
                Container(image: "i", requests: ContainerResources(cpuMilli: value, memoryBytes: value)),
                Container(image: "i", limits: ContainerResources(cpuMilli: value, memoryBytes: value)),
            ]
            spec.affinity.podAnti.preferred[0].weight = value
            spec.affinity.node.preferred = [
                PreferredNodeTerm(
                    weight: value,
                    term: NodeSelectorTerm(matchExpressions: [
                        LabelRequirement(key: "kubernetes.io/hostname", operator: .exists)
                    ]))
            ]
            spec.topologySpreadConstraints = [.doNotSchedule, .scheduleAnyway].map {
                TopologySpreadConstraint(
                    maxSkew: value, topologyKey: "kubernetes.io/hostname", whenUnsatisfiable: $0,
                    labelSelector: LabelSelector(matchLabels: ["app": "redis"]), minDomains: value)
            }
            let resident = Pod(name: "r", labels: ["app": "redis"], nodeName: "a", spec: spec)
            let objects = ClusterObjects(nodes: [node, ReferenceCluster.node("b")], pods: [resident, resident])
            let pod = Pod(name: "p", labels: ["app": "redis"], spec: spec)
            let decision = Scheduler(version: version).evaluate(pod: pod, in: objects, explainingAll: true)
            #expect(decision.nodes.count == 2)
        }
    }
}

/// Draws objects from small vocabularies, so that names, labels and selectors meet often.
struct ObjectDice {
    var random: RandomStream

    private let keys = ["app", "zone", "kubernetes.io/hostname", "topology.kubernetes.io/zone"]
    private let values = ["a", "b", "c"]

    private mutating func pick<T>(_ items: [T]) -> T { items[random.below(items.count)] }

    private mutating func some<T>(_ most: Int, _ make: (inout ObjectDice) -> T) -> [T] {
        var made: [T] = []
        for _ in 0..<random.below(most + 1) { made.append(make(&self)) }
        return made
    }

    mutating func labels() -> Labels {
        Labels(some(4) { (key: $0.pick($0.keys), value: $0.pick($0.values)) })
    }

    mutating func requirement() -> LabelRequirement {
        LabelRequirement(
            key: pick(keys), operator: pick(LabelRequirement.Operator.allCases), values: some(2) { $0.pick($0.values) })
    }

    mutating func selector() -> LabelSelector {
        LabelSelector(matchLabels: labels(), matchExpressions: some(1) { $0.requirement() })
    }

    mutating func term() -> PodAffinityTerm {
        PodAffinityTerm(labelSelector: selector(), topologyKey: pick(keys))
    }

    mutating func affinity() -> PodAffinity {
        PodAffinity(
            required: some(random.chance(0.2) ? 1 : 0) { $0.term() },
            preferred: some(2) { WeightedPodAffinityTerm(weight: 1 + $0.random.below(100), term: $0.term()) })
    }

    mutating func pod(name: String, bound: Bool) -> Pod {
        var spec = PodSpec(
            containers: some(2) { dice in
                Container(
                    image: dice.pick(["redis", "redis:7", "host:5000/x"]),
                    requests: ContainerResources(cpuMilli: dice.random.below(800), memoryBytes: dice.random.below(900)))
            })
        spec.affinity.pod = affinity()
        spec.affinity.podAnti = affinity()
        spec.affinity.node.preferred = some(2) { dice in
            PreferredNodeTerm(
                weight: 1 + dice.random.below(100),
                term: NodeSelectorTerm(matchExpressions: dice.some(2) { $0.requirement() }))
        }
        spec.tolerations = some(2) { Toleration(key: $0.pick($0.keys), operator: .exists) }
        spec.topologySpreadConstraints = some(2) { dice in
            TopologySpreadConstraint(
                maxSkew: 1 + dice.random.below(2), topologyKey: dice.pick(dice.keys),
                whenUnsatisfiable: dice.pick([.doNotSchedule, .scheduleAnyway]), labelSelector: dice.selector())
        }
        let node = bound ? pick(["n0", "n1", "n2", "n3", "gone"]) : nil
        return Pod(
            name: name, labels: labels(), nodeName: node, isTerminating: random.chance(0.1),
            phase: random.chance(0.1) ? .failed : .running, spec: spec)
    }

    mutating func objects() -> ClusterObjects {
        var objects = ClusterObjects()
        for index in 0..<random.below(5) {
            objects.nodes.append(
                KubernetesNode(
                    name: "n\(index)", labels: labels(),
                    taints: some(1) { Taint(key: $0.pick($0.keys), effect: $0.pick(Taint.Effect.allCases)) },
                    unschedulable: random.chance(0.1),
                    allocatable: Resources(cpuMilli: random.below(4000), memoryBytes: random.below(4000)),
                    images: some(2) { NodeImage(names: [$0.pick(["redis:latest", "redis:7"])], sizeBytes: 1 << 29) }))
        }
        objects.pods = (0..<random.below(8)).map { pod(name: "p\($0)", bound: true) }
        objects.services = some(2) { Service(name: "s", selector: $0.labels()) }
        objects.otherWorkloads = some(2) {
            OtherWorkload(kind: $0.pick(OtherWorkload.Kind.allCases), name: "w", selector: $0.selector())
        }
        objects.persistentVolumes = (0..<random.below(4)).map { index in
            PersistentVolume(
                name: "v\(index)", capacityBytes: 200_000_000 + random.below(2), accessModes: [.readWriteMany])
        }
        return objects
    }
}
