import Kubernetes
import Randomness
import Testing

@Suite("StatefulSet controller")
struct StatefulSetTests {
    typealias Replica = StatefulSetController.Replica

    private func ready(_ ordinals: Int..., revision: StatefulSetController.Revision = .update) -> [Replica] {
        ordinals.map { Replica(ordinal: $0, isRunningAndReady: true, revision: revision) }
    }

    private func controller(
        _ replicas: Int, _ policy: PodManagementPolicy = .orderedReady, partition: Int = 0,
        version: KubernetesVersion = .v117
    ) -> StatefulSetController {
        StatefulSetController(
            replicas: replicas, policy: policy, strategy: .rollingUpdate(partition: partition), version: version)
    }

    @Test("OrderedReady creates one, and the next only when it is ready")
    func ordered() {
        #expect(controller(3).next([]).actions == [.create(ordinal: 0, revision: .update)])
        let starting = [Replica(ordinal: 0, isRunningAndReady: false, phase: .pending)]
        #expect(controller(3).next(starting) == .init(actions: [], waiting: .forReadiness(ordinal: 0)))
        #expect(controller(3).next(ready(0)).actions == [.create(ordinal: 1, revision: .update)])
        #expect(controller(3).next(ready(0, 1, 2)) == .init(actions: [], waiting: nil))
    }

    @Test("Parallel creates all that are missing")
    func parallel() {
        let actions = controller(3, .parallel).next(ready(1)).actions
        #expect(actions == [.create(ordinal: 0, revision: .update), .create(ordinal: 2, revision: .update)])
    }

