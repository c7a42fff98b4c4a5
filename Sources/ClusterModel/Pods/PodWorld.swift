import DiscreteEvent
import Kubernetes
import Randomness
import RedisCluster
import SystemModel

/// Pods, workers and the control plane in simulated time: Kubernetes' rules, hosted by the event list.
///
/// A pod is its ordinal; process p of the simulation runs in pod p. The rules are in the module Kubernetes; what is here
/// is when they apply, and what the servers feel of it: signals, exits, addresses that come and go.
final class PodWorld {
    let deployment: KubernetesDeployment
    let timings: Environment.KubernetesTimings
    let network: Environment.Network
    let set: StatefulSet
    let lifecycle: NodeLifecycle
    private let placements: [PlacementOutcome]
    var controller: StatefulSetController
    var pods: [PodRecord] = []
    var workers: [Worker] = []
    /// What became of each pod address, by Address.
    var addresses: [AddressRecord] = []
    var evictions = EvictionLimiter()
    /// The API server, the scheduler and the controllers answer nobody until then.
    var controlPlaneAwayUntil: Int64 = 0
    var dice = RandomStream(key: 0)
    var schedulerDice = RandomStream(key: 0)

    struct PodRecord {
        var phase = Phase.running
        var worker = -1
        var ready = true
        /// Counts incarnations of the name: a step of an earlier one is void.
        var incarnation: Int32 = 0
        /// The API has a deletion timestamp for it.
        var isDeleted = false
        /// Grace period of the deletion, s.
        var grace: Int64 = 30
        var exited = false
        var revision = StatefulSetController.Revision.update
        var backOff = RestartBackOff()
        var address = ""
    }

    enum Phase { case absent, pending, starting, running, terminating }

    struct Worker {
        var name: String
        var pool: PodAddressPool
        var powered = true
        var reachable = true
        /// The Ready condition is Unknown.
        var unknown = false
        var tainted = false
        /// Counts outages: a step of an earlier one is void.
        var outage: Int32 = 0
    }

    struct AddressRecord {
        var worker: Int
        /// When the sandbox went; `.max` while it stands.
        var goneAt = Int64.max
        /// How long neighbours still believe in it.
        var staleFor: Int64 = 0
    }

    init?(model: SystemModel, scenario: Scenario?) {
        guard case .kubernetes(let deployment) = model.deployment,
            var set = deployment.objects.statefulSets.first(where: { $0.name == deployment.statefulSet })
        else { return nil }
        set.replicas = model.shape.nodes
        self.deployment = deployment
        self.set = set
        timings = model.environment.kubernetes
        network = model.environment.network
        lifecycle = NodeLifecycle(version: deployment.version)
        controller = StatefulSetController(set, version: deployment.version)
        let study = PlacementStudy(objects: deployment.objects, statefulSet: set, version: deployment.version)
        placements = deployment.placement == nil ? study.distribution(trials: 10_000, seed: 1).outcomes : []
    }

    // MARK: A replication's beginning

    func prepare(_ simulation: ClusterSimulation) {
        dice = simulation.stream(.kubelet, 0)
        schedulerDice = simulation.stream(.scheduler, 0)
        addresses = [AddressRecord(worker: -1)]
        evictions = EvictionLimiter()
        controlPlaneAwayUntil = 0
        controller = StatefulSetController(set, version: deployment.version)
        workers = deployment.objects.nodes.enumerated().map { index, node in
            Worker(name: node.name, pool: PodAddressPool(prefix: "10.244.\(index)"))
        }
        pods = initialAssignment(simulation).map { name in
            var pod = PodRecord()
            pod.worker = name.flatMap { name in workers.firstIndex { $0.name == name } } ?? -1
            if pod.worker < 0 {
                pod.phase = .pending
                pod.ready = false
            }
            return pod
        }
    }

    /// The worker of each ordinal: as the model pins it, or as the scheduler draws it, with its probabilities.
    private func initialAssignment(_ simulation: ClusterSimulation) -> [String?] {
        if let pinned = deployment.placement { return pinned }
        var left = schedulerDice.uniform()
        for outcome in placements {
            left -= outcome.probability
            if left <= 0 { return outcome.assignment.map(\.node) }
        }
        return placements.last?.assignment.map(\.node) ?? Array(repeating: nil, count: simulation.count)
    }

    func worker(of p: Int) -> Int { pods[p].worker }

    /// Pods that no worker takes: their processes never start.
    var unplaced: [Int] { pods.indices.filter { pods[$0].phase == .pending } }

    // MARK: Names

    func ordinal(ofPod name: String) -> Int? {
        guard let ordinal = set.ordinal(ofPod: name), ordinal < pods.count else { return nil }
        return ordinal
    }

    func ordinals(onWorker name: String) -> [Int] {
        pods.indices.filter { pods[$0].worker >= 0 && workers[pods[$0].worker].name == name }
    }

    // MARK: Steps

    /// What happens next to a pod (entity is its ordinal) or to a worker (entity is -1 - its index).
    enum Step: Int32 {
        case signal, graceOver, sandboxStopped, objectRemoved, bind, started
        case reconcile
        case unknown, taint, evict, back
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
        case .reconcile: reconcile(simulation)
        case .unknown, .taint, .evict, .back: break
        }
    }

    func note(_ simulation: ClusterSimulation, _ p: Int, _ text: @autoclosure () -> String) {
        simulation.recorder.note(simulation.now - simulation.faultTime, p, text())
    }

    /// Something stands still that only a person, or the return of a machine, can move.
    var somePodIsStuck: Bool {
        pods.contains { pod in
            (pod.phase == .terminating && pod.worker >= 0 && !workers[pod.worker].powered) || pod.phase == .pending
        }
    }
}
