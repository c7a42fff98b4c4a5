import DiscreteEvent
import RedisCluster
import Statistics
import SystemModel
import Testing

@testable import Capacity

@Suite("Load by simulation")
struct LoadTests {
    /// One master without files and without housekeeping worth mentioning: 10 us for a request.
    static func setup(
        reads: Double, writes: Double = 0, servers: Int = 1, appendFsync: RedisConf.AppendFsync? = nil,
        commit: Distribution = .constant(1e6)
    ) -> LoadSetup {
        var environment = Environment()
        environment.process.tickCost = .constant(1000)
        environment.process.packetCost = .constant(0)
        environment.nfs.rtt = .constant(200_000)
        environment.nfs.service = .constant(30_000)
        environment.nfs.commit = commit
        let server = LoadSetup.Server(reads: reads, writes: writes, host: 0)
        return LoadSetup(
            servers: [LoadSetup.Server](repeating: server, count: servers), pipelining: 1, requestTime: 8e-6,
            readTime: 2e-6, writeTime: 2e-6, bytesPerWrite: 100, appendFsync: appendFsync ?? .no,
            appendOnly: appendFsync != nil, onNFS: true, environment: environment, hz: 10, packetsPerSecond: 0,
            rewriting: 0, snapshotRate: 60e6)
    }

    static func study(_ setup: LoadSetup, latency: Double = 0.005, replications: Int = 4) -> LoadStudy {
        var expectations = Demand.Expectations()
        expectations.latency = latency
        return LoadStudy(setup, expectations: expectations, seed: 1, replications: replications)
    }

    static func quantile(_ name: String, _ study: LoadStudy) throws -> Double {
        try #require(study.answers()?.quantiles.first { $0.name == name }).estimate.value
    }

    @Test("Alone, a request takes its service time")
    func alone() throws {
        let median = try Self.quantile("p50", Self.study(Self.setup(reads: 100)))
        #expect((median / 10_000 - 1).magnitude < 0.02)
    }

    @Test("Answers take longer the more is asked, and without end beyond the thread")
    func congestion() throws {
        let loads = [10_000.0, 50_000, 90_000, 120_000]
        let times = try loads.map { try Self.quantile("p99", Self.study(Self.setup(reads: $0), replications: 2)) }
        #expect(times == times.sorted())
        #expect(times[0] < 50_000)
        // A fifth too much for 20 s leaves seconds of queue.
        #expect(times[3] > 1e9)
    }

    @Test("Under always every write waits for a round trip and a commit; under everysec none does")
    func policies() throws {
        let always = try Self.quantile("p50", Self.study(Self.setup(reads: 0, writes: 20, appendFsync: .always)))
        #expect(always > 1.24e6 && always < 1.4e6)
        let everySecond = try Self.quantile(
            "p999", Self.study(Self.setup(reads: 0, writes: 20, appendFsync: .everysec)))
        #expect(everySecond < 100_000)
    }

    /// Redis 7.0.15, aof.c: a write is put off for two seconds while an fsync runs, then made, and waits.
    @Test("Storage that needs four seconds for an fsync freezes the server for about two")
    func freeze() throws {
        let setup = Self.setup(reads: 100, writes: 50, appendFsync: .everysec, commit: .constant(4e9))
        let answers = try #require(Self.study(setup, replications: 2).answers())
        #expect(answers.longestFreeze > 1.5e9 && answers.longestFreeze < 2.6e9)
        #expect(answers.failed.value > 0.2)
    }

    @Test("Commits of servers that share a disk wait for each other")
    func sharing() throws {
        let one = Self.study(Self.setup(reads: 0, writes: 100, servers: 1, appendFsync: .always))
        let six = Self.study(Self.setup(reads: 0, writes: 100, servers: 6, appendFsync: .always))
        let (alone, shared) = (try Self.quantile("p90", one), try Self.quantile("p90", six))
        #expect(shared > alone * 1.2)
        let commits = try #require(six.answers()).commitsPerSecond
        // Writes that arrive during a commit share the next.
        #expect(commits > 400 && commits < 600)
    }

    @Test("Six servers under everysec commit six times a second")
    func everySecondCommits() throws {
        let setup = Self.setup(reads: 0, writes: 100, servers: 6, appendFsync: .everysec)
        let commits = try #require(Self.study(setup).answers()).commitsPerSecond
        #expect((commits / 6 - 1).magnitude < 0.03)
    }

    @Test("The expected quantile is the one that the expectations name")
    func expectedQuantile() throws {
        var expectations = Demand.Expectations()
        expectations.quantile = 0.95
        let study = LoadStudy(
            Self.setup(reads: 80_000), expectations: expectations, seed: 1, replications: 2)
        let expected = try #require(study.answers()).expected.value
        #expect(try Self.quantile("p90", study) < expected && expected < Self.quantile("p99", study))
    }

    @Test("The largest load is found, is the same again, and is just met")
    func largest() throws {
        let setup = Self.setup(reads: 10_000)
        let study = Self.study(setup, latency: 0.0005)
        let factor = try #require(study.largestFactor())
        #expect(factor == study.largestFactor())
        #expect(factor.value > 7 && factor.value < 10)
        #expect(factor.interval.low <= factor.value && factor.value <= factor.interval.high)
        let below = try Self.quantile("p99", Self.study(Self.setup(reads: 10_000 * factor.interval.low * 0.98)))
        let above = try Self.quantile("p99", Self.study(Self.setup(reads: 10_000 * factor.interval.high * 1.02)))
        #expect(below < 0.0005e9 && above > 0.0005e9)
    }

    @Test("An expectation that no load meets has a largest load of none")
    func impossible() throws {
        let setup = Self.setup(reads: 0, writes: 20, appendFsync: .always)
        #expect(try #require(Self.study(setup, latency: 0.0001).largestFactor()).value == 0)
    }
}