    @Test("a terminating ordinal blocks those above it and none below")
    func headOfLine() {
        let stuck = Replica(ordinal: 1, isRunningAndReady: false, isTerminating: true)
        #expect(controller(4).next(ready(0) + [stuck]).waiting == .forTermination(ordinal: 1))
        #expect(controller(4).next([stuck] + ready(2, 3)).actions == [.create(ordinal: 0, revision: .update)])
        // Parallel repairs what is missing above it.
        #expect(
            controller(4, .parallel).next(ready(0, 2) + [stuck]).actions == [.create(ordinal: 3, revision: .update)])
    }

    @Test("a failed pod is deleted; one that succeeded in the current release only")
    func finished() {
        let failed = Replica(ordinal: 0, isRunningAndReady: false, phase: .failed)
        #expect(controller(2).next([failed]).actions == [.delete(ordinal: 0, because: .finished)])
        let succeeded = Replica(ordinal: 0, isRunningAndReady: false, phase: .succeeded)
        #expect(controller(2).next([succeeded]).waiting == .forReadiness(ordinal: 0))
        let now = controller(2, version: .current).next([succeeded])
        #expect(now.actions == [.delete(ordinal: 0, because: .finished)])
    }

    @Test("scales down from the top, one at a time, when all below are healthy")
    func scaleDown() {
        #expect(controller(2).next(ready(0, 1, 2, 3)).actions == [.delete(ordinal: 3, because: .scaleDown)])
        let sick = [Replica(ordinal: 1, isRunningAndReady: false)]
        #expect(controller(2).next(ready(0, 2, 3) + sick).waiting == .forReadiness(ordinal: 1))
        let leaving = [Replica(ordinal: 3, isRunningAndReady: false, isTerminating: true)]
        #expect(controller(2).next(ready(0, 1, 2) + leaving).waiting == .forTermination(ordinal: 3))
        let both = controller(2, .parallel).next(ready(0, 1, 2, 3)).actions
        #expect(both == [.delete(ordinal: 3, because: .scaleDown), .delete(ordinal: 2, because: .scaleDown)])
    }

    @Test("a rolling update goes down to the partition and waits for each", arguments: PodManagementPolicy.allCases)
    func rollingUpdate(policy: PodManagementPolicy) {
        let old = ready(0, 1, 2, revision: .current)
        #expect(controller(3, policy).next(old).actions == [.delete(ordinal: 2, because: .update)])
        #expect(controller(3, policy, partition: 2).next(Array(old.prefix(2)) + ready(2)) == .init())
        // The new template never gets ready: nothing more happens, whatever the template says now.
        let stuck = [Replica(ordinal: 2, isRunningAndReady: false)]
        #expect(controller(3, policy).next(Array(old.prefix(2)) + stuck).waiting == .forReadiness(ordinal: 2))
        #expect(
            controller(3, policy, partition: 2).next(ready(1, 2)).actions == [.create(ordinal: 0, revision: .current)])
        let manual = StatefulSetController(replicas: 3, policy: policy, strategy: .onDelete, version: .v117)
        #expect(manual.next(old).actions == [])
    }

    @Test("from any state it converges", arguments: PodManagementPolicy.allCases)
    func converges(policy: PodManagementPolicy) {
        for key in UInt64(0)..<200 {
            var random = RandomStream(key: key)
            let controller = controller(random.below(7), policy)
            var pods = (0..<8).filter { _ in random.chance(0.6) }.map { ordinal in
                // Two failed pods above the replicas wait for each other, here as upstream.
                Replica(
                    ordinal: ordinal, isRunningAndReady: random.chance(0.7), isTerminating: random.chance(0.2),
                    phase: random.chance(0.2) && ordinal < controller.replicas ? .failed : .running,
                    revision: random.chance(0.5) ? .current : .update)
            }
            for _ in 0..<100 {
                let pass = controller.next(pods)
                if pass == .init() { break }
                for action in pass.actions {
                    switch action {
                    case .create(let ordinal, let revision):
                        #expect(!pods.contains { $0.ordinal == ordinal }, "key \(key)")
                        pods.append(Replica(ordinal: ordinal, isRunningAndReady: false, revision: revision))
                    case .delete(let ordinal, _):
                        let index = pods.firstIndex { $0.ordinal == ordinal }
                        if let index { pods[index].isTerminating = true }
                    }
                }
                // Kubelets do their part: what terminates goes, what runs gets ready.
                pods.removeAll(where: \.isTerminating)
                for index in pods.indices where pods[index].phase == .running { pods[index].isRunningAndReady = true }
            }
            #expect(pods.map(\.ordinal).sorted() == Array(0..<controller.replicas), "key \(key)")
            #expect(pods.allSatisfy { $0.isRunningAndReady && $0.revision == .update }, "key \(key)")
        }
    }

    @Test("a pod has its name, host name, labels and claims from its ordinal")
    func identity() {
        let set = ReferenceCluster.statefulSet()
        let pod = set.pod(ordinal: 4, revision: "abc", version: .v117)
        #expect(pod.name == "redis-app-4")
        #expect(pod.spec.hostname == "redis-app-4" && pod.spec.subdomain == "redis-service")
        #expect(pod.labels["statefulset.kubernetes.io/pod-name"] == "redis-app-4")
        #expect(pod.labels["controller-revision-hash"] == "abc" && pod.labels["app"] == "redis")
        #expect(pod.labels["apps.kubernetes.io/pod-index"] == nil)
        #expect(set.pod(ordinal: 4, version: .current).labels["apps.kubernetes.io/pod-index"] == "4")
        #expect(pod.spec.claimNames == ["redis-data-redis-app-4"])
        #expect(set.claims(ordinal: 4).map(\.name) == pod.spec.claimNames)
        #expect(pod.spec.volumes.count == 2)
        #expect(pod.controller?.kind == "StatefulSet")
    }

    @Test("only its own pods' names have an ordinal")
    func ordinals() {
        let set = ReferenceCluster.statefulSet()
        #expect(set.ordinal(ofPod: "redis-app-12") == 12)
        for name in ["redis-app-", "redis-app-01", "redis-app--1", "redis-app-x", "redis-apps-1", "redis-app-+1", ""] {
            #expect(set.ordinal(ofPod: name) == nil, "\(name)")
        }
    }
}
