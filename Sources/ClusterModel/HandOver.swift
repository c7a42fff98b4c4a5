import DiscreteEvent
import RedisCluster
import SystemModel

/// `shutdown-on-sigterm failover` (clusterAutoFailoverOnShutdown of Valkey 9): a master that exits has a
/// replica that has acknowledged everything take over, by a CLUSTER FAILOVER FORCE in the replication stream, and does
/// not wait for the outcome. Of several the last one that connected is told.
extension ClusterSimulation {
    func handOver(_ p: Int, at time: Int64) {
        guard rules.handsOverAtShutdown, model.conf.failoverAtShutdown, nodes[p].isMaster,
            time < ClusterSimulation.never
        else { return }
        let produced = offset(of: p, at: time)
        let ready = (0..<count).filter { follows($0, p) && links[$0].acknowledgedOffset == produced }
        guard let heir = ready.max(by: { links[$0].connectedAt < links[$1].connectedAt }) else {
            recorder.note(time - faultTime, p, "has no replica in sync to hand over to")
            return
        }
        let network = model.environment.network
        let near = processes[p].host == processes[heir].host
        let delay = (near ? network.withinHost : network.betweenHosts).sample(&dice[p].network)
        events.schedule(
            .handOver(Int16(heir), generation: processes[heir].generation), at: max(time + delay, events.now))
        recorder.note(time - faultTime, p, "hands over to a replica as it exits")
    }

    /// The command reaches the replica; one that stands still executes it when it goes on, which is too late to matter.
    func takeOver(_ p: Int) {
        if processes[p].state == .running { requestFailover(p, .force) }
    }
}
