import DiscreteEvent
import Kubernetes
import Randomness
import SystemModel

/// Workers that vanish: lease, condition, taint, eviction, return.
extension PodWorld {
    /// Power loss. Nobody is told; the machine may be the NFS server or the control plane.
    func crash(_ simulation: ClusterSimulation, nodes: [String], _ duration: Int64?) {
        let back = duration.map { simulation.now + $0 } ?? ClusterSimulation.never
        for name in nodes {
            loseServices(simulation, name, until: back, kind: .restart)
            guard let worker = workers.firstIndex(where: { $0.name == name }) else { continue }
            workers[worker].powered = false
            beginOutage(simulation, worker, until: back)
            note(simulation, -1, "\(name) loses power")
        }
    }

    /// The machine goes on, but no packet reaches it or leaves it.
    func isolate(_ simulation: ClusterSimulation, nodes: [String], _ duration: Int64?) {
        let back = duration.map { simulation.now + $0 } ?? ClusterSimulation.never
        for name in nodes {
            loseServices(simulation, name, until: back, kind: .drop)
            guard let worker = workers.firstIndex(where: { $0.name == name }) else { continue }
            workers[worker].reachable = false
            beginOutage(simulation, worker, until: back)
            note(simulation, -1, "\(name) is cut off")
        }
    }

    private func loseServices(_ simulation: ClusterSimulation, _ name: String, until: Int64, kind: NFSFault) {
        if name == deployment.nfsServerNode {
            let everyone = [Bool](repeating: true, count: simulation.count)
            simulation.storage.add(Storage.Outage(kind: kind, from: simulation.now, until: until, hits: everyone))
            note(simulation, -1, "the NFS server goes with \(name)")
        }
        let isControlPlane = deployment.objects.nodes.contains { node in
            node.name == name && node.taints.contains { $0.key.hasPrefix("node-role.kubernetes.io/") }
        }
        if isControlPlane { controlPlaneAwayUntil = until }
    }

    private func beginOutage(_ simulation: ClusterSimulation, _ worker: Int, until back: Int64) {
        workers[worker].outage += 1
        let renewal = simulation.now - Int64(dice.uniform() * Double(timings.leaseRenew.sample(&dice)))
        let monitorPhase = simulation.now - Int64(dice.uniform() * Double(lifecycle.monitorPeriod))
        schedule(
            simulation, .unknown, worker: worker,
            at: lifecycle.unknownAt(lastRenewal: renewal, monitorPhase: monitorPhase))
        schedule(simulation, .back, worker: worker, at: back)
    }

    func workerStep(_ simulation: ClusterSimulation, _ worker: Int, _ step: Step) {
        switch step {
        case .unknown: becomeUnknown(simulation, worker)
        case .taint: taint(simulation, worker)
        case .evict: evict(simulation, worker)
        case .back: comeBack(simulation, worker)
        default: break
        }
    }

    /// The monitor's grace is over: the pods leave the endpoints, new ones are kept away.
    private func becomeUnknown(_ simulation: ClusterSimulation, _ worker: Int) {
        guard simulation.now >= controlPlaneAwayUntil else { return }
        workers[worker].unknown = true
        for p in pods.indices where pods[p].worker == worker { pods[p].ready = false }
        note(simulation, -1, "\(workers[worker].name) is NotReady; its pods leave the endpoints")
        // The pass that flips the condition still sees the old one: the taint comes a pass later.
        schedule(
            simulation, .taint, worker: worker, at: lifecycle.taintQueuedAt(unknownAt: simulation.now))
    }

    /// The NoExecute taint, where the eviction rate of the zone lets it pass: never if every zone is fully lost.
    private func taint(_ simulation: ClusterSimulation, _ worker: Int) {
        guard workers[worker].unknown else { return }
        var nodes = deployment.objects.nodes
        for index in nodes.indices where workers[index].unknown { nodes[index].ready = false }
        let disruption = NodeDisruption(nodes: nodes, version: deployment.version)
        guard !disruption.evictionsStopped else {
            note(simulation, -1, "no Ready node is left: evictions are stopped")
            return
        }
        let rate = disruption.zones.map(\.evictionsPerSecond).max() ?? 0
        guard let at = evictions.admit(at: simulation.now, perSecond: rate) else { return }
        workers[worker].tainted = true
        let toleration = lifecycle.toleration(of: set.template.spec, to: NodeLifecycle.unreachable) ?? .max
        guard toleration < ClusterSimulation.never else { return }
        schedule(simulation, .evict, worker: worker, at: at + toleration)
    }

    /// The pods are deleted in the API; a worker that does not answer leaves them Terminating for good.
    private func evict(_ simulation: ClusterSimulation, _ worker: Int) {
        guard workers[worker].tainted else { return }
        for p in pods.indices where pods[p].worker == worker && !pods[p].isDeleted {
            pods[p].isDeleted = true
            pods[p].phase = .terminating
            pods[p].grace = Int64(set.template.spec.terminationGraceSeconds)
            note(simulation, p, "evicted: Terminating until \(workers[worker].name) answers or somebody forces it")
        }
        reconcileSoon(simulation)
    }

    /// Power or network is back: what was deleted meanwhile ends now, the rest starts again (after a reboot at new
    /// addresses, since the sandboxes are gone).
    private func comeBack(_ simulation: ClusterSimulation, _ worker: Int) {
        let rebooted = !workers[worker].powered
        workers[worker].powered = true
        workers[worker].reachable = true
        workers[worker].unknown = false
        workers[worker].tainted = false
        workers[worker].outage += 1
        note(simulation, -1, "\(workers[worker].name) is back")
        if rebooted { simulation.hostReturned(worker) }
        for p in pods.indices where pods[p].worker == worker {
            if rebooted { abandonAddress(simulation, p) }
            if pods[p].isDeleted {
                schedule(simulation, .signal, pod: p, at: simulation.now + timings.bindToKubelet.sample(&dice))
            } else if rebooted {
                pods[p].phase = .starting
                schedule(simulation, .started, pod: p, at: simulation.now + timings.podStart.sample(&dice))
            } else {
                pods[p].ready = true
            }
        }
    }
}
