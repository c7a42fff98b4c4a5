import DiscreteEvent
import Kubernetes
import SystemModel

/// How pods end: deletion, signals, exit, sandbox, object.
extension PodWorld {
    /// `kubectl delete pod`, or a rolling update's turn. Without an API server nobody takes the request.
    ///
    /// A grace period of 0 s is a forced deletion, which waits for no kubelet: the object of a pod whose worker is dead
    /// goes at once, and its successor may start elsewhere.
    func delete(_ simulation: ClusterSimulation, _ p: Int, _ graceSeconds: Int64?) {
        let isForced = graceSeconds == 0 && !kubeletRuns(p) && !simulation.processes[p].isAlive
        guard !pods[p].isDeleted || isForced, pods[p].phase != .absent else { return }
        guard simulation.now >= controlPlaneAwayUntil else {
            note(simulation, p, "the API server does not answer: the pod is not deleted")
            return
        }
        if isForced {
            removeObject(simulation, p)
            return
        }
        markDeleted(simulation, p, graceSeconds)
        guard pods[p].phase != .pending else {
            removeObject(simulation, p)
            return
        }
        schedule(simulation, .signal, pod: p, at: simulation.now + timings.bindToKubelet.sample(&pods[p].dice))
    }

    func markDeleted(_ simulation: ClusterSimulation, _ p: Int, _ graceSeconds: Int64?) {
        pods[p].isDeleted = true
        pods[p].ready = false
        pods[p].grace = max(0, graceSeconds ?? Int64(set.template.spec.terminationGraceSeconds))
        note(simulation, p, "pod is Terminating; it leaves the endpoints")
    }

    /// The kubelet stops the container: SIGTERM now, SIGKILL when the grace period is over.
    func signal(_ simulation: ClusterSimulation, _ p: Int) {
        guard pods[p].isDeleted, !pods[p].signalled, kubeletIsConnected(p) else { return }
        pods[p].signalled = true
        pods[p].phase = .terminating
        let grace = pods[p].grace.multipliedReportingOverflow(by: 1_000_000_000)
        let end = PodTermination(
            deletedAt: simulation.now, grace: grace.overflow ? ClusterSimulation.never : grace.partialValue)
        if simulation.processes[p].isAlive {
            schedule(simulation, .graceOver, pod: p, at: end.sigkill)
            if !beginHandover(simulation, p, until: end.sigkill) { simulation.terminate(p) }
        } else if simulation.processes[p].portOpenUntil <= simulation.now {
            processEnded(simulation, p)
        }
    }

    func graceOver(_ simulation: ClusterSimulation, _ p: Int) {
        guard !pods[p].exited, simulation.processes[p].isAlive, kubeletRuns(p) else { return }
        note(simulation, p, "grace period is over: SIGKILL")
        simulation.die(p, goodbye: true)
    }

    /// True while a container of the pod may run: a start that had to wait may come too late.
    func mayRun(_ p: Int) -> Bool { pods[p].phase == .running && pods[p].containerRuns }

    /// The process exited or was killed, its worker being up.
    func processEnded(_ simulation: ClusterSimulation, _ p: Int) {
        guard kubeletRuns(p) else { return }
        pods[p].containerRuns = false
        if pods[p].phase == .terminating {
            guard !pods[p].exited else { return }
            pods[p].exited = true
            schedule(
                simulation, .sandboxStopped, pod: p, at: simulation.now + timings.sandboxStop.sample(&pods[p].dice))
        } else if pods[p].phase == .running {
            restartContainer(simulation, p)
        }
    }

    /// restartPolicy Always: same pod, same sandbox, same address, after the back-off and the kubelet's relist. Where
    /// the image is asked for at each start, that needs the registry.
    private func restartContainer(_ simulation: ClusterSimulation, _ p: Int) {
        pods[p].ready = false
        note(simulation, p, "container exited; the kubelet starts it again")
        let start = pods[p].backOff.restart(endedAt: simulation.now)
        var at = start + timings.containerRestart.sample(&pods[p].dice)
        if ImagePull(of: container) == .always {
            let check = timings.registryCheck.sample(&pods[p].dice)
            guard kubeletIsConnected(p) else {
                pods[p].awaitsRegistry = true
                note(simulation, p, "the registry is out of reach: ImagePullBackOff")
                return
            }
            at += check
        }
        schedule(simulation, .restarted, pod: p, at: at)
    }

    func restarted(_ simulation: ClusterSimulation, _ p: Int) {
        guard pods[p].phase == .running, kubeletRuns(p), !pods[p].containerRuns else { return }
        pods[p].containerRuns = true
        simulation.startProcess(p)
        expectReadiness(simulation, p)
    }

    /// The network namespace goes: from now on nobody answers at the address.
    func sandboxStopped(_ simulation: ClusterSimulation, _ p: Int) {
        guard kubeletRuns(p) else { return }
        abandonAddress(simulation, p, remembered: true)
        pods[p].isCleanedUp = true
        removeSoon(simulation, p)
    }

    /// Volumes must be unmounted before the object can go; a hard mount whose server is away hangs.
    func removeSoon(_ simulation: ClusterSimulation, _ p: Int) {
        let unmounted = simulation.storage.usableAfter(p, simulation.now)
        schedule(simulation, .objectRemoved, pod: p, at: unmounted + timings.removal.sample(&pods[p].dice))
    }

    /// The kubelet tells the API server that nothing is left of the pod; one that can't does so when it can again.
    func objectRemoved(_ simulation: ClusterSimulation, _ p: Int) {
        guard kubeletIsConnected(p) else { return }
        guard simulation.now >= controlPlaneAwayUntil else {
            schedule(simulation, .objectRemoved, pod: p, at: controlPlaneAwayUntil)
            return
        }
        removeObject(simulation, p)
    }

    private func removeObject(_ simulation: ClusterSimulation, _ p: Int) {
        note(simulation, p, "pod is gone")
        pods[p].incarnation += 1
        pods[p].phase = .absent
        pods[p].isDeleted = false
        pods[p].signalled = false
        pods[p].exited = false
        pods[p].isCleanedUp = false
        pods[p].awaitsRegistry = false
        pods[p].ready = false
        pods[p].worker = -1
        pods[p].backOff = RestartBackOff()
        retryPending(simulation)
        reconcileSoon(simulation)
    }
}
