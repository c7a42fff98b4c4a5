import SystemModel
import Testing

@testable import ClusterModel

/// Workers and the control plane that vanish, and come back.
struct PodsMachineTests {
    private func world(_ simulation: ClusterSimulation) throws -> PodWorld { try #require(simulation.pods) }

    // MARK: For good

    @Test func node1TakesAMasterWithItsOnlyReplica() throws {
        let simulation = try PodsReference.simulation("lose-node1", horizon: 400)
        let story = simulation.tell(0)
        #expect(!story.outcome.promoted && !story.outcome.recovered)
        #expect(story.outcome.obstacle == .replicaBesideMaster)
        let pods = try world(simulation).pods
        #expect([0, 3, 5].allSatisfy { pods[$0].isDeleted && pods[$0].incarnation == 0 })
        #expect([1, 2, 4].allSatisfy { pods[$0].ready })
        #expect(story.lines.last?.text.contains("redis-app-0 stays Terminating until node1 answers") == true)
    }

    @Test func node2TakesTheMajority() throws {
        let outcomes = try PodsReference.outcomes("lose-node2", 2, horizon: 100)
        for outcome in outcomes {
            #expect(!outcome.promoted && !outcome.recovered && outcome.obstacle == .majorityTogether)
        }
    }

    /// 30 to 45 s to Unknown, a pass of 5 s to the taint, 300 s of toleration; the grace is 10 s longer now.
    @Test(arguments: [("1.17", 335.0), ("current", 345.0)])
    func evictsWhenTheReleaseSays(release: String, earliest: Double) throws {
        for seed in UInt64(1)...4 {
            let simulation = try PodsReference.simulation(
                [(0, .crashNode(.node("node1"), duration: nil))], horizon: 365, ["kubernetes=\(release)"], seed: seed)
            let evictions = simulation.tell(0).times("evicted")
            #expect(evictions.count == 3, "seed \(seed)")
            #expect(evictions.allSatisfy { $0 >= earliest && $0 <= earliest + 16 }, "seed \(seed): \(evictions)")
        }
    }

    /// 1.17 leaves a node named master out of its count: with both workers gone nothing is evicted. Now it counts, and
    /// the second worker's pods go 10 s after the first's.
    @Test(arguments: [("1.17", 0), ("current", 6)])
    func losingBothWorkersStopsEvictionsIn117(release: String, evicted: Int) throws {
        let simulation = try PodsReference.simulation(
            [(0, .crashNode(.node("node1"), duration: nil)), (0, .crashNode(.node("node2"), duration: nil))],
            horizon: 400, ["kubernetes=\(release)"])
        let story = simulation.tell(0)
        let evictions = story.times("evicted")
        #expect(evictions.count == evicted)
        if let first = evictions.first, let last = evictions.last { #expect(last - first >= 9.9) }
        #expect(story.times("evictions are stopped").isEmpty == (evicted > 0))
    }

    /// When a worker returns, the timers of the other begin anew.
    @Test func aReadyNodeStartsTheTimersAgain() throws {
        let simulation = try PodsReference.simulation(
            [
                (0, .crashNode(.node("node1"), duration: nil)),
                (0, .crashNode(.node("node2"), duration: 200 * PodsReference.second)),
            ], horizon: 750, ["environment.kubernetesTimings.reboot=10s"])
        let story = simulation.tell(0)
        let evictions = story.times("evicted")
        #expect(evictions.count == 3)
        #expect(evictions.allSatisfy { $0 > 510 && $0 < 530 }, "\(evictions)")
        #expect(story.times("node2 is back") == [210])
    }

    // MARK: And back

    @Test func aRebootBeforeTheEvictionKeepsThePods() throws {
        let simulation = try PodsReference.simulation(
            [(0, .crashNode(.node("node1"), duration: 60 * PodsReference.second))], horizon: 250)
        let outcome = simulation.replicate(0)
        let pods = try world(simulation).pods
        #expect(outcome.recovered)
        #expect(pods.allSatisfy { $0.incarnation == 0 && $0.ready })
        #expect([0, 3, 5].map { pods[$0].address }.sorted() == ["10.244.1.81", "10.244.1.82", "10.244.1.83"])
    }

    /// One after another, each Running and Ready before the next: 0, 3, 5.
    @Test func aRebootAfterTheEvictionMakesThePodsAnewInOrder() throws {
        let simulation = try PodsReference.simulation(
            [(0, .crashNode(.node("node1"), duration: 400 * PodsReference.second))], horizon: 700,
            ["environment.kubernetesTimings.reboot=10s"])
        let story = simulation.tell(0)
        #expect(story.outcome.recovered)
        let pods = try world(simulation).pods
        #expect(pods.map(\.incarnation) == [1, 0, 0, 1, 0, 1])
        let created = [0, 3, 5].flatMap { story.times("is created", of: $0) }
        let ready = [0, 3, 5].flatMap { story.times("Running and Ready", of: $0) }
        #expect(created.count == 3 && ready.count == 3)
        #expect(created.first.map { $0 > 410 } == true)
        for (earlier, later) in zip(ready, created.dropFirst()) { #expect(earlier < later) }
    }

    /// Six new addresses at once: nodes.conf holds the old ones, and no node can introduce another.
    @Test func losingAllMachinesLosesAllAddresses() throws {
        let both = [Target.node("node1"), .node("node2")]
        let simulation = try PodsReference.simulation(
            both.map { (0, .crashNode($0, duration: 20 * PodsReference.second)) }, horizon: 150,
            ["environment.kubernetesTimings.reboot=10s"])
        let outcome = simulation.replicate(0)
        #expect(!outcome.recovered && outcome.obstacle == .addressesLost)
        let pods = try world(simulation).pods
        #expect(pods.allSatisfy { $0.ready && $0.incarnation == 0 })
    }

    /// A master and its replica under new addresses: where the replica learns its master's by gossip alone, it follows
    /// the old one for good, as servers before 8.0 do.
    @Test func aReplicaMayFollowAnAddressThatIsNobodys() throws {
        let simulation = try PodsReference.simulation(
            [(0, .crashNode(.node("node2"), duration: 20 * PodsReference.second))], horizon: 150,
            ["environment.kubernetesTimings.reboot=10s"])
        let stories = (0..<8).map { simulation.tell($0) }
        #expect(stories.allSatisfy { $0.outcome.recovered })
        let stranded = stories.count { !$0.times("still follows 10.244.2.52", of: 4).isEmpty }
        let synchronised = stories.count { !$0.times("in sync", of: 4).isEmpty }
        #expect(stranded > 0 && synchronised > 0 && stranded + synchronised == 8, "\(stranded), \(synchronised)")
    }

    @Test func aShortCutChangesNoAddress() throws {
        let simulation = try PodsReference.simulation(
            [(0, .cutNode(.node("node1"), duration: 60 * PodsReference.second))], horizon: 150)
        let outcome = simulation.replicate(0)
        #expect(outcome.recovered && !outcome.promoted)
        let pods = try world(simulation).pods
        #expect(pods.allSatisfy { $0.incarnation == 0 && $0.ready })
        #expect(pods[0].address == "10.244.1.77")
    }

    /// The kubelet that is heard again ends what was deleted meanwhile, all at once; the controller makes it anew in
    /// order.
    @Test func aLongCutEndsAllPodsAtOnce() throws {
        let simulation = try PodsReference.simulation(
            [(0, .cutNode(.node("node1"), duration: 400 * PodsReference.second))], horizon: 700)
        let story = simulation.tell(0)
        let signals = [0, 3, 5].flatMap { story.times("SIGTERM", of: $0) }
        #expect(signals.count == 3)
        #expect(signals.allSatisfy { $0 >= 400 && $0 <= 400.11 }, "\(signals)")
        let pods = try world(simulation).pods
        #expect(pods.map(\.incarnation) == [1, 0, 0, 1, 0, 1])
        #expect(story.outcome.recovered)
    }

    // MARK: OrderedReady

    /// app-0, Terminating on a lost worker, keeps app-1 on the living one from being made anew; under Parallel it
    /// doesn't, and lower ordinals are repaired under both.
    @Test func aStuckOrdinalBlocksTheHigherOnes() throws {
        let blocked: [(at: Double, action: Action)] = [
            (0, .crashNode(.node("node1"), duration: nil)), (360, .deletePod(.pod("redis-app-1"), graceSeconds: nil)),
        ]
        let ordered = try PodsReference.simulation(blocked, horizon: 440)
        _ = ordered.replicate(0)
        let blockedPods = try world(ordered).pods
        #expect(blockedPods[1].phase == .absent)
        let parallel = try PodsReference.inParallel { try PodsReference.simulation(blocked, horizon: 440, path: $0) }
        _ = parallel.replicate(0)
        let freePods = try world(parallel).pods
        #expect(freePods[1].ready)
        let lower = try PodsReference.simulation(
            [
                (0, .crashNode(.node("node2"), duration: nil)),
                (360, .deletePod(.pod("redis-app-0"), graceSeconds: nil)),
            ], horizon: 440)
        _ = lower.replicate(0)
        let repairedPods = try world(lower).pods
        #expect(repairedPods[0].ready)
    }

    // MARK: The machine of the control plane and of the volumes

    @Test func withoutAControlPlaneNothingIsDeletedOrRepaired() throws {
        let simulation = try PodsReference.simulation(
            [
                (0, .crashNode(.node("master"), duration: nil)),
                (5, .deletePod(.pod("redis-app-0"), graceSeconds: nil)),
                (10, .rollingRestart),
            ], horizon: 200)
        let story = simulation.tell(0)
        #expect(story.times("the pod is not deleted").count == 1 && story.times("nothing is rolled out").count == 1)
        let pods = try world(simulation).pods
        #expect(pods.allSatisfy { $0.ready && $0.incarnation == 0 })
        #expect(story.times("NotReady").isEmpty)
    }

    /// A hard mount whose server is away hangs, and without an API server nobody is told: either way the object stays.
    @Test(arguments: [
        (1.3, Action.crashNode(.node("master"), duration: 50 * PodsReference.second), 61.3),
        (0.05, .nfs(.stall, .all, duration: 60 * PodsReference.second), 60.0),
    ])
    func aPodCannotGoWithoutItsVolumeOrTheControlPlane(at: Double, fault: Action, until: Double) throws {
        let simulation = try PodsReference.simulation(
            [(0, .deletePod(.pod("redis-app-5"), graceSeconds: nil)), (at, fault)], horizon: 150,
            ["environment.kubernetesTimings.reboot=10s"] + PodsReference.fixedReturn(removal: "3s"))
        let story = simulation.tell(0)
        let gone = story.times("pod is gone", of: 5)
        #expect(gone.count == 1 && gone[0] >= until && gone[0] < until + 10, "\(gone)")
        let pods = try world(simulation).pods
        #expect(pods[5].ready)
    }
}
