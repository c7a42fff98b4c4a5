import Kubernetes
import Testing

private let second: Int64 = 1_000_000_000

@Suite("Node life cycle")
struct NodeLifecycleTests {
    private func nodes(_ ready: [String: Bool]) -> [KubernetesNode] {
        ready.sorted { $0.key < $1.key }.map { KubernetesNode(name: $0.key, ready: $0.value) }
    }

    @Test("both workers down: v1.17 never evicts, the current release does")
    func nameTrap() {
        let nodes = nodes(["master": true, "node1": false, "node2": false])
        let before = NodeDisruption(nodes: nodes, version: .v117)
        #expect(before.evictionsStopped)
        #expect(before.zones.map(\.state) == [.full])
        #expect(before.zones.map(\.evictionsPerSecond) == [0])
        let now = NodeDisruption(nodes: nodes, version: .current)
        #expect(!now.evictionsStopped)
        #expect(now.zones.map(\.state) == [.normal])
        #expect(now.zones.map(\.evictionsPerSecond) == [0.1])
    }

    @Test("one worker down is normal", arguments: KubernetesVersion.allCases)
    func oneDown(version: KubernetesVersion) {
        let nodes = nodes(["master": true, "node1": false, "node2": true])
        #expect(NodeDisruption(nodes: nodes, version: version).zones.map(\.evictionsPerSecond) == [0.1])
    }

    @Test(
        "a zone's state",
        arguments: [(5, 0, .normal), (1, 2, .normal), (2, 3, .partial), (0, 1, .full), (3, 3, .normal)]
            as [(Int, Int, NodeDisruption.State)])
    func states(ready: Int, notReady: Int, state: NodeDisruption.State) {
        #expect(NodeDisruption.state(ready: ready, notReady: notReady) == state)
    }

    @Test("a partly disrupted zone is evicted slowly where it is large, not at all where it is small")
    func partial() {
        func rate(_ count: Int) -> [Double] {
            let nodes = (0..<count).map { KubernetesNode(name: "n\($0)", ready: $0 % 5 == 0) }
            return NodeDisruption(nodes: nodes, version: .current).zones.map(\.evictionsPerSecond)
        }
        #expect(rate(50) == [0])
        #expect(rate(55) == [0.01])
    }

    @Test(
        "names that v1.17 takes for masters",
        arguments: [
            ("master", true), ("k8s-master", true), ("k8s-master-abc", true), ("k8s-master-01", false),
            ("node1", false),
        ])
    func masters(name: String, excluded: Bool) {
        #expect(NodeDisruption.isExcluded(KubernetesNode(name: name), version: .v117) == excluded)
        #expect(!NodeDisruption.isExcluded(KubernetesNode(name: name), version: .current))
    }

    @Test("silence is noticed 40 s after the last renewal, at the next pass")
    func unknown() {
        let before = NodeLifecycle(version: .v117)
        #expect(before.unknownAt(lastRenewal: 0, monitorPhase: 1 * second) == 41 * second)
        #expect(before.unknownAt(lastRenewal: 1 * second, monitorPhase: 1 * second) == 46 * second)
        #expect(before.unknownAt(lastRenewal: 2 * second, monitorPhase: 4 * second) == 44 * second)
        #expect(before.taintQueuedAt(unknownAt: 41 * second) == 46 * second)
        #expect(NodeLifecycle(version: .current).unknownAt(lastRenewal: 0, monitorPhase: 1 * second) == 51 * second)
        for phase in Int64(0)..<50 {
            let at = before.unknownAt(lastRenewal: 0, monitorPhase: phase * second / 10)
            #expect(at > 40 * second && at <= 45 * second, "phase \(phase)")
        }
    }

    @Test("tolerations decide how long a pod stays")
    func tolerations() {
        let rules = NodeLifecycle(version: .v117)
        var pod = PodSpec()
        #expect(rules.toleration(of: pod, to: NodeLifecycle.unreachable) == 300 * second)
        #expect(rules.toleration(of: pod, to: Taint(key: "other", effect: .noExecute)) == 0)
        pod.tolerations = [Toleration(key: NodeLifecycle.unreachable.key, operator: .exists, seconds: 30)]
        #expect(rules.toleration(of: pod, to: NodeLifecycle.unreachable) == 30 * second)
        pod.tolerations = [Toleration(operator: .exists)]
        #expect(rules.toleration(of: pod, to: NodeLifecycle.unreachable) == nil)
        pod.tolerations = [Toleration(operator: .exists, seconds: .max)]
        #expect(rules.toleration(of: pod, to: NodeLifecycle.unreachable) == .max)
    }

    @Test("the second node of a zone waits 10 s for its token")
    func limiter() {
        var limiter = EvictionLimiter()
        #expect(limiter.admit(at: 46 * second, perSecond: 0.1) == 46 * second)
        #expect(limiter.admit(at: 46 * second, perSecond: 0.1) == 56 * second)
        #expect(limiter.admit(at: 100 * second, perSecond: 0.1) == 100 * second)
        #expect(limiter.admit(at: 200 * second, perSecond: 0) == nil)
    }
}

@Suite("Disruption budgets")
struct DisruptionTests {
    private let pod = Pod(name: "p", labels: ["app": "redis"], phase: .running, ready: true, podIP: "10.244.1.2")
    private let selector = LabelSelector(matchLabels: ["app": "redis"])

    @Test(
        "allowed is healthy minus desired",
        arguments: [
            (.maxUnavailable(.count(1)), 6, 1), (.maxUnavailable(.count(1)), 5, 0), (.minAvailable(.count(4)), 6, 2),
            (.minAvailable(.percent(50)), 6, 3), (.maxUnavailable(.percent(20)), 6, 2),
            (.minAvailable(.count(9)), 6, 0),
        ] as [(PodDisruptionBudget.Rule, Int, Int)])
    func allowed(rule: PodDisruptionBudget.Rule, healthy: Int, allowed: Int) {
        let budget = PodDisruptionBudget(name: "b", selector: selector, rule: rule)
        #expect(budget.allowedDisruptions(healthy: healthy, expected: 6) == allowed)
    }

    @Test("the eviction API's answers")
    func eviction() {
        let budget = PodDisruptionBudget(name: "b", selector: selector, rule: .maxUnavailable(.count(1)))
        func verdict(_ pod: Pod, _ budgets: [PodDisruptionBudget], allowed: Int) -> EvictionVerdict {
            EvictionVerdict(evicting: pod, budgets: budgets) { _ in allowed }
        }
        #expect(verdict(pod, [budget], allowed: 1) == .granted)
        #expect(verdict(pod, [budget], allowed: 0) == .tooManyRequests(budget: "b"))
        #expect(verdict(pod, [budget, budget], allowed: 1) == .ambiguous)
        #expect(verdict(pod, [], allowed: 0) == .granted)
        var failed = pod
        failed.phase = .failed
        #expect(verdict(failed, [budget], allowed: 0) == .granted)
        var elsewhere = budget
        elsewhere.namespace = "other"
        #expect(verdict(pod, [elsewhere], allowed: 0) == .granted)
    }
}
