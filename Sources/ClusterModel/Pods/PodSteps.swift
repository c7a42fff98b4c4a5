import DiscreteEvent
import SystemModel

/// The events of pods and workers. Each carries the incarnation or the outage it belongs to, and is void in the next.
extension PodWorld {
    /// What happens next to a pod (entity is its ordinal) or to a worker (entity is -1 - its index).
    enum Step: Int32 {
        case signal, graceOver, sandboxStopped, objectRemoved, bind, started, restarted, ready
        case reconcile
        case unknown, taint, evict, back
        case drained, handedOver
    }

    func schedule(_ simulation: ClusterSimulation, _ step: Step, pod: Int, at time: Int64) {
        guard time < ClusterSimulation.never else { return }
        simulation.events.schedule(
            .kubernetes(Int32(pod), step: pods[pod].incarnation << 4 | step.rawValue), at: max(time, simulation.now))
    }

    func schedule(_ simulation: ClusterSimulation, _ step: Step, worker: Int, at time: Int64) {
        guard time < ClusterSimulation.never else { return }
        simulation.events.schedule(
            .kubernetes(Int32(-1 - worker), step: workers[worker].outage << 4 | step.rawValue),
            at: max(time, simulation.now))
    }

    func step(_ simulation: ClusterSimulation, _ entity: Int, _ code: Int) {
        guard let step = Step(rawValue: Int32(code & 15)) else { return }
        let count = Int32(code >> 4)
        if entity >= 0 {
            guard step == .reconcile || pods[entity].incarnation == count else { return }
            podStep(simulation, entity, step)
        } else {
            let worker = -1 - entity
            guard workers[worker].outage == count else { return }
            workerStep(simulation, worker, step)
        }
    }

    private func podStep(_ simulation: ClusterSimulation, _ p: Int, _ step: Step) {
        switch step {
        case .signal: signal(simulation, p)
        case .graceOver: graceOver(simulation, p)
        case .sandboxStopped: sandboxStopped(simulation, p)
        case .objectRemoved: objectRemoved(simulation, p)
        case .bind: bind(simulation, p)
        case .started: started(simulation, p)
        case .restarted: restarted(simulation, p)
        case .ready: becomeReady(simulation, p)
        case .reconcile: reconcile(simulation)
        case .drained: evictForDrain(simulation, p)
        case .handedOver: watchHandover(simulation, p)
        case .unknown, .taint, .evict, .back: break
        }
    }

    private func workerStep(_ simulation: ClusterSimulation, _ worker: Int, _ step: Step) {
        switch step {
        case .unknown: becomeUnknown(simulation, worker)
        case .taint: taint(simulation, worker)
        case .evict: evict(simulation, worker)
        case .back: comeBack(simulation, worker)
        default: break
        }
    }
}
