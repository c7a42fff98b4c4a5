import Kubernetes
import Randomness
import Testing

@Suite("Placement of a StatefulSet")
struct PlacementStudyTests {
    @Test("the reference placement has probability 1/8, as have seven others", arguments: KubernetesVersion.allCases)
    func reference(version: KubernetesVersion) throws {
        let distribution = try #require(ReferenceCluster.study(version).exact())
        #expect(distribution.isExact)
        #expect(distribution.outcomes.count == 8)
        #expect(distribution.outcomes.allSatisfy { $0.fraction == Fraction(1, 8) })
        #expect(distribution.fraction { $0 == ReferenceCluster.observed } == Fraction(1, 8))
        #expect(distribution.fraction { $0.count { $0 == .node("node1") } == 3 } == .one)
        #expect(distribution.probability { _ in true } == 1)
        // A master shares its worker with its only replica unless all three pairs are split.
        let beside = distribution.fraction { pods in (0..<3).contains { pods[$0] == pods[$0 + 3] } }
        #expect(beside == Fraction(3, 4))
    }

    @Test("trials agree with the exact distribution")
    func trials() {
        let trials = ReferenceCluster.study(.v117).run(trials: 2000, seed: 7)
        let hits = trials.count { $0.assignment == ReferenceCluster.observed }
        // 250 expected, standard deviation 15: outside by chance once in 10^6.
        #expect(abs(hits - 250) < 75, "seed 7: \(hits) of 2000")
        #expect(trials == ReferenceCluster.study(.v117).run(trials: 2000, seed: 7))
    }

    @Test("the reference's binding of volumes is a possible one, and every volume may be app-0's")
    func volumes() {
        let trials = ReferenceCluster.study(.v117).run(trials: 3000, seed: 11)
        let observed = [3, 4, 1, 5, 2, 6].map { ["redis-nfs-pv\($0)"] }
        #expect(trials.contains { $0.volumes == observed }, "seed 11")
        for volume in 1...6 {
            let hits = trials.count { $0.volumes[0] == ["redis-nfs-pv\(volume)"] }
            #expect(abs(hits - 500) < 105, "seed 11, pv\(volume): \(hits) of 3000")
        }
    }

    @Test("a re-created redis-app-0 goes back to node1")
    func recreate() throws {
        let before = ReferenceCluster.study(.v117).recreate(ordinal: 0, given: ReferenceCluster.observed)
        // The counts are those of app-5's first placement, and so are the scores.
        #expect(before.tied == ["node1"])
        #expect(total(before, "node1") == 246)
        #expect(total(before, "node2") == 174)
        let now = ReferenceCluster.study(.current).recreate(ordinal: 0, given: ReferenceCluster.observed)
        #expect(now.tied == ["node1"])
        #expect(total(now, "node1") == 584)
        #expect(total(now, "node2") == 345)
    }

    /// The sum over affinity, spreading and resources: what differs between equal workers.
    private func total(_ decision: Decision, _ node: String) -> Int? {
        let constant = ["TaintToleration", "NodeAffinity", "NodePreferAvoidPods", "ImageLocality"]
        return decision.nodes.first { $0.node == node }.map { verdict in
            verdict.scores.reduce(0) { constant.contains($1.name) ? $0 : $0 + $1.score * $1.weight }
        }
    }

    @Test(
        "scores of each step in v1.17",
        arguments: [
            (1, ["node1"], [0, 0, 92, 94], [100, 100, 96, 97]),
            (3, ["node1", "node2", "node2"], [50, 50, 92, 94], [0, 0, 88, 92]),
            (5, ["node1", "node2", "node2", "node1", "node2"], [33, 33, 88, 92], [0, 0, 85, 89]),
        ] as [(Int, [String], [Int], [Int])])
    func steps(ordinal: Int, others: [String], first: [Int], second: [Int]) {
        let decision = ReferenceCluster.study(.v117).recreate(ordinal: ordinal, given: others.map { .node($0) })
        let names = [
            "InterPodAffinity", "DefaultPodTopologySpread", "NodeResourcesLeastAllocated",
            "NodeResourcesBalancedAllocation",
        ]
        #expect(decision.nodes[0].reasons == ["node(s) had taints that the pod didn't tolerate"])
        #expect(names.map { decision.nodes[1].score($0) } == first)
        #expect(names.map { decision.nodes[2].score($0) } == second)
    }

