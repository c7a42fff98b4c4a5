import DiscreteEvent
import Kubernetes
import Randomness
import SystemModel

/// How pods begin: the controller creates, the scheduler binds, the kubelet starts.
extension PodWorld {
    func reconcileSoon(_ simulation: ClusterSimulation) {
        let at = max(simulation.now, controlPlaneAwayUntil) + timings.controller.sample(&dice)
        guard at < ClusterSimulation.never else { return }
        simulation.events.schedule(.kubernetes(0, step: Step.reconcile.rawValue), at: at)
    }

    /// One pass of the StatefulSet controller.
    func reconcile(_ simulation: ClusterSimulation) {
        let replicas = pods.indices.compactMap { p -> StatefulSetController.Replica? in
            guard pods[p].phase != .absent else { return nil }
            return StatefulSetController.Replica(
                ordinal: p, isRunningAndReady: pods[p].ready && pods[p].phase == .running,
                isTerminating: pods[p].isDeleted, revision: pods[p].revision)
        }
        for action in controller.next(replicas).actions {
            switch action {
            case .create(let p, let revision): create(simulation, p, revision)
            case .delete(let p, _): delete(simulation, p, nil)
            }
        }
    }

    private func create(_ simulation: ClusterSimulation, _ p: Int, _ revision: StatefulSetController.Revision) {
        guard p < pods.count else { return }
        pods[p].phase = .pending
        pods[p].revision = revision
        note(simulation, p, "pod is created: Pending")
        schedule(simulation, .bind, pod: p, at: simulation.now + timings.schedule.sample(&dice))
    }

    /// Filter, score, bind; ties are broken by chance. A pod that fits nowhere is tried again every minute.
    func bind(_ simulation: ClusterSimulation, _ p: Int) {
        guard pods[p].phase == .pending else { return }
        let study = PlacementStudy(objects: objectsNow, statefulSet: set, version: deployment.version)
        let assignment = pods.map { pod -> Placement in
            pod.worker >= 0 ? .node(workers[pod.worker].name) : .notCreated
        }
        let decision = study.recreate(ordinal: p, given: assignment)
        guard let name = study.scheduler.choose(decision, random: &schedulerDice),
            let worker = workers.firstIndex(where: { $0.name == name })
        else {
            schedule(simulation, .bind, pod: p, at: simulation.now + 60_000_000_000)
            return
        }
        pods[p].worker = worker
        pods[p].phase = .starting
        note(simulation, p, "pod is bound to \(name): ContainerCreating")
        simulation.processes[p].host = Int16(worker)
        schedule(simulation, .started, pod: p, at: startTime(simulation, p))
    }

    /// The nodes as the scheduler sees them now: the condition's taint keeps pods away from lost workers.
    private var objectsNow: ClusterObjects {
        var objects = deployment.objects
        for index in objects.nodes.indices where workers[index].unknown {
            objects.nodes[index].taints.append(Taint(key: NodeLifecycle.unreachable.key, effect: .noSchedule))
            objects.nodes[index].ready = false
        }
        return objects
    }

    /// Mount, sandbox, pull check and container; the mount waits for the NFS server.
    private func startTime(_ simulation: ClusterSimulation, _ p: Int) -> Int64 {
        var at = simulation.now + timings.bindToKubelet.sample(&dice)
        at = simulation.storage.usableAfter(p, at) + timings.podStart.sample(&dice)
        if dice.chance(timings.startRetryProbability) { at += timings.startRetry.sample(&dice) }
        return at
    }

    /// The container runs; without a readiness probe the pod is Ready at once.
    func started(_ simulation: ClusterSimulation, _ p: Int) {
        guard pods[p].phase == .starting, workerAnswers(p) else { return }
        pods[p].phase = .running
        simulation.startProcess(p)
        becomeReady(simulation, p)
    }

    func becomeReady(_ simulation: ClusterSimulation, _ p: Int) {
        guard !pods[p].isDeleted, pods[p].phase == .running else { return }
        pods[p].ready = true
        note(simulation, p, "pod is Running and Ready at \(pods[p].address)")
        let routed = timings.endpoints.sample(&dice) + timings.kubeProxy.sample(&dice)
        let resolved = routed + timings.dnsCache.sample(&dice)
        simulation.recorder.note(
            simulation.now + routed - simulation.faultTime, p, "its address is among the endpoints of the Services")
        simulation.recorder.note(
            simulation.now + resolved - simulation.faultTime, p, "cached DNS answers name its address too")
        reconcileSoon(simulation)
    }

    /// `kubectl rollout restart`: every pod has the old revision now.
    func rollOut(_ simulation: ClusterSimulation) {
        for p in pods.indices {
            pods[p].revision = .current
            simulation.processes[p].isVictim = true
        }
        note(simulation, -1, "rollout restart of \(set.name)")
        reconcileSoon(simulation)
    }
}
