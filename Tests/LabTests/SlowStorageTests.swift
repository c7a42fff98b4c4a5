import Foundation
import ModelFile
import Randomness
import SystemModel
import Testing

@testable import Lab

@Suite("Slow storage is really slow", .serialized, .enabled(if: Servers.canRun), .timeLimit(.minutes(3)))
struct SlowStorageTests {
    /// How long a command took whose reply waits for a save of nodes.conf, and PING, in ms.
    private func measure(_ settings: [String], isSlow: Bool) async throws -> (save: Double, ping: Double) {
        let model = try ModelReader.read(
            directory: LabTests.package.path + "/models/six-on-nfs", overrides: ["appendonly=no"] + settings
        ).model
        let storage = isSlow ? try SlowStorageSettings(model.environment, model.deployment) : nil
        var dice = RandomStream(key: Moment.now.monotonic)
        let cluster = try LabCluster(try #require(Servers.binary), model, hosts: 1, storage, dice: &dice)
        do {
            try await cluster.start()
            let ping = try await time { _ = try await cluster.text(0, "PING") }
            let save = try await time { _ = try await cluster.text(0, "CLUSTER", "SET-CONFIG-EPOCH", "1") }
            await cluster.close()
            return (save, ping)
        } catch {
            await cluster.close()
            throw error
        }
    }

    private func time(_ work: () async throws -> Void) async rethrows -> Double {
        let start = ContinuousClock.now
        try await work()
        return (ContinuousClock.now - start) / .milliseconds(1)
    }

    @Test("A save of nodes.conf costs an open, a stable write, and a truncation where it shrinks; sockets cost nothing")
    func nfs() async throws {
        let settings = ["environment.nfs.rtt=200ms", "environment.nfs.commit=100ms", "environment.nfs.service=0ms"]
        let slow = try await leastOf(settings, isSlow: true) { $0.save < 1100 && $0.ping < 190 }
        #expect(slow.save >= 499 && slow.save < 1100, "\(slow.save) ms")
        #expect(slow.ping < 190, "\(slow.ping) ms")
        let local = try await leastOf(settings, isSlow: false) { $0.save < 400 }
        #expect(local.save < 400, "\(local.save) ms")
    }

    /// A busy machine adds to times and never takes from them, so the least of a few counts: as many as are needed to
    /// come below what they must not exceed.
    private func leastOf(
        _ settings: [String], isSlow: Bool, until isEnough: ((save: Double, ping: Double)) -> Bool
    ) async throws -> (save: Double, ping: Double) {
        var least = try await measure(settings, isSlow: isSlow)
        for _ in 0..<4 where !isEnough(least) {
            let again = try await measure(settings, isSlow: isSlow)
            least = (min(least.save, again.save), min(least.ping, again.ping))
        }
        return least
    }

    @Test("A local disk delays only what is synced")
    func disk() async throws {
        let settings = ["environment.disk.sync=300ms"]
        let model = try ModelReader.read(
            directory: LabTests.package.path + "/models/six-processes", overrides: settings
        ).model
        let variables = try SlowStorageSettings(model.environment, model.deployment).environment(root: "/r", seed: 7)
        #expect(variables.contains("REHEARSE_SLOW_KIND=disk") && variables.contains("REHEARSE_SLOW_ROOT=/r"))
        #expect(variables.contains { $0.hasPrefix("REHEARSE_SLOW_COMMIT=0.0001:300000000,") })
        #expect(!variables.contains { $0.hasPrefix("REHEARSE_SLOW_RTT=") })
    }
}
