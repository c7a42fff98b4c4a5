import RedisCluster
import SystemModel
import Testing

@testable import ClusterModel

/// Containers that end, pods that are deleted, roll-outs and returns.
struct PodsLifeTests {
    private func kill(_ pod: String) -> Action { .kill(.pod(pod), restartAfter: nil, newAddress: false) }

    /// Same pod, same address; 0, 10 and 20 s of back-off, and what relist, registry and start take.
    @Test func containersRestartInPlaceWithBackOff() throws {
        let simulation = try PodsReference.simulation(
            [(0, kill("redis-app-5")), (30, kill("redis-app-5")), (70, kill("redis-app-5"))], horizon: 120)
        let story = simulation.tell(0)
        let starts = story.times("process starts at 10.244.1.79", of: 5)
        #expect(starts.count == 3, "\(starts)")
        for (start, earliest) in zip(starts, [0.8, 40.8, 90.8]) {
            #expect(start >= earliest && start <= earliest + 4.2, "\(starts)")
        }
        #expect(simulation.pods?.pods[5].incarnation == 0 && simulation.pods?.pods[5].ready == true)
        #expect(story.outcome.recovered && !story.outcome.promoted)
    }

    /// A stopped process does not act on SIGTERM: the kubelet kills it when the grace period is over.
    @Test(arguments: [(Int64?.none, 20.0), (5, 5.0)])
    func aFrozenProcessIsKilledAfterItsGracePeriod(grace: Int64?, seconds: Double) throws {
        let simulation = try PodsReference.simulation(
            [
                (0, .freeze(.pod("redis-app-0"), duration: nil)),
                (15, .deletePod(.pod("redis-app-0"), graceSeconds: grace)),
            ], horizon: 100)
        let story = simulation.tell(0)
        let term = try #require(story.times("SIGTERM", of: 0).first)
        let exit = try #require(story.times("process exits", of: 0).first)
        #expect(abs(exit - term - seconds) < 0.001)
        #expect(story.outcome.promoted && story.outcome.recovered)
    }

    /// The old master finds its successor by the node id in its nodes.conf, and follows it.
    @Test func aMasterReturnsAsAReplica() throws {
        let simulation = try PodsReference.simulation("master-returns", horizon: 120)
        for replication in 0..<3 {
            let outcome = simulation.replicate(replication)
            #expect(outcome.promoted && outcome.recovered && outcome[.demoted] > 0, "replication \(replication)")
            let own = simulation.nodes[0].table.peers[0]
            #expect(simulation.wire.names[Int(own.id)].text.hasPrefix("07feeb4b"), "replication \(replication)")
            #expect(own.isReplica && simulation.nodes[0].replication.linkUp, "replication \(replication)")
        }
    }

