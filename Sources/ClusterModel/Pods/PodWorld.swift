import DiscreteEvent
import Kubernetes
import Randomness
import RedisCluster
import SystemModel

/// Pods, workers and the control plane in simulated time: Kubernetes' rules, hosted by the event list.
///
/// A pod is its ordinal; process p of the simulation runs in pod p. The rules are in the module Kubernetes; what is
/// here is when they apply, and what the servers feel of it: signals, exits, addresses that come and go.
final class PodWorld {
    let deployment: KubernetesDeployment
    let timings: Environment.KubernetesTimings
    let network: Environment.Network
    let standing: StandingCluster
    let set: StatefulSet
    let container: Container
    /// Draws each replication's placement; nil where the model pins it.
    private var drawing: PlacementDrawing?
    let controller: StatefulSetController
    var pods: [PodRecord] = []
    var workers: [Worker] = []
    /// What became of each pod address, by Address.
    var addresses: [AddressRecord] = []
    var evictions = EvictionLimiter()
    /// A pod's preStop hook hands its master's role to a replica.
    var handsOverBeforeStop = false
    /// The API server, the scheduler and the controllers answer nobody until then.
    var controlPlaneAwayUntil: Int64 = 0
    var controllerDice = RandomStream(key: 0)

    struct PodRecord {
        var phase = Phase.running
        var worker = -1
        var ready = true
        /// Counts incarnations of the name: a step of an earlier one is void.
        var incarnation: Int32 = 0
        /// The API has a deletion timestamp for it.
        var isDeleted = false
        /// When the scheduler looks at it next.
        var bindsAt: Int64 = 0
        /// Grace period of the deletion, s.
        var grace: Int64 = 30
        /// Its container has been started and has not ended, whatever the server in it does.
        var containerRuns = true
        /// The kubelet has sent SIGTERM.
        var signalled = false
        /// When its preStop hook gives up waiting for a replica to take over.
        var handoverEnds: Int64 = 0
        var exited = false
        /// Its network namespace is gone, and what is left of it is the object.
        var isCleanedUp = false
        /// The image can't be checked while its worker is cut off from the registry.
        var awaitsRegistry = false
        /// It has been placed, and its claims are bound for good.
        var hasVolumes = false
        /// A rolling update has replaced it in this replication.
        var wasRolled = false
        var revision = StatefulSetController.Revision.update
        var backOff = RestartBackOff()
        var address = ""
        var dice = RandomStream(key: 0)
        var schedulerDice = RandomStream(key: 0)
    }

    enum Phase { case absent, pending, starting, running, terminating }

    struct Worker {
        var name: String
        var pool: PodAddressPool
        var isControlPlane: Bool
        /// It need not pull the image.
        var hasImage = false
        var powered = true
        var reachable = true
        /// `kubectl drain` has marked it unschedulable.
        var isCordoned = false
        /// Its outage ends then; in the past if it has none.
        var awayUntil: Int64 = 0
        /// When the machine itself vanished, for those who remember its neighbour entry.
        var silentSince = Int64.max
        /// The Ready condition is Unknown.
        var unknown = false
        /// When the NoExecute taint deletes its pods; `.max` while it has none.
        var evictsAt = Int64.max
        /// Counts outages: a step of an earlier one is void.
        var outage: Int32 = 0
        var dice = RandomStream(key: 0)
    }

    struct AddressRecord {
        var worker: Int
        /// When the sandbox went; `.max` while it stands.
        var goneAt = Int64.max
        /// How long neighbours still believe in it.
        var staleFor: Int64 = 0
    }

    init?(model: SystemModel) {
        guard case .kubernetes(let deployment) = model.deployment else { return nil }
        self.deployment = deployment
        set = deployment.statefulSet
        timings = model.environment.kubernetes
        network = model.environment.network
        standing = model.standing
        container = deployment.container
        controller = StatefulSetController(set, version: deployment.version)
        if deployment.placement == nil {
            drawing = PlacementDrawing(
                PlacementStudy(objects: deployment.objects, statefulSet: set, version: deployment.version))
        }
    }

    // MARK: A replication's beginning

