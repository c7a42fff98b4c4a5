import DiscreteEvent
import Kubernetes
import Randomness
import SystemModel

/// Machines that lose power or the network, what goes with them, and their return.
extension PodWorld {
    /// Power loss. Nobody is told; the machine may be the NFS server or the control plane. Power being back, it boots.
    func crash(_ simulation: ClusterSimulation, nodes: [String], _ duration: Int64?) {
        for worker in workers.indices where nodes.contains(workers[worker].name) {
            let boot = timings.reboot.sample(&workers[worker].dice)
            let back = duration.map { simulation.now + $0 + boot } ?? ClusterSimulation.never
            workers[worker].powered = false
            workers[worker].silentSince = min(workers[worker].silentSince, simulation.now)
            for p in pods.indices where pods[p].worker == worker { pods[p].containerRuns = false }
            note(simulation, -1, "\(workers[worker].name) loses power")
            beginOutage(simulation, worker, until: back, storage: .restart)
        }
    }

    /// The machine goes on, but no packet reaches it or leaves it.
    func isolate(_ simulation: ClusterSimulation, nodes: [String], _ duration: Int64?) {
        let back = duration.map { simulation.now + $0 } ?? ClusterSimulation.never
        for worker in workers.indices where nodes.contains(workers[worker].name) {
            workers[worker].reachable = false
            note(simulation, -1, "\(workers[worker].name) is cut off")
            beginOutage(simulation, worker, until: back, storage: .drop)
        }
    }

    private func beginOutage(
        _ simulation: ClusterSimulation, _ worker: Int, until back: Int64, storage kind: NFSFault
    ) {
        workers[worker].outage += 1
        workers[worker].awayUntil = back
        loseStorage(simulation, worker, until: back, kind)
        if workers[worker].isControlPlane { loseControlPlane(simulation) }
        let sinceRenewal = workers[worker].dice.uniform() * Double(sample(timings.leaseRenew, worker))
        let renewal = simulation.now - Int64(sinceRenewal)
        expectUnknown(simulation, worker, lastRenewal: renewal)
        schedule(simulation, .back, worker: worker, at: back)
    }

    private func sample(_ distribution: Distribution, _ worker: Int) -> Int64 {
        distribution.sample(&workers[worker].dice)
    }

    /// With the server's machine goes everybody's storage.
    private func loseStorage(_ simulation: ClusterSimulation, _ worker: Int, until back: Int64, _ kind: NFSFault) {
        guard deployment.dataOnNFS, workers[worker].name == deployment.nfsServerNode else { return }
        let everyone = [Bool](repeating: true, count: simulation.count)
        simulation.storage.add(Storage.Outage(kind: kind, from: simulation.now, until: back, hits: everyone))
        note(simulation, -1, "the NFS server goes with \(workers[worker].name)")
    }

    /// The API server writes while a majority of etcd's members, one on each of its machines, is there.
    private func loseControlPlane(_ simulation: ClusterSimulation) {
        let returns = workers.filter(\.isControlPlane).map { max($0.awayUntil, 0) }.sorted()
        guard !returns.isEmpty else { return }
        controlPlaneAwayUntil = returns[returns.count / 2]
        if controlPlaneAwayUntil > simulation.now { note(simulation, -1, "the control plane answers nobody") }
    }

    /// Power or network is back: what was deleted meanwhile ends now, the rest starts again (after a reboot at new
    /// addresses, since the sandboxes are gone).
    func comeBack(_ simulation: ClusterSimulation, _ worker: Int) {
        let rebooted = !workers[worker].powered
        workers[worker].powered = true
        workers[worker].reachable = true
        workers[worker].silentSince = .max
        workers[worker].unknown = false
        workers[worker].evictsAt = .max
        workers[worker].outage += 1
        note(simulation, -1, "\(workers[worker].name) is back")
        if rebooted { simulation.hostReturned(worker) }
        for p in pods.indices where pods[p].worker == worker {
            if rebooted { abandonAddress(simulation, p, remembered: false) }
            resume(simulation, p, rebooted: rebooted)
        }
        // A Ready node ends a full disruption: the timers of the others start anew.
        for other in workers.indices where workers[other].unknown && workers[other].evictsAt == .max {
            expectTaint(simulation, other)
        }
        retryPending(simulation)
        reconcileSoon(simulation)
    }

    /// The kubelet looks at a pod again.
    private func resume(_ simulation: ClusterSimulation, _ p: Int, rebooted: Bool) {
        let seen = simulation.now + timings.bindToKubelet.sample(&pods[p].dice)
        if pods[p].isDeleted {
            if pods[p].isCleanedUp {
                removeSoon(simulation, p)
            } else if rebooted || !pods[p].signalled {
                pods[p].signalled = false
                pods[p].exited = false
                schedule(simulation, .signal, pod: p, at: seen)
            }
            return
        }
        if rebooted || pods[p].phase == .starting {
            pods[p].phase = .starting
            pods[p].ready = false
            pods[p].awaitsRegistry = false
            schedule(simulation, .started, pod: p, at: startTime(simulation, p, from: seen))
        } else if pods[p].awaitsRegistry {
            pods[p].awaitsRegistry = false
            let check = timings.registryCheck.sample(&pods[p].dice)
            schedule(
                simulation, .restarted, pod: p, at: seen + check + timings.containerRestart.sample(&pods[p].dice))
        } else if pods[p].containerRuns {
            expectReadiness(simulation, p)
        }
    }
}
