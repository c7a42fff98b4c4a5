import DiscreteEvent
import Kubernetes
import Randomness
import RedisCluster
import SystemModel

/// How pods begin: the controller creates, the scheduler binds, the kubelet starts.
extension PodWorld {
    func reconcileSoon(_ simulation: ClusterSimulation) {
        let at = controlPlaneTime(simulation.now) + timings.controller.sample(&controllerDice)
        guard at < ClusterSimulation.never else { return }
        simulation.events.schedule(.kubernetes(0, step: Step.reconcile.rawValue), at: at)
    }

    /// One pass of the StatefulSet controller.
    func reconcile(_ simulation: ClusterSimulation) {
        guard simulation.now >= controlPlaneAwayUntil else {
            reconcileSoon(simulation)
            return
        }
        let replicas = pods.indices.compactMap { p -> StatefulSetController.Replica? in
            guard pods[p].phase != .absent else { return nil }
            return StatefulSetController.Replica(
                ordinal: p, isRunningAndReady: pods[p].ready && pods[p].phase == .running,
                isTerminating: pods[p].isDeleted, revision: pods[p].revision)
        }
        for action in controller.next(replicas).actions {
            switch action {
            case .create(let p, let revision): create(simulation, p, revision)
            case .delete(let p, let reason):
                if reason == .update { beginTurn(simulation, p) }
                delete(simulation, p, nil)
            }
        }
    }

    private func create(_ simulation: ClusterSimulation, _ p: Int, _ revision: StatefulSetController.Revision) {
        guard p < pods.count else { return }
        pods[p].phase = .pending
        pods[p].revision = revision
        note(simulation, p, "pod is created: Pending")
        bindSoon(simulation, p)
    }

    private func bindSoon(_ simulation: ClusterSimulation, _ p: Int) {
        bind(simulation, p, at: controlPlaneTime(simulation.now) + timings.schedule.sample(&pods[p].dice))
    }

    private func bind(_ simulation: ClusterSimulation, _ p: Int, at time: Int64) {
        pods[p].bindsAt = time
        schedule(simulation, .bind, pod: p, at: time)
    }

    /// An unschedulable pod is looked at again after a minute, or when a pod goes or a node comes
    /// (scheduling_queue.go).
    static let retryPeriod: Int64 = 60_000_000_000

    /// Filter, score, bind; ties are broken by chance.
    func bind(_ simulation: ClusterSimulation, _ p: Int) {
        guard pods[p].phase == .pending, pods[p].bindsAt == simulation.now else { return }
        guard simulation.now >= controlPlaneAwayUntil else {
            bindSoon(simulation, p)
            return
        }
        let study = PlacementStudy(objects: objectsNow, statefulSet: set, version: deployment.version)
        let assignment = pods.map { pod -> Placement in
            pod.worker >= 0 ? .node(workers[pod.worker].name) : .notCreated
        }
        let claimants = Set(pods.indices.filter { pods[$0].hasVolumes })
        let decision = study.recreate(ordinal: p, given: assignment, claimants: claimants)
        guard let name = study.scheduler.choose(decision, random: &pods[p].schedulerDice),
            let worker = workers.firstIndex(where: { $0.name == name })
        else {
            note(simulation, p, "pod fits on no node: Pending")
            bind(simulation, p, at: simulation.now + PodWorld.retryPeriod)
            return
        }
        pods[p].worker = worker
        pods[p].hasVolumes = true
        pods[p].phase = .starting
        note(simulation, p, "pod is bound to \(name): ContainerCreating")
        simulation.processes[p].host = Int16(worker)
        let seen = simulation.now + timings.bindToKubelet.sample(&pods[p].dice)
        schedule(simulation, .started, pod: p, at: startTime(simulation, p, from: seen))
    }

    /// Pods that fitted nowhere are tried again after something changed.
    func retryPending(_ simulation: ClusterSimulation) {
        for p in pods.indices where pods[p].phase == .pending { bindSoon(simulation, p) }
    }

    /// The nodes as the scheduler sees them now: the condition's taint keeps pods away from lost workers.
    private var objectsNow: ClusterObjects {
        var objects = deployment.objects
        for index in objects.nodes.indices where workers[index].unknown {
            objects.nodes[index].taints.append(Taint(key: NodeLifecycle.unreachable.key, effect: .noSchedule))
            objects.nodes[index].ready = false
        }
        for index in objects.nodes.indices where workers[index].isCordoned {
            objects.nodes[index].unschedulable = true
        }
        return objects
    }

    /// When the container of a pod that its kubelet sees at `time` runs: mount, sandbox, image, container. The mount
    /// waits for the NFS server, the first pod on a node for the image.
    func startTime(_ simulation: ClusterSimulation, _ p: Int, from time: Int64) -> Int64 {
        var at = simulation.storage.usableAfter(p, time) + timings.podStart.sample(&pods[p].dice)
        if pods[p].dice.chance(timings.startRetryProbability) { at += timings.startRetry.sample(&pods[p].dice) }
        if !workers[pods[p].worker].hasImage { at += timings.imagePull.sample(&pods[p].dice) }
        return at
    }

    /// The container runs. A kubelet that is cut off gets neither the volume nor the ConfigMap, and tries again later.
    func started(_ simulation: ClusterSimulation, _ p: Int) {
        guard pods[p].phase == .starting, !pods[p].isDeleted, kubeletIsConnected(p) else { return }
        workers[pods[p].worker].hasImage = true
        pods[p].phase = .running
        pods[p].containerRuns = true
        // The sandbox has its address before the server runs, were it to wait for its volume.
        if simulation.processes[p].address == noAddress {
            simulation.processes[p].address = simulation.mintAddress(for: p)
        }
        simulation.startProcess(p)
        expectReadiness(simulation, p)
    }

    /// Without a probe a pod is Ready when it runs; the first probe comes within the default period of 10 s.
    func expectReadiness(_ simulation: ClusterSimulation, _ p: Int) {
        let wait = container.hasReadinessProbe ? Int64(pods[p].dice.uniform() * 10e9) : 0
        if wait == 0 && simulation.now >= controlPlaneAwayUntil {
            becomeReady(simulation, p)
        } else {
            schedule(simulation, .ready, pod: p, at: controlPlaneTime(simulation.now + wait))
        }
    }

    func becomeReady(_ simulation: ClusterSimulation, _ p: Int) {
        guard pods[p].phase == .running, pods[p].containerRuns, !pods[p].ready, kubeletIsConnected(p) else { return }
        pods[p].ready = true
        note(simulation, p, "pod is Running and Ready at \(pods[p].address)")
        let routed = timings.endpoints.sample(&pods[p].dice) + timings.kubeProxy.sample(&pods[p].dice)
        let resolved = routed + timings.dnsCache.sample(&pods[p].dice)
        simulation.recorder.note(
            simulation.now + routed - simulation.faultTime, p, "its address is among the endpoints of the Services")
        simulation.recorder.note(
            simulation.now + resolved - simulation.faultTime, p, "cached DNS answers name its address too")
        reconcileSoon(simulation)
    }
}
