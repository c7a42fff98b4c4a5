import RedisCluster
import SystemModel
import Testing

@testable import ClusterModel

/// Outages of the NFS server under six processes, against what was measured on 7.0.15.
struct NFSOutageTests {
    static let kinds: [NFSFault] = [.stall, .drop, .restart]

    @Test(arguments: kinds, [5.0, 15, 30])
    func `an idle cluster notices nothing`(kind: NFSFault, duration: Double) {
        for target in [Target.all, .masters(count: 1)] {
            let simulation = NFSWorld(load: 0).outage(kind, of: target, for: duration, until: duration + 20)
            for replication in 0..<3 {
                let outcome = simulation.replicate(replication)
                let situation = "\(kind) \(target) seed \(NFSWorld.seed) replication \(replication)"
                #expect(simulation.freezes.isEmpty, "\(situation)")
                #expect(simulation.instants(of: .suspected).isEmpty, "\(situation)")
                #expect(outcome.elections == 0 && outcome.anySlotUnserved == 0 && outcome.recovered, "\(situation)")
            }
        }
    }

    /// Measured from cut to freeze: p10 2.15, p50 2.54, p90 2.92 s.
    @Test func `under load all freeze two seconds after the next wall-clock second`() {
        let simulation = NFSWorld().outage(.stall, for: 5, until: 8)
        var first: [Double] = []
        var together = 0
        for replication in 0..<200 {
            _ = simulation.replicate(replication)
            let freezes = simulation.freezes
            #expect(freezes.count == 6, "seed \(NFSWorld.seed) replication \(replication): \(freezes)")
            first += freezes
            if let from = freezes.first, let to = freezes.last, to - from <= 0.1 { together += 1 }
        }
        #expect(abs(quantile(first, 0.1) - 2.15) < 0.1, "p10 \(quantile(first, 0.1))")
        #expect(abs(quantile(first, 0.5) - 2.54) < 0.1, "p50 \(quantile(first, 0.5))")
        #expect(abs(quantile(first, 0.9) - 2.92) < 0.1, "p90 \(quantile(first, 0.9))")
        // A cut within an fsync freezes those whose fsync it was a second before the others.
        #expect(together >= 190, "all six within 0.1 s in \(together) of 200")
    }

    /// 102 of 102 loaded outages of 1 to 30 s.
    @Test(arguments: kinds, [1.0, 3, 8, 12, 20, 30])
    func `six frozen together accuse nobody`(kind: NFSFault, duration: Double) {
        let back = kind == .drop ? 2 * duration + 16 : duration + 6
        let simulation = NFSWorld().outage(kind, for: duration, until: back)
        for replication in 0..<6 {
            let outcome = simulation.replicate(replication)
            let situation = "\(kind) \(duration) s, seed \(NFSWorld.seed) replication \(replication)"
            #expect(simulation.instants(of: .failed).isEmpty, "\(situation)")
            #expect(outcome.elections == 0 && outcome.promotions == 0 && outcome.recovered, "\(situation)")
            #expect((0..<6).allSatisfy { simulation.nodes[$0].currentEpoch == 6 }, "\(situation)")
            // Stray suspicions at the thaw are possible, and gone within 0.6 s.
            let thawed = simulation.thaws.last ?? 0
            #expect(simulation.instants(of: .suspected).allSatisfy { $0 < thawed + 0.6 }, "\(situation)")
            #expect(
                (0..<6).allSatisfy { p in
                    simulation.nodes[p].table.peers.elements.allSatisfy { !$0.flags.has(.failing) }
                }, "\(situation)")
        }
    }

    @Test func `a stall thaws within a fifth of a second of its end`() {
        let simulation = NFSWorld().outage(.stall, for: 10, until: 12)
        for replication in 0..<20 {
            _ = simulation.replicate(replication)
            #expect(simulation.thaws.count == 6)
            #expect(simulation.thaws.allSatisfy { (10...10.25).contains($0) }, "\(simulation.thaws)")
        }
    }

    /// 0.22 (2^k - 1) s after the packet that was lost first, which is the fsync of the next second.
    @Test(arguments: [(3.0, 3.3...4.5), (8, 13.8...15), (20, 27.8...29), (30, 56.0...57.2)])
    func `dropped packets come back with a retransmission`(duration: Double, range: ClosedRange<Double>) {
        let simulation = NFSWorld().outage(.drop, for: duration, until: 60)
        for replication in 0..<10 {
            _ = simulation.replicate(replication)
            #expect(simulation.thaws.count == 6, "seed \(NFSWorld.seed) replication \(replication)")
            #expect(simulation.thaws.allSatisfy { range.contains($0) }, "\(simulation.thaws)")
        }
    }

    @Test func `a restarted server is back one to two seconds later`() {
        let simulation = NFSWorld().outage(.restart, for: 5, until: 9)
        for replication in 0..<16 {
            _ = simulation.replicate(replication)
            #expect(simulation.thaws.count == 6, "seed \(NFSWorld.seed) replication \(replication)")
            #expect(simulation.thaws.allSatisfy { (6.1...7.25).contains($0) }, "\(simulation.thaws)")
        }
    }

    @Test func `a server that never returns freezes for good`() {
        let simulation = NFSWorld().simulation([(at: 0, action: .nfs(.restart, .all, duration: nil))], until: 120)
        let outcome = simulation.replicate(0)
        #expect(simulation.freezes.count == 6 && simulation.thaws.isEmpty)
        #expect(!outcome.recovered && outcome.obstacle == .storageAway)
    }

    @Test func `a round trip up to 200 ms is invisible under load`() {
        let simulation = NFSWorld(rtt: 200).simulation([(at: 0, action: NFSWorld.nothing)], until: 60)
        for replication in 0..<5 {
            let outcome = simulation.replicate(replication)
            #expect(simulation.freezes.isEmpty && outcome.anySlotUnserved == 0, "replication \(replication)")
        }
    }

    @Test func `a round trip of seconds freezes again and again, without suspicion at one`() {
        var longest: [Double] = []
        for rtt in [1000.0, 2000] {
            let simulation = NFSWorld(rtt: rtt).simulation([(at: 0, action: NFSWorld.nothing)], until: 60)
            var unserved = 0.0
            for replication in 0..<6 {
                let outcome = simulation.replicate(replication)
                unserved = max(unserved, Double(outcome.anySlotUnserved) / 1e9)
                if rtt == 1000 { #expect(simulation.instants(of: .suspected).isEmpty, "replication \(replication)") }
            }
            longest.append(unserved)
        }
        let what = "seconds of 60 in which some slot took no write: \(longest)"
        #expect(longest[0] > 1 && longest[1] > 1.2 * longest[0], "\(what)")
    }
}
