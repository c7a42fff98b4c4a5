import Randomness
import RedisCluster
import Testing

@Suite("Random faults")
struct RandomFaultTests {
    /// Size, directives and faults, all from the seed.
    private static func cluster(_ seed: UInt64) -> ManualCluster {
        var dice = RandomStream(seed: seed, replication: 0, purpose: .test, entity: 1)
        var conf = RedisConf()
        conf.nodeTimeout = [1000, 2000][dice.below(2)]
        conf.allowReplicaMigration = dice.below(2) == 0
        conf.requireFullCoverage = dice.below(3) != 0
        let cluster = ManualCluster.running(
            masters: 3 + dice.below(2), replicas: 1 + dice.below(2), seed: seed, conf: conf)
        cluster.isMuted = true
        return cluster
    }

    @Test("invariants hold under faults; healed, the cluster agrees", arguments: 0..<10 as Range<UInt64>)
    func convergence(_ seed: UInt64) {
        let cluster = Self.cluster(seed)
        let invariants = ClusterInvariants(watching: cluster)
        var script = FaultScript(seed: seed, rate: 0.08)
        for _ in 0..<300 {
            script.strike(cluster)
            cluster.tick()
        }
        FaultScript.repair(cluster)
        for _ in 0..<40 where !Self.agrees(cluster) { for _ in 0..<10 { cluster.tick() } }
        for _ in 0..<30 { cluster.tick() }
        #expect(invariants.violations.isEmpty, "seed \(seed): \(invariants.violations.prefix(3))")
        #expect(Self.agrees(cluster), "seed \(seed): no agreement\n\(Self.picture(cluster))")
    }

    @Test("invariants hold though volumes are lost", arguments: 100..<104 as Range<UInt64>)
    func lostVolumes(_ seed: UInt64) {
        let cluster = Self.cluster(seed)
        let invariants = ClusterInvariants(watching: cluster)
        var script = FaultScript(seed: seed, rate: 0.08, allowed: Set(FaultScript.Kind.allCases))
        for _ in 0..<300 {
            script.strike(cluster)
            cluster.tick()
        }
        #expect(invariants.violations.isEmpty, "seed \(seed): \(invariants.violations.prefix(3))")
    }

    @Test("remembering quiet ticks changes nothing", arguments: 200..<204 as Range<UInt64>)
    func quietTicks(_ seed: UInt64) {
        let remembering = Self.cluster(seed)
        let forgetting = Self.cluster(seed)
        forgetting.forgetsQuietTicks = true
        var scripts = [FaultScript(seed: seed, rate: 0.04), FaultScript(seed: seed, rate: 0.04)]
        for cluster in [remembering, forgetting] {
            cluster.isMuted = false
            cluster.tracesMessages = true
        }
        for tick in 0..<300 {
            scripts[0].strike(remembering)
            remembering.tick()
            scripts[1].strike(forgetting)
            forgetting.tick()
            let happened = remembering.takeLog()
            let expected = forgetting.takeLog()
            guard happened == expected else {
                let first = zip(happened, expected).first { $0 != $1 }
                Issue.record("seed \(seed) tick \(tick): \(String(describing: first))")
                return
            }
        }
        for p in remembering.nodes.indices {
            let text = remembering.nodes[p].clusterNodesText(remembering.wire)
            #expect(text == forgetting.nodes[p].clusterNodesText(forgetting.wire), "seed \(seed)")
        }
    }

    /// Why the cluster is not whole: not all serve, name the same owners and roles, and accuse nobody.
    private static func quarrels(_ cluster: ManualCluster) -> [String] {
        let owners = ownership(cluster, 0)
        var found: [String] = []
        for p in cluster.nodes.indices {
            if !cluster.nodes[p].stateIsOk { found.append("n\(p + 1) is fail") }
            if ownership(cluster, p) != owners || owners.contains(noNode) { found.append("n\(p + 1) has other owners") }
            let known = cluster.nodes[p].table.count
            if known != cluster.nodes.count { found.append("n\(p + 1) knows \(known)") }
            let peers = cluster.nodes[p].table.peers.elements
            for index in peers.indices where peers[index].inUse {
                let peer = peers[index]
                let itself = cluster.nodes.indices.first { cluster.nodes[$0].id == peer.id }
                if peer.flags.has([.failing, .handshake, .noAddress])
                    || itself.map({ cluster.nodes[$0].isMaster }) != peer.isMaster
                {
                    found.append("n\(p + 1) has \(cluster.row(p, PeerIndex(index)))")
                }
            }
        }
        return found
    }

    private static func agrees(_ cluster: ManualCluster) -> Bool {
        cluster.nodes.indices.allSatisfy { cluster.nodes[$0].stateIsOk } && quarrels(cluster).isEmpty
    }

    private static func ownership(_ cluster: ManualCluster, _ p: Int) -> [NodeID] {
        cluster.nodes[p].owners.elements.map { $0 == noPeer ? noNode : cluster.nodes[p].table.peers[Int($0)].id }
    }

    private static func picture(_ cluster: ManualCluster) -> String {
        (quarrels(cluster)
            + cluster.nodes.indices.map { p in
                let owners = ownership(cluster, p).map(cluster.label).joined(separator: " ")
                return "\(cluster.summary(p)) owners \(owners)"
            }).joined(separator: "\n")
    }
}
