import DiscreteEvent
import Kubernetes
import Randomness
import SystemModel

/// What the control plane does about a machine that falls silent: condition, taint, deletion of its pods.
extension PodWorld {
    /// The release's rules with the environment's durations.
    private func lifecycle(_ worker: Int) -> NodeLifecycle {
        var lifecycle = NodeLifecycle(version: deployment.version)
        lifecycle.monitorPeriod = max(1, timings.nodeMonitorPeriod.sample(&workers[worker].dice))
        if let grace = timings.nodeMonitorGrace { lifecycle.monitorGrace = grace.sample(&workers[worker].dice) }
        lifecycle.defaultToleration = timings.toleration.sample(&workers[worker].dice)
        return lifecycle
    }

    /// The monitor's pass that will find the worker silent.
    func expectUnknown(_ simulation: ClusterSimulation, _ worker: Int, lastRenewal: Int64) {
        let lifecycle = lifecycle(worker)
        let phase = lastRenewal - Int64(workers[worker].dice.uniform() * Double(lifecycle.monitorPeriod))
        schedule(
            simulation, .unknown, worker: worker,
            at: lifecycle.unknownAt(lastRenewal: lastRenewal, monitorPhase: phase))
    }

    /// The monitor's grace is over: the pods leave the endpoints, new ones are kept away. A controller that comes back
    /// itself knows no earlier lease than that of its own start.
    func becomeUnknown(_ simulation: ClusterSimulation, _ worker: Int) {
        guard simulation.now >= controlPlaneAwayUntil else {
            if controlPlaneAwayUntil < ClusterSimulation.never {
                expectUnknown(simulation, worker, lastRenewal: controlPlaneAwayUntil)
            }
            return
        }
        workers[worker].unknown = true
        for p in pods.indices where pods[p].worker == worker { pods[p].ready = false }
        note(simulation, -1, "\(workers[worker].name) is NotReady; its pods leave the endpoints")
        expectTaint(simulation, worker)
    }

    /// The pass that flips the condition still sees the old one: the taint comes a pass later.
    func expectTaint(_ simulation: ClusterSimulation, _ worker: Int) {
        let queued = lifecycle(worker).taintQueuedAt(unknownAt: simulation.now)
        schedule(simulation, .taint, worker: worker, at: queued)
    }

    /// The NoExecute taint, where the eviction rate of the zone lets it pass: never if every zone is fully lost; then
    /// the taints that others have are taken off, too.
    func taint(_ simulation: ClusterSimulation, _ worker: Int) {
        guard workers[worker].unknown else { return }
        guard simulation.now >= controlPlaneAwayUntil else {
            if controlPlaneAwayUntil < ClusterSimulation.never {
                schedule(simulation, .taint, worker: worker, at: controlPlaneAwayUntil)
            }
            return
        }
        var nodes = deployment.objects.nodes
        for index in nodes.indices { nodes[index].ready = !workers[index].unknown }
        let disruption = NodeDisruption(nodes: nodes, version: deployment.version)
        guard !disruption.evictionsStopped else {
            for index in workers.indices { workers[index].evictsAt = .max }
            note(simulation, -1, "no Ready node is left: evictions are stopped")
            return
        }
        let rate = disruption.zones.map(\.evictionsPerSecond).max() ?? 0
        guard let at = evictions.admit(at: simulation.now, perSecond: rate) else { return }
        let tolerated = lifecycle(worker).toleration(of: set.template.spec, to: NodeLifecycle.unreachable) ?? .max
        guard tolerated < ClusterSimulation.never else { return }
        workers[worker].evictsAt = at + tolerated
        schedule(simulation, .evict, worker: worker, at: at + tolerated)
    }

    /// The pods are deleted in the API; a worker that does not answer leaves them Terminating for good.
    func evict(_ simulation: ClusterSimulation, _ worker: Int) {
        guard workers[worker].evictsAt == simulation.now else { return }
        guard simulation.now >= controlPlaneAwayUntil else {
            postponeEviction(simulation, worker)
            return
        }
        for p in pods.indices where pods[p].worker == worker && !pods[p].isDeleted {
            markDeleted(simulation, p, nil)
            note(simulation, p, "evicted: Terminating until \(workers[worker].name) answers or somebody forces it")
        }
        reconcileSoon(simulation)
    }

    /// The taint manager that comes back counts the toleration from its own start.
    private func postponeEviction(_ simulation: ClusterSimulation, _ worker: Int) {
        let tolerated = lifecycle(worker).toleration(of: set.template.spec, to: NodeLifecycle.unreachable) ?? .max
        guard controlPlaneAwayUntil < ClusterSimulation.never, tolerated < ClusterSimulation.never else { return }
        workers[worker].evictsAt = controlPlaneAwayUntil + tolerated
        schedule(simulation, .evict, worker: worker, at: workers[worker].evictsAt)
    }
}
