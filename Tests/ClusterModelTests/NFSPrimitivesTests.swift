import DiscreteEvent
import Randomness
import SystemModel
import Testing

@testable import ClusterModel

/// What one operation on the NFS server costs, against medians measured on knfsd (ms) with the round trip set by netem.
struct NFSPrimitivesTests {
    private static let roundTrips = [0, 0.2, 5, 50, 200]

    /// Median in ms of an operation done alone, far from the last one.
    private func median(
        _ world: NFSWorld, _ operation: (inout Storage, Int64, inout RandomStream) -> Int64
    ) -> Double {
        var storage = Storage(model: world.model)
        storage.reset(RandomStream(key: 1))
        var dice = RandomStream(key: 7)
        let sample = (0..<401).map { round in
            let start = Int64(round) * 10 * NFSWorld.second
            return Double(operation(&storage, start, &dice) - start) / 1e6
        }
        return quantile(sample, 0.5)
    }

    /// Within 15 %, or 0.3 ms of a machine that was doing other things too.
    private func expect(_ value: Double, near measured: Double, _ what: String) {
        #expect(abs(value - measured) <= max(0.15 * measured, 0.3), "\(what): \(value) ms, measured \(measured) ms")
    }

    @Test(arguments: zip(roundTrips, [0.34, 0.65, 5.5, 50.7, 200.8]))
    func `fsync after a page costs one round trip`(rtt: Double, measured: Double) {
        let value = median(NFSWorld(rtt: rtt)) { $0.syncEnd(0, bytes: 4096, at: $1, now: $1, &$2) }
        expect(value, near: measured, "RTT \(rtt)")
    }

    @Test(arguments: zip(roundTrips, [3.8, 5.6, 21, 154, 603]))
    func `fsync after a megabyte costs three`(rtt: Double, measured: Double) {
        let value = median(NFSWorld(rtt: rtt)) { $0.syncEnd(0, bytes: 1 << 20, at: $1, now: $1, &$2) }
        #expect(abs(value - measured) <= max(0.15 * measured, 1.2), "RTT \(rtt): \(value) ms, measured \(measured) ms")
    }

    @Test(arguments: zip(roundTrips, [0.42, 1.0, 10.7, 101, 401]))
    func `close after an unsynced write costs two`(rtt: Double, measured: Double) {
        let value = median(NFSWorld(rtt: rtt)) { $0.closeEnd(0, dirty: 4096, at: $1, now: $1, &$2) }
        expect(value, near: measured, "RTT \(rtt)")
    }

    @Test(arguments: roundTrips)
    func `nothing dirty costs nothing`(rtt: Double) {
        #expect(median(NFSWorld(rtt: rtt)) { $0.flushEnd(0, bytes: 0, at: $1, now: $1, &$2) } == 0)
    }

    @Test(arguments: roundTrips, [false, true])
    func `a save costs two round trips, three where the file shrinks, with or without fsync`(rtt: Double, fsync: Bool) {
        let grows = median(NFSWorld(rtt: rtt)) {
            $0.saveEnd(0, bytes: 900, shrinks: false, fsync: fsync, at: $1, now: $1, &$2)
        }
        let shrinks = median(NFSWorld(rtt: rtt)) {
            $0.saveEnd(0, bytes: 900, shrinks: true, fsync: fsync, at: $1, now: $1, &$2)
        }
        #expect(grows >= 2 * rtt && grows < 2 * rtt + 1.5, "RTT \(rtt): \(grows) ms")
        #expect(shrinks >= 3 * rtt && shrinks < 3 * rtt + 2, "RTT \(rtt): \(shrinks) ms")
    }

    @Test func `an async export does not wait for the disk`() {
        let stable = median(NFSWorld(rtt: 0)) { $0.syncEnd(0, bytes: 4096, at: $1, now: $1, &$2) }
        let unstable = median(NFSWorld(rtt: 0, export: .async)) { $0.syncEnd(0, bytes: 4096, at: $1, now: $1, &$2) }
        #expect(unstable < stable / 2, "\(unstable) ms against \(stable) ms")
    }

    @Test func `six clients at once queue for one disk`() {
        var storage = Storage(model: NFSWorld(rtt: 0.2).model)
        storage.reset(RandomStream(key: 1))
        var dice = RandomStream(key: 3)
        var alone = 0.0
        var last = 0.0
        for round in 0..<200 {
            let start = Int64(round) * NFSWorld.second
            let ends = (0..<6).map { storage.syncEnd($0, bytes: 4096, at: start, now: start, &dice) }
            alone += Double(ends[0] - start) / 200
            last += Double((ends.max() ?? 0) - start) / 200
        }
        #expect(last > 3 * alone, "the last of six took \(last) ns, the first \(alone)")
    }

    @Test func `a server takes the first gap that is long enough`() {
        var server = BusyPeriods()
        #expect(server.serve(arrival: 100, service: 10, now: 0) == 110)
        #expect(server.serve(arrival: 10, service: 5, now: 0) == 15)
        #expect(server.serve(arrival: 95, service: 10, now: 0) == 120)
        #expect(server.serve(arrival: 12, service: 80, now: 0) == 95)
        #expect(server.serve(arrival: 300, service: 0, now: 0) == 300)
    }
}