    /// Everybody learns the replica's new address, and nobody is promoted.
    @Test func aReplicaReturnsUnderANewAddress() throws {
        let simulation = try PodsReference.simulation("replica-returns", horizon: 60)
        for replication in 0..<3 {
            let outcome = simulation.replicate(replication)
            #expect(!outcome.promoted && outcome.recovered, "replication \(replication)")
            #expect(outcome[.resynchronised] > 0, "replication \(replication)")
            for p in 0..<6 where p != 3 {
                let index = simulation.nodes[p].table.index(of: simulation.processes[3].nodeID)
                #expect(
                    simulation.nodes[p].table.peers[Int(index)].address == simulation.processes[3].address,
                    "replication \(replication), observer \(p)")
            }
        }
    }

    /// From the last ordinal down, each Running and Ready before the next is deleted; masters are promoted on the way,
    /// and what the pods that are back by then see is counted.
    @Test func aRollingRestartGoesFromTheLastToTheFirst() throws {
        let simulation = try PodsReference.simulation("rolling-restart", horizon: 240)
        let story = simulation.tell(1)
        let order = (0..<6).reversed()
        let deleted = order.flatMap { story.times("pod is Terminating", of: $0) }
        let ready = order.flatMap { story.times("Running and Ready", of: $0) }
        #expect(deleted.count == 6 && ready.count == 6)
        for (earlier, later) in zip(ready, deleted.dropFirst()) { #expect(earlier <= later) }
        #expect(story.outcome.recovered)
        #expect(story.outcome.promotions > 0 && story.outcome[.promoted] > 0 && story.outcome[.demoted] > 0)
        #expect(story.outcome.victims == [0, 1, 2, 3, 4, 5])
    }

    /// A pod that was bound before its worker was lost starts when the worker is back.
    @Test func anInterruptedStartGoesOn() throws {
        let simulation = try PodsReference.simulation(
            [
                (0, .deletePod(.pod("redis-app-0"), graceSeconds: nil)),
                (4, .cutNode(.node("node1"), duration: 20 * PodsReference.second)),
            ], horizon: 120, PodsReference.fixedReturn(removal: "2s"))
        let story = simulation.tell(0)
        let starts = story.times("process starts", of: 0)
        #expect(starts.count == 1 && starts[0] > 24, "\(starts)")
        #expect(simulation.pods?.pods[0].ready == true)
    }

    /// The first pod on a worker without the image waits for it.
    @Test func theFirstStartOnAWorkerPullsTheImage() throws {
        let pins = PodsReference.pins
        let together = pins.replacing("node2", with: "node1")
        try PodsReference.withModel("environment.yaml", replacing: pins, by: together) { path in
            let simulation = try PodsReference.simulation(
                [(0, .deletePod(.pod("redis-app-5"), graceSeconds: nil))], horizon: 90,
                PodsReference.fixedReturn(removal: "1s") + ["environment.kubernetesTimings.imagePull=20s"], path: path)
            let story = simulation.tell(0)
            #expect(story.times("bound to node2", of: 5).count == 1)
            let bound = try #require(story.times("bound to node2", of: 5).first)
            let start = try #require(story.times("process starts at 10.244.2.2", of: 5).first)
            #expect(start - bound > 23 && start - bound < 23.2)
        }
    }

    /// redis-cli --cluster create: slots, epochs and replicas as it gives them, learnt by all.
    @Test(arguments: [UInt64(1), 2, 3])
    func createsTheCluster(seed: UInt64) throws {
        let simulation = try PodsReference.simulation("create", horizon: 40, seed: seed)
        let outcome = simulation.replicate(0)
        #expect(outcome.recovered, "seed \(seed)")
        #expect(outcome[.resynchronised] > outcome[.healed], "seed \(seed)")
        for p in 0..<6 {
            let view = simulation.nodes[p].clusterView(simulation.wire)
            #expect(simulation.nodes[p].currentEpoch == 6, "seed \(seed), observer \(p)")
            #expect(view.nodes.count == 6, "seed \(seed), observer \(p)")
            for master in 0..<3 {
                let line = try #require(view[simulation.wire.names[Int(simulation.processes[master].nodeID)]])
                #expect(line.configEpoch == UInt64(master + 1), "seed \(seed), observer \(p)")
                #expect(line.slots == [[10923...16383, 5462...10922, 0...5461][master]], "seed \(seed), observer \(p)")
                let replica = try #require(view[simulation.wire.names[Int(simulation.processes[master + 3].nodeID)]])
                #expect(replica.master == line.id, "seed \(seed), observer \(p)")
            }
        }
    }

    /// Four masters ask for eight pods, and there are six volumes: two pods never start. The others have never met them,
    /// keep their volumes while they are away themselves, and are well without them.
    @Test func podsThatNeverStartAreNobodysFailure() throws {
        let simulation = try PodsReference.simulation("delete-pod", horizon: 120, ["cluster.masters=4"])
        for replication in 0..<4 {
            let outcome = simulation.replicate(replication)
            #expect(outcome.recovered && outcome.falseFailovers == 0, "replication \(replication)")
            #expect(simulation.nodes[1].table.count == 6)
            #expect(simulation.pods?.stuckPods == ["redis-app-6 is Pending: no node takes it"])
        }
    }
}
