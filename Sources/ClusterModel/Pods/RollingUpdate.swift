import DiscreteEvent
import Kubernetes
import RedisCluster
import SystemModel

/// `kubectl rollout restart`: a new template, and the controller's one pod after another.
extension PodWorld {
    /// Every pod has the old template now.
    func rollOut(_ simulation: ClusterSimulation) {
        guard simulation.now >= controlPlaneAwayUntil else {
            note(simulation, -1, "the API server does not answer: nothing is rolled out")
            return
        }
        for p in pods.indices { pods[p].revision = .current }
        if set.updateStrategy == .onDelete { note(simulation, -1, "its strategy is OnDelete: nobody is replaced") }
        reconcileSoon(simulation)
    }

    /// One pod's turn: it is the victim now. Those before it are survivors again once they serve, so that what they see
    /// and do counts.
    func beginTurn(_ simulation: ClusterSimulation, _ p: Int) {
        for q in pods.indices where pods[q].wasRolled && !pods[q].isDeleted && simulation.servesAgain(q) {
            simulation.processes[q].isVictim = false
        }
        pods[p].wasRolled = true
        simulation.processes[p].isVictim = true
    }
}

extension ClusterSimulation {
    /// Back after a restart: its cluster_state is ok, and a replica is in sync.
    fileprivate func servesAgain(_ p: Int) -> Bool {
        processes[p].state == .running && nodes[p].stateIsOk
            && (nodes[p].isMaster ? nodes[p].table.peers[0].ownsSlots : nodes[p].replication.linkUp)
    }
}