    func prepare(_ simulation: ClusterSimulation) {
        controllerDice = simulation.stream(.controlPlane, 0)
        addresses = [AddressRecord(worker: -1)]
        evictions = EvictionLimiter()
        handsOverBeforeStop = false
        controlPlaneAwayUntil = 0
        prepareWorkers(simulation)
        pods = initialPlacement(simulation).enumerated().map { ordinal, placement in
            var pod = PodRecord()
            pod.worker = placement.node.flatMap { name in workers.firstIndex { $0.name == name } } ?? -1
            pod.hasVolumes = pod.worker >= 0
            if pod.worker < 0 {
                pod.phase = placement == .notCreated ? .absent : .pending
                pod.ready = false
                pod.containerRuns = false
            }
            pod.dice = simulation.stream(.kubelet, ordinal)
            pod.schedulerDice = simulation.stream(.scheduler, 1 + ordinal)
            return pod
        }
        for pod in pods where pod.worker >= 0 { workers[pod.worker].hasImage = true }
        reserveAddresses()
    }

    private func prepareWorkers(_ simulation: ClusterSimulation) {
        workers = deployment.objects.nodes.enumerated().map { index, node in
            var worker = Worker(
                name: node.name, pool: PodAddressPool(prefix: addressPrefix(of: node, index)),
                isControlPlane: node.isControlPlane)
            worker.hasImage = node.images.contains { $0.names.contains(where: isImage) }
            worker.dice = simulation.stream(.controlPlane, 1 + index)
            return worker
        }
    }

    /// True where a name that a node reports means the container's image, whatever registry it was pulled from.
    private func isImage(_ name: String) -> Bool {
        let wanted = container.taggedImage
        return name == wanted || name.hasSuffix("/" + wanted)
    }

    /// The placement of each ordinal: as the model pins it, or as the scheduler and the volume binder draw it, from
    /// streams of their own.
    private func initialPlacement(_ simulation: ClusterSimulation) -> [Placement] {
        if let pinned = deployment.placement {
            return pinned.map { $0.map { .node($0) } ?? .pending(reason: "") }
        }
        var choice = simulation.stream(.scheduler, 0)
        var binding = simulation.stream(.volumeBinding, 0)
        return drawing?.draw(choice: &choice, binding: &binding).assignment ?? []
    }

    func worker(of p: Int) -> Int { pods[p].worker }

    // MARK: Names

    func ordinal(ofPod name: String) -> Int? {
        guard let ordinal = set.ordinal(ofPod: name), ordinal < pods.count else { return nil }
        return ordinal
    }

    func ordinals(onWorker name: String) -> [Int] {
        pods.indices.filter { pods[$0].worker >= 0 && workers[pods[$0].worker].name == name }
    }

    // MARK: What answers whom

    /// The kubelet acts on the pod: its machine has power.
    func kubeletRuns(_ p: Int) -> Bool { pods[p].worker >= 0 && workers[pods[p].worker].powered }

    /// The kubelet also hears what the API server says, and is heard.
    func kubeletIsConnected(_ p: Int) -> Bool { kubeletRuns(p) && workers[pods[p].worker].reachable }

    /// When the control plane can act that is asked to at `time`; `never` if it is gone for good.
    func controlPlaneTime(_ time: Int64) -> Int64 { max(time, controlPlaneAwayUntil) }

    /// The machine has no power, or nobody reaches it.
    func isLost(worker: Int) -> Bool {
        workers.indices.contains(worker) && !(workers[worker].powered && workers[worker].reachable)
    }

    func wasRolled(_ p: Int) -> Bool { pods[p].wasRolled }

    /// What stands still that only a person, or the return of a machine, can move; in words.
    var stuckPods: [String] {
        pods.indices.compactMap { p in
            let name = set.podName(ordinal: p)
            if pods[p].phase == .pending { return "\(name) is Pending: no node takes it" }
            guard pods[p].worker >= 0, isLost(worker: pods[p].worker), pods[p].isDeleted else { return nil }
            return "\(name) stays Terminating until \(workers[pods[p].worker].name) answers"
        }
    }

    func note(_ simulation: ClusterSimulation, _ p: Int, _ text: @autoclosure () -> String) {
        simulation.recorder.note(simulation.now - simulation.faultTime, p, text())
    }
}
