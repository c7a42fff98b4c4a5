/// One pass of the StatefulSet controller: the pods as they are in, what it does next out.
///
/// kubernetes v1.17 pkg/controller/statefulset/stateful_set_control.go updateStatefulSet; the order of the steps is
/// its. The current release differs in that a pod that Succeeded is replaced like one that Failed.
package struct StatefulSetController: Sendable {
    /// A pod of the set, as the controller sees it.
    package struct Replica: Sendable, Equatable {
        package var ordinal: Int
        /// Running, with the Ready condition.
        package var isRunningAndReady: Bool
        package var isTerminating: Bool
        package var phase: Pod.Phase
        package var revision: Revision

        package init(
            ordinal: Int, isRunningAndReady: Bool, isTerminating: Bool = false, phase: Pod.Phase = .running,
            revision: Revision = .update
        ) {
            self.ordinal = ordinal
            self.isRunningAndReady = isRunningAndReady
            self.isTerminating = isTerminating
            self.phase = phase
            self.revision = revision
        }

        var isHealthy: Bool { isRunningAndReady && !isTerminating }
    }

    /// The template that a pod was made from: the one in force, or the one being rolled out. Equal while nothing rolls.
    package enum Revision: Sendable, Equatable { case current, update }

    package enum Action: Sendable, Equatable {
        case create(ordinal: Int, revision: Revision)
        /// A graceful delete; the object goes when the kubelet is done.
        case delete(ordinal: Int, because: Reason)
    }

    package enum Reason: String, Sendable { case finished, scaleDown, update }

    /// Why a pass ended early. OrderedReady waits for one pod, and so for all above it.
    package enum Wait: Sendable, Equatable {
        case forTermination(ordinal: Int)
        case forReadiness(ordinal: Int)
    }

    package struct Pass: Sendable, Equatable {
        package var actions: [Action]
        /// Nil where nothing is waited for.
        package var waiting: Wait?

        package init(actions: [Action] = [], waiting: Wait? = nil) {
            self.actions = actions
            self.waiting = waiting
        }
    }

    package var replicas: Int
    package var policy: PodManagementPolicy
    package var strategy: StatefulSetUpdateStrategy
    package var version: KubernetesVersion

    package init(
        replicas: Int, policy: PodManagementPolicy = .orderedReady,
        strategy: StatefulSetUpdateStrategy = .rollingUpdate(partition: 0), version: KubernetesVersion
    ) {
        self.replicas = replicas
        self.policy = policy
        self.strategy = strategy
        self.version = version
    }

    package init(_ set: StatefulSet, version: KubernetesVersion) {
        self.init(
            replicas: set.replicas, policy: set.podManagementPolicy, strategy: set.updateStrategy, version: version)
    }

    /// What the controller does when it sees these pods. Pods with a negative ordinal are ignored, as upstream ignores
    /// names that it cannot parse; of two with one ordinal the first counts.
    package func next(_ pods: [Replica]) -> Pass {
        var pass = Pass()
        repair(pods, &pass)
        if isBlocked(pass) { return pass }
        scaleDown(pods, &pass)
        if isBlocked(pass) { return pass }
        update(pods, &pass)
        return pass
    }

    private var isOrdered: Bool { policy == .orderedReady }

    private func isBlocked(_ pass: Pass) -> Bool { isOrdered && (pass.waiting != nil || !pass.actions.isEmpty) }

    private func repair(_ pods: [Replica], _ pass: inout Pass) {
        for ordinal in 0..<max(replicas, 0) {
            guard let pod = pods.first(where: { $0.ordinal == ordinal }) else {
                pass.actions.append(.create(ordinal: ordinal, revision: revision(ofNew: ordinal)))
                if isOrdered { return }
                continue
            }
            if isFinished(pod) && !pod.isTerminating {
                // Its successor can be created only once the object is gone: one name, one pod.
                pass.actions.append(.delete(ordinal: ordinal, because: .finished))
                if isOrdered { return }
                continue
            }
            guard isOrdered else { continue }
            if pod.isTerminating {
                pass.waiting = .forTermination(ordinal: ordinal)
                return
            }
            if !pod.isRunningAndReady {
                pass.waiting = .forReadiness(ordinal: ordinal)
                return
            }
        }
    }

    private func scaleDown(_ pods: [Replica], _ pass: inout Pass) {
        let condemned = pods.filter { $0.ordinal >= max(replicas, 0) }.sorted { $0.ordinal > $1.ordinal }
        let firstUnhealthy = pods.filter { $0.ordinal >= 0 && !$0.isHealthy }.map(\.ordinal).min()
        for pod in condemned {
            if pod.isTerminating {
                guard isOrdered else { continue }
                pass.waiting = .forTermination(ordinal: pod.ordinal)
                return
            }
            if isOrdered && !pod.isRunningAndReady && pod.ordinal != firstUnhealthy {
                pass.waiting = .forReadiness(ordinal: firstUnhealthy ?? pod.ordinal)
                return
            }
            pass.actions.append(.delete(ordinal: pod.ordinal, because: .scaleDown))
            if isOrdered { return }
        }
    }

    /// One pod at a time from the highest ordinal down, under either policy; a pod that is not healthy holds it up,
    /// even one that already has the new template.
    private func update(_ pods: [Replica], _ pass: inout Pass) {
        guard case .rollingUpdate(let partition) = strategy, replicas > 0 else { return }
        for ordinal in stride(from: replicas - 1, through: max(partition, 0), by: -1) {
            guard let pod = pods.first(where: { $0.ordinal == ordinal }) else {
                // Created in this pass and not ready yet.
                pass.waiting = .forReadiness(ordinal: ordinal)
                return
            }
            // Replaced in this pass already.
            if pass.actions.contains(.delete(ordinal: ordinal, because: .finished)) { return }
            if pod.revision != .update && !pod.isTerminating {
                pass.actions.append(.delete(ordinal: ordinal, because: .update))
                return
            }
            if !pod.isHealthy {
                pass.waiting = pod.isTerminating ? .forTermination(ordinal: ordinal) : .forReadiness(ordinal: ordinal)
                return
            }
        }
    }

    private func isFinished(_ pod: Replica) -> Bool {
        pod.phase == .failed || (version == .current && pod.phase == .succeeded)
    }

    /// Ordinals below the partition are re-created from the old template.
    private func revision(ofNew ordinal: Int) -> Revision {
        if case .rollingUpdate(let partition) = strategy, ordinal < partition { return .current }
        return .update
    }
}