    @Test("required anti-affinity on two workers: the third pod is pending for ever, the rest are never created")
    func requiredAntiAffinity() throws {
        let set = ReferenceCluster.statefulSet { $0.affinity.podAnti.required = [ReferenceCluster.term] }
        let outcome = try #require(ReferenceCluster.study(.v117, set).exact()?.outcomes.first)
        #expect(outcome.assignment[0].node != nil && outcome.assignment[1].node != nil)
        #expect(outcome.assignment[3...].allSatisfy { $0 == .notCreated })
        guard case .pending(let reason) = outcome.assignment[2] else {
            Issue.record("app-2 is \(outcome.assignment[2])")
            return
        }
        #expect(
            reason == "0/3 nodes are available: 1 node(s) had taints that the pod didn't tolerate, "
                + "2 node(s) didn't match pod affinity/anti-affinity.")
    }

    @Test("under Parallel every pod is tried")
    func parallel() throws {
        let set = ReferenceCluster.statefulSet(policy: .parallel) {
            $0.affinity.podAnti.required = [ReferenceCluster.term]
        }
        let outcome = try #require(ReferenceCluster.study(.current, set).exact()?.outcomes.first)
        #expect(outcome.assignment.count { $0.node != nil } == 2)
        #expect(!outcome.assignment.contains(.notCreated))
    }

    @Test("maxSkew counts the tainted control plane as an empty domain")
    func skewTrap() throws {
        func placed(_ version: KubernetesVersion, skew: Int, taints: TopologySpreadConstraint.NodeInclusion) throws
            -> Int
        {
            let set = ReferenceCluster.statefulSet {
                $0.topologySpreadConstraints = [
                    TopologySpreadConstraint(
                        maxSkew: skew, topologyKey: "kubernetes.io/hostname",
                        labelSelector: LabelSelector(matchLabels: ["app": "redis"]), nodeTaintsPolicy: taints)
                ]
            }
            let outcomes = try #require(ReferenceCluster.study(version, set).exact()).outcomes
            return try #require(outcomes.first).assignment.count { $0.node != nil }
        }
        #expect(try placed(.current, skew: 1, taints: .ignore) == 2)
        #expect(try placed(.current, skew: 2, taints: .ignore) == 4)
        #expect(try placed(.current, skew: 1, taints: .honor) == 6)
        // The field has no effect in v1.17.
        #expect(try placed(.v117, skew: 1, taints: .ignore) == 6)
    }

    @Test("a claim of 200Mi does not fit a volume of 200M", arguments: KubernetesVersion.allCases)
    func claimTooLarge(version: KubernetesVersion) throws {
        let set = ReferenceCluster.statefulSet(claimBytes: try Quantity(parsing: "200Mi").units)
        let outcome = try #require(ReferenceCluster.study(version, set).exact()?.outcomes.first)
        let text = "pod has unbound immediate PersistentVolumeClaims"
        let reason =
            version == .v117
            ? "error while running \"VolumeBinding\" filter plugin for pod \"redis-app-0\": \(text)"
            : "0/3 nodes are available: \(text)."
        #expect(outcome.assignment[0] == .pending(reason: reason))
        #expect(outcome.fraction == .one)
    }

    @Test("what is too large to enumerate falls back to trials")
    func fallback() {
        let study = ReferenceCluster.study(.v117)
        #expect(study.exact(limit: 7) == nil)
        let distribution = study.distribution(trials: 200, seed: 3, limit: 7)
        #expect(distribution.trials == 200)
        #expect(distribution.fraction { _ in true } == .one)
    }

    @Test("volumes tied to nodes steer the pods, exactly and in trials")
    func localVolumes() throws {
        var objects = ReferenceCluster.objects()
        for index in objects.persistentVolumes.indices {
            let node = index < 5 ? "node1" : "node2"
            let condition = LabelRequirement(key: "kubernetes.io/hostname", operator: .isIn, values: [node])
            objects.persistentVolumes[index].nodeAffinity = [NodeSelectorTerm(matchExpressions: [condition])]
        }
        let study = PlacementStudy(objects: objects, statefulSet: ReferenceCluster.statefulSet(), version: .v117)
        let exact = try #require(study.exact())
        #expect(exact.outcomes.count == 6)
        #expect(exact.fraction { $0[0] == .node("node2") } == Fraction(1, 6))
        let hits = study.run(trials: 3000, seed: 5).count { $0.assignment[0] == .node("node2") }
        #expect(abs(hits - 500) < 105, "seed 5: \(hits) of 3000")
    }
}
