import DiscreteEvent
import Kubernetes
import RedisCluster
import SystemModel

/// `kubectl drain`: the worker is cordoned, then each of its pods is evicted through the API, all at once; an eviction
/// that a disruption budget refuses is tried again every 5 s (kubectl/pkg/drain, evictPods). The worker stays cordoned.
extension PodWorld {
    static let evictionRetry: Int64 = 5_000_000_000

    func drain(_ simulation: ClusterSimulation, nodes: [String]) {
        guard simulation.now >= controlPlaneAwayUntil else {
            note(simulation, -1, "the API server does not answer: nothing is drained")
            return
        }
        for worker in workers.indices where nodes.contains(workers[worker].name) {
            workers[worker].isCordoned = true
            note(simulation, -1, "\(workers[worker].name) is cordoned")
            for p in pods.indices where pods[p].worker == worker { evictForDrain(simulation, p) }
        }
    }

    /// One attempt to evict a pod of a cordoned worker.
    func evictForDrain(_ simulation: ClusterSimulation, _ p: Int) {
        guard !pods[p].isDeleted, pods[p].worker >= 0, workers[pods[p].worker].isCordoned else { return }
        guard simulation.now >= controlPlaneAwayUntil else {
            schedule(simulation, .drained, pod: p, at: simulation.now + PodWorld.evictionRetry)
            return
        }
        let verdict = EvictionVerdict(
            evicting: set.pod(ordinal: p, version: deployment.version),
            budgets: deployment.objects.podDisruptionBudgets, allowed: allowedDisruptions)
        switch verdict {
        case .granted:
            beginTurn(simulation, p)
            delete(simulation, p, nil)
        case .tooManyRequests(let budget):
            note(simulation, p, "eviction refused: budget \(budget) allows none now")
            schedule(simulation, .drained, pod: p, at: simulation.now + PodWorld.evictionRetry)
        case .ambiguous:
            note(simulation, p, "eviction refused: more than one budget covers the pod")
            schedule(simulation, .drained, pod: p, at: simulation.now + PodWorld.evictionRetry)
        }
    }

    /// How many of the set's pods a budget lets go now.
    private func allowedDisruptions(_ budget: PodDisruptionBudget) -> Int {
        let healthy = pods.indices.count { q in
            pods[q].ready && !pods[q].isDeleted && budget.covers(set.pod(ordinal: q, version: deployment.version))
        }
        return budget.allowedDisruptions(healthy: healthy, expected: set.replicas)
    }
}

/// A preStop hook that sends CLUSTER FAILOVER to a replica of the pod's master and waits for it to take over.
extension PodWorld {
    /// How often the hook asks for the role.
    static let handoverPoll: Int64 = 100_000_000
    /// What the hook leaves of the grace period to the server's own shutdown.
    static let shutdownReserve: Int64 = 5_000_000_000

    /// True where the pod's server is a master with a replica in sync, which has been asked to take over.
    func beginHandover(_ simulation: ClusterSimulation, _ p: Int, until sigkill: Int64) -> Bool {
        guard handsOverBeforeStop, simulation.askForTakeover(of: p) else { return false }
        note(simulation, p, "preStop: CLUSTER FAILOVER is sent to its replica")
        pods[p].handoverEnds = max(simulation.now, sigkill - PodWorld.shutdownReserve)
        schedule(simulation, .handedOver, pod: p, at: simulation.now + PodWorld.handoverPoll)
        return true
    }

    /// SIGTERM once the role is handed over, or the hook gives up.
    func watchHandover(_ simulation: ClusterSimulation, _ p: Int) {
        guard pods[p].phase == .terminating, simulation.processes[p].isAlive else { return }
        guard simulation.nodes[p].isMaster, simulation.now < pods[p].handoverEnds else {
            simulation.terminate(p)
            return
        }
        schedule(simulation, .handedOver, pod: p, at: simulation.now + PodWorld.handoverPoll)
    }
}

extension ClusterSimulation {
    /// Sends CLUSTER FAILOVER to a running replica of master `p` that is in sync; false where there is none.
    fileprivate func askForTakeover(of p: Int) -> Bool {
        guard nodes[p].isMaster,
            let replica = (0..<count).first(where: { follows($0, p) && processes[$0].state == .running })
        else { return false }
        manualFailover(replica, .plain)
        return true
    }
}
