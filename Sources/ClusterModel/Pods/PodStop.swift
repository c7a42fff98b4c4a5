import DiscreteEvent
import Kubernetes
import SystemModel

/// How pods end: deletion, signals, exit, sandbox, object.
extension PodWorld {
    /// `kubectl delete pod`, an eviction, or a rolling update's turn.
    func delete(_ simulation: ClusterSimulation, _ p: Int, _ graceSeconds: Int64?) {
        guard !pods[p].isDeleted, pods[p].phase != .absent else { return }
        pods[p].isDeleted = true
        pods[p].ready = false
        note(simulation, p, "pod is Terminating; it leaves the endpoints")
        guard pods[p].phase != .pending else {
            objectRemoved(simulation, p)
            return
        }
        pods[p].phase = .terminating
        pods[p].grace = graceSeconds ?? Int64(set.template.spec.terminationGraceSeconds)
        let seen = max(simulation.now, controlPlaneAwayUntil) + timings.bindToKubelet.sample(&dice)
        schedule(simulation, .signal, pod: p, at: seen)
    }

    /// The kubelet stops the container: SIGTERM now, SIGKILL when the grace period is over.
    func signal(_ simulation: ClusterSimulation, _ p: Int) {
        guard workerAnswers(p) else { return }
        let end = PodTermination(deletedAt: simulation.now, grace: pods[p].grace * 1_000_000_000)
        if simulation.processes[p].isAlive {
            simulation.terminate(p)
            schedule(simulation, .graceOver, pod: p, at: end.sigkill)
        } else {
            processEnded(simulation, p)
        }
    }

    func graceOver(_ simulation: ClusterSimulation, _ p: Int) {
        guard !pods[p].exited, simulation.processes[p].isAlive, workerAnswers(p) else { return }
        note(simulation, p, "grace period is over: SIGKILL")
        simulation.die(p, goodbye: true)
    }

    /// True while a container of the pod may run: a start that had to wait may come too late.
    func mayRun(_ p: Int) -> Bool { pods[p].phase == .running }

    /// The process exited or was killed, its worker being up.
    func processEnded(_ simulation: ClusterSimulation, _ p: Int) {
        guard workerAnswers(p) else { return }
        if pods[p].phase == .terminating {
            guard !pods[p].exited else { return }
            pods[p].exited = true
            schedule(simulation, .sandboxStopped, pod: p, at: simulation.now + timings.sandboxStop.sample(&dice))
        } else if pods[p].phase == .running {
            restartContainer(simulation, p)
        }
    }

    /// restartPolicy Always: same pod, same sandbox, same address, after the back-off and the kubelet's relist.
    private func restartContainer(_ simulation: ClusterSimulation, _ p: Int) {
        pods[p].ready = false
        let start = pods[p].backOff.restart(endedAt: simulation.now)
        let delay = start - simulation.now + timings.containerRestart.sample(&dice)
        note(simulation, p, "container exited; the kubelet starts it again")
        simulation.scheduleStart(p, after: delay, newAddress: false)
    }

    /// The network namespace goes: from now on nobody answers at the address.
    func sandboxStopped(_ simulation: ClusterSimulation, _ p: Int) {
        abandonAddress(simulation, p)
        // Volumes must be unmounted before the object can go; a hard mount whose server is away hangs.
        let unmounted = simulation.storage.usableAfter(p, simulation.now)
        schedule(simulation, .objectRemoved, pod: p, at: unmounted + timings.removal.sample(&dice))
    }

    func objectRemoved(_ simulation: ClusterSimulation, _ p: Int) {
        note(simulation, p, "pod is gone")
        pods[p].incarnation += 1
        pods[p].phase = .absent
        pods[p].isDeleted = false
        pods[p].exited = false
        pods[p].ready = false
        pods[p].worker = -1
        pods[p].backOff = RestartBackOff()
        reconcileSoon(simulation)
    }

    /// The pod's machine is there to act on it.
    func workerAnswers(_ p: Int) -> Bool {
        guard pods[p].worker >= 0 else { return false }
        return workers[pods[p].worker].powered && workers[pods[p].worker].reachable
    }
}
