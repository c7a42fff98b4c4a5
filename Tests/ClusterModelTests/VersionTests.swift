import DiscreteEvent
import Experiments
import Foundation
import ModelFile
import Randomness
import RedisCluster
import Statistics
import SystemModel
import Testing

@testable import ClusterModel

/// What the versions' rules come to in time. The rules themselves are in the transcripts.
struct VersionTests {
    private static let second: Int64 = 1_000_000_000
    private static let model = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../models/six-processes").path

    /// Medians of milestones, ms after the fault, with the share that got there.
    private struct Medians {
        let table: OutcomeTable
        let replications: Int

        subscript(_ milestone: Milestone) -> Double {
            quantile((0..<replications).compactMap { table.time(of: milestone, in: $0) }.map { Double($0) / 1e6 }, 0.5)
        }

        /// From one milestone to another, where both came.
        func from(_ first: Milestone, to second: Milestone) -> [Double] {
            (0..<replications).compactMap { index in
                guard let start = table.time(of: first, in: index), let end = table.time(of: second, in: index) else {
                    return nil
                }
                return Double(end - start) / 1e6
            }
        }
    }

    private func medians(_ scenario: String, _ overrides: String..., replications: Int = 60) throws -> Medians {
        let loaded = try ModelReader.read(directory: Self.model, overrides: overrides)
        var scenario = try loaded.scenario(named: scenario, overrides: overrides)
        scenario.horizon = 20 * Self.second
        let table = Runner(model: loaded.model, scenario: scenario, seed: 5).run(replications: replications, workers: 2)
        return Medians(table: table, replications: replications)
    }

    @Test func `a lone replica of Valkey 9 stands as soon as it knows of the FAIL`() throws {
        let old = try medians("kill-master").from(.failed, to: .electionStarted)
        #expect(old.allSatisfy { $0 > 500 })
        let new = try medians("kill-master", "engine=valkey:9").from(.failed, to: .electionStarted)
        #expect(new.count > 50)
        #expect(new.allSatisfy { $0 < 10 }, "\(new)")
    }

    @Test func `of two replicas the better one does not wait longer than their messages need`() throws {
        let new = try medians("kill-master", "engine=valkey:9", "cluster.replicas-per-master=2")
        #expect(quantile(new.from(.failed, to: .electionStarted), 0.9) < 160)
        let old = try medians("kill-master", "engine=valkey:8", "cluster.replicas-per-master=2")
        #expect(quantile(old.from(.failed, to: .electionStarted), 0.1) > 500)
    }

    @Test func `a master of Valkey 9 hands over as it exits, if it is told to`() throws {
        let told = try medians("terminate-master", "engine=valkey:9", "shutdown-on-sigterm=failover")
        #expect(told[.promoted] < 400)
        #expect(try medians("terminate-master", "engine=valkey:9")[.promoted] > 5000)
    }

    @Test func `6 2 exits without waiting for its replicas`() throws {
        let waits = try medians("terminate-master", "environment.load=200", replications: 120)
        let goes = try medians("terminate-master", "environment.load=200", "engine=redis:6.2", replications: 120)
        #expect(waits[.failed] - goes[.failed] > 200, "\(waits[.failed]) against \(goes[.failed]) ms")
    }

    @Test func `a full resynchronisation of 6 2 begins at once`() throws {
        let old = try medians("kill-and-return", "engine=redis:6.2", "scenario.after=12s")
        let new = try medians("kill-and-return", "scenario.after=12s")
        #expect(quantile(old.from(.demoted, to: .resynchronised), 0.5) < 1500)
        #expect(quantile(new.from(.demoted, to: .resynchronised), 0.5) > 3500)
    }

    /// Three sleeps of 10 ms, by which it learns how fast the processor's clock ticks: 48 to 72 ms from exec to "Ready"
    /// against 21 to 67 ms of 7.0.15, on the same busy machine.
    @Test(arguments: [(Engine.redis70, 15.0...16), (.valkey8, 15...16), (.valkey9, 45...47)])
    func `Valkey 9 1 starts 30 ms later`(engine: Engine, expected: ClosedRange<Double>) throws {
        let overrides = ["engine=\(engine.rawValue)", "environment.process.startUp=15ms"]
        let loaded = try ModelReader.read(directory: Self.model, overrides: overrides)
        let scenario = try loaded.scenario(named: "kill-and-return", overrides: overrides)
        let simulation = ClusterSimulation(model: loaded.model, scenario: scenario, seed: 5)
        for replication in 0..<5 {
            _ = simulation.watch(replication)
            let answers = simulation.watch.answers
            let began = try #require(answers.last { $0.kind == .loading })
            let ended = try #require(answers.last { $0.kind == .answers })
            #expect(expected.contains(Double(ended.time - began.time) / 1e6), "replication \(replication)")
        }
    }

    // MARK: nodes.conf

    @Test func `replacing nodes conf costs two fsyncs on a disk`() {
        var world = NFSWorld()
        world.engine = .redis72
        var model = world.model
        model.deployment = .processes(.init(hosts: ["a"], placement: [0, 0, 0, 0, 0, 0], storage: .local))
        model.environment.disk.save = .constant(100_000)
        model.environment.disk.sync = .constant(2e6)
        var storage = Storage(model: model)
        var dice = RandomStream(key: 1)
        #expect(storage.replaceEnd(0, bytes: 900, fsync: true, at: 0, now: 0, &dice) == 4_200_000)
        #expect(storage.replaceEnd(0, bytes: 900, fsync: false, at: 0, now: 0, &dice) == 200_000)
    }

    /// Open, flush, close and rename: four round trips instead of two.
    @Test func `on NFS it costs four round trips`() {
        var storage = Storage(model: NFSWorld(rtt: 50).model)
        storage.reset(RandomStream(key: 1))
        var dice = RandomStream(key: 7)
        let end = storage.replaceEnd(0, bytes: 900, fsync: true, at: 0, now: 0, &dice)
        #expect((200_000_000...215_000_000).contains(end))
    }

    @Test(arguments: [(Engine.redis70, false), (.redis72, true), (.valkey9, true)])
    func `the lock keeps nobody from a file that was renamed into place`(engine: Engine, isOpen: Bool) {
        var world = NFSWorld()
        world.engine = engine
        let simulation = world.simulation([(at: 0, action: NFSWorld.nothing)], until: 0)
        _ = simulation.replicate(0)
        _ = simulation.save(0, fsync: true, at: simulation.now)
        var dice = RandomStream(key: 1)
        let settings = world.model.environment.nfs
        let verdict = simulation.storage.volumes[0].lock.request(by: 1, at: simulation.now, settings, &dice)
        #expect((verdict == .granted) == isOpen)
    }

    @Test(arguments: [(Engine.redis74, false), (.valkey8, true)])
    func `Valkey saves nodes conf as it exits`(engine: Engine, saves: Bool) {
        var world = NFSWorld()
        world.engine = engine
        world.load = 0
        let simulation = world.simulation([(at: 0, action: NFSWorld.nothing)], until: 0)
        _ = simulation.replicate(0)
        simulation.nodes[0].lastVoteEpoch = 77
        _ = simulation.shutdownWrites(0, at: simulation.now)
        #expect((simulation.disks[0].lastVoteEpoch == 77) == saves)
    }
}
