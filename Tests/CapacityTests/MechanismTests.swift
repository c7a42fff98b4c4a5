import RedisCluster
import Testing

@testable import Capacity

/// Formulas for which a mechanism of the server or its allocator is the reason.
@Suite("What the server does is what the formulas count")
struct MechanismTests {
    /// Places of 10 KiB, one after the other from a page on, begin at 0 and 2048 of one: each reaches into three pages.
    @Test(
        "An allocation touches the pages that it lies in",
        arguments: [
            (4096.0, 1.0), (8192.0, 2.0), (10_240.0, 3.0), (20_480.0, 5.0), (2048.0, 1.0), (3072.0, 1.5),
            (48.0, 1.0078125), (8.0, 1.0),
        ])
    func pages(allocation: Double, pages: Double) {
        #expect(CopyOnWrite.pages(of: allocation) == pages)
    }

    /// fdatasync calls of 7.0.15 in four minutes of writes that came at random, at (writes, commits) a second.
    @Test(
        "Under everysec a write that comes second is made stable in the next second",
        arguments: [(0.454, 0.417), (0.929, 0.742), (1.975, 0.971)])
    func everySecond(writes: Double, measured: Double) {
        let commits = AppendOnlyCommits.everySecond(atRandom: writes)
        #expect((commits - measured).magnitude < 0.03, "\(commits)")
    }

    @Test("Many writes are one commit a second, none are none")
    func ends() {
        #expect(AppendOnlyCommits.everySecond(atRandom: 0) == 0)
        #expect(AppendOnlyCommits.everySecond(atRandom: 1e18) == 1)
        #expect(AppendOnlyCommits.always(groups: 0, seconds: 0.01) == 0)
    }

    @Test("Under always writes that come during a commit share the next", arguments: [20.0, 300.0, 2000.0])
    func always(writes: Double) throws {
        let study = LoadTests.study(LoadTests.setup(reads: 0, writes: writes, appendFsync: .always))
        let simulated = try #require(study.answers()).commitsPerSecond
        // A round trip of 0.2 ms, 0.03 ms of the server's time and 1 ms of its disk's.
        let formula = AppendOnlyCommits.always(groups: writes, seconds: 1.23e-3)
        #expect((formula / simulated - 1).magnitude < 0.1, "\(formula), simulated \(simulated)")
    }
}
