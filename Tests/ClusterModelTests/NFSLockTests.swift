import DiscreteEvent
import Randomness
import RedisCluster
import SystemModel
import Testing

@testable import ClusterModel

/// The lock on nodes.conf: who gets it, and when. Every case was measured n of n on knfsd.
struct NFSLockTests {
    /// What a replacement on another host meets, asked again every half second until it starts; s after its first try.
    private func wait(
        _ version: Environment.NFS.Version, createdFile: Bool, hostReturnsAfter: Double? = nil, on host: Int16 = 1,
        key: UInt64
    ) -> (refused: Bool, seconds: Double?) {
        var settings = Environment.NFS()
        settings.version = version
        var dice = RandomStream(key: key)
        var lock = NodesConfLock()
        lock.take(by: 0, createdFile: createdFile)
        lock.fallSilent(at: 0, stillRuns: false, settings, &dice)
        var time: Int64 = 0
        var refused = false
        while time < 600 * NFSWorld.second {
            if let back = hostReturnsAfter, time == NFSWorld.seconds(back) {
                lock.hostReturned(at: time, settings, &dice)
            }
            switch lock.request(by: host, at: time, settings, &dice) {
            case .granted: return (refused, Double(time) / 1e9)
            case .refused:
                refused = true
                time += NFSWorld.second / 2
            case .hangs(let end): time = end
            }
        }
        return (refused, nil)
    }

    @Test func `a dead host's lock lasts as long as its lease`() throws {
        for key in 0..<12 {
            let answer = wait(.v41, createdFile: true, key: UInt64(key))
            #expect(answer.refused)
            #expect(try (90...93.5).contains(#require(answer.seconds)), "key \(key): \(answer)")
        }
    }

    @Test func `a dead server that had found its file leaves a hang in open`() throws {
        for key in 0..<12 {
            let answer = wait(.v41, createdFile: false, key: UInt64(key))
            #expect(!answer.refused)
            #expect(try (104...106).contains(#require(answer.seconds)), "key \(key): \(answer)")
        }
    }

    @Test func `version 3 refuses for ever, until the old host is back`() throws {
        for key in 0..<6 {
            #expect(wait(.v3, createdFile: true, key: UInt64(key)).seconds == nil)
            let answer = wait(.v3, createdFile: true, hostReturnsAfter: 50, key: UInt64(key))
            #expect(answer.refused)
            #expect(try (62...64.5).contains(#require(answer.seconds)), "key \(key): \(answer)")
        }
    }

    @Test(arguments: [Environment.NFS.Version.v41, .v3])
    func `a rebooted host gets its own lock back`(version: Environment.NFS.Version) throws {
        let world = NFSWorld(load: 0, version: version)
        let crash = Action.crashNode(.node("a"), duration: 40 * NFSWorld.second)
        let simulation = world.simulation([(at: 0, action: crash)], until: 100)
        for replication in 0..<6 {
            _ = simulation.replicate(replication)
            let starts = simulation.recorder.story.filter { $0.text.hasPrefix("process starts") }
                .map { Double($0.time) / 1e9 }
            #expect(starts.count == 6, "replication \(replication): \(starts)")
            #expect(starts.allSatisfy { (51...55.1).contains($0) }, "replication \(replication): \(starts)")
        }
    }

    @Test func `a killed process's lock is free at once where its host lives`() {
        let kill = Action.kill(.masters(count: 1), restartAfter: 0, newAddress: false)
        let simulation = NFSWorld().simulation([(at: 0, action: kill)], until: 10)
        for replication in 0..<18 {
            _ = simulation.replicate(replication)
            let start = simulation.recorder.story.first { $0.text.hasPrefix("process starts") }?.time ?? .max
            #expect(start < NFSWorld.second, "seed \(NFSWorld.seed) replication \(replication): \(start) ns")
        }
    }

    @Test func `a second server is refused while the first runs`() {
        var dice = RandomStream(key: 1)
        var lock = NodesConfLock()
        lock.take(by: 0, createdFile: true)
        for hour in 0..<12 {
            #expect(lock.request(by: 1, at: Int64(hour) * 3600 * NFSWorld.second, Environment.NFS(), &dice) == .refused)
        }
    }

    /// The old server's host is cut off, its lease ends, a replacement starts elsewhere; the cut heals.
    private func doubleWriter(load: Double) -> ClusterSimulation {
        let world = NFSWorld(load: load, hosts: ["a", "b"])
        let simulation = world.simulation([(at: 0, action: NFSWorld.nothing)], until: 0)
        _ = simulation.replicate(0)
        let start = simulation.now
        simulation.cutStorage([0], until: start + 200 * NFSWorld.second)
        simulation.run(until: start + NFSWorld.second)
        simulation.die(0, goodbye: false)
        simulation.processes[0].host = 1
        simulation.scheduleStart(0, after: NFSWorld.second, newAddress: true)
        simulation.run(until: start + 150 * NFSWorld.second)
        return simulation
    }

    @Test func `nothing fences a server whose lease has ended, and two writers damage the AOF`() {
        let simulation = doubleWriter(load: 60)
        let start = simulation.recorder.story.first { $0.text.hasPrefix("process starts") }?.time ?? 0
        #expect((89...94).contains(Double(start) / 1e9), "\(start) ns")
        #expect(simulation.processes[0].isAlive)
        #expect(!simulation.storage.volumes[0].isDamaged(at: simulation.now))
        simulation.run(until: simulation.now + 100 * NFSWorld.second)
        #expect(simulation.storage.volumes[0].isDamaged(at: simulation.now))
        simulation.die(0, goodbye: true)
        simulation.scheduleStart(0, after: 2 * NFSWorld.second, newAddress: false)
        simulation.run(until: simulation.now + 60 * NFSWorld.second)
        #expect(!simulation.processes[0].isAlive)
        #expect(simulation.recorder.story.contains { $0.text.contains("AOF, which is damaged") })
    }

    @Test func `where nothing is written nothing is damaged`() {
        let simulation = doubleWriter(load: 0)
        simulation.run(until: simulation.now + 100 * NFSWorld.second)
        #expect(simulation.processes[0].isAlive)
        #expect(!simulation.storage.volumes[0].isDamaged(at: simulation.now))
    }
}
