import RedisCluster
import SystemModel
import Testing

@testable import ClusterModel

/// Failovers whose saves go to the NFS server, and masters whose storage alone goes away.
struct NFSFailoverTests {
    private static let kill = Action.kill(.masters(count: 1), restartAfter: nil, newAddress: false)

    /// Two serial saves between asking and winning: candidate, then voters. Measured 23, 60, 324 and 1101 ms, on a
    /// machine whose six saves at once took 10 ms more each.
    @Test(arguments: zip([0.03, 5, 50, 200], [0.023, 0.060, 0.324, 1.101]))
    func `an election costs two saves`(rtt: Double, measured: Double) {
        let simulation = NFSWorld(load: 0, rtt: rtt).simulation([(at: 0, action: Self.kill)], until: 15)
        var duration: [Double] = []
        var heal: [Double] = []
        for replication in 0..<20 {
            let outcome = simulation.replicate(replication)
            #expect(outcome.promotions == 1 && outcome.recovered, "seed \(NFSWorld.seed) replication \(replication)")
            duration.append(Double(outcome[.promoted] - outcome[.electionStarted]) / 1e9)
            heal.append(Double(outcome[.healed] - outcome[.promoted]) / 1e9)
        }
        let roundTrip = rtt / 1000
        let median = quantile(duration, 0.5)
        #expect(median >= 4 * roundTrip && median <= 6 * roundTrip + 0.03, "\(median) s, measured \(measured) s")
        #expect(abs(median - measured) <= 0.04 + 0.12 * measured, "\(median) s, measured \(measured) s")
        // One save of the winner's before its news leave.
        let last = quantile(heal, 0.5)
        #expect(last >= 2 * roundTrip && last <= 3 * roundTrip + 0.06, "\(last) s at a round trip of \(rtt) ms")
    }

    /// The dying process holds its bus port while its files close: p90 of the first suspicion 6.36 s, then 5.12 s.
    @Test func `slow storage makes the first suspicion earlier and tighter`() {
        var p90: [Double] = []
        for rtt in [0.03, 200] {
            let simulation = NFSWorld(load: 0, rtt: rtt).simulation([(at: 0, action: Self.kill)], until: 9)
            p90.append(
                quantile((0..<60).map { Double(simulation.replicate($0)[.firstSuspected]) / 1e9 }, 0.9))
        }
        #expect(p90[0] > 5.9, "p90 without a round trip: \(p90[0]) s")
        #expect(p90[1] > 5 && p90[1] < 5.2, "p90 with 200 ms: \(p90[1]) s")
    }

    /// 34 of 34; demoted at most 305 ms after the later of thaw and win.
    @Test func `a master frozen for long is replaced, demoted at its thaw and resynchronised in full`() {
        let simulation = NFSWorld().outage(.stall, of: .masters(count: 1), for: 16, until: 40)
        for replication in 0..<34 {
            let outcome = simulation.replicate(replication)
            let situation = "seed \(NFSWorld.seed) replication \(replication)"
            #expect(outcome.promotions == 1 && outcome.falseFailovers == 0 && outcome.recovered, "\(situation)")
            let victim = outcome.victims[0]
            let later = max(Double(outcome[.promoted]) / 1e9, simulation.thaws.first ?? 0)
            let wait = Double(outcome[.demoted]) / 1e9 - later
            #expect(wait >= 0 && wait < 0.305, "\(situation): demoted after \(wait) s")
            #expect(simulation.links[victim].fullSyncs == 1, "\(situation)")
            #expect(simulation.links[victim].partialSyncs == 0, "\(situation)")
            // The time line is that of a frozen process, counted from the freeze.
            let suspected = Double(outcome[.firstSuspected]) / 1e9 - (simulation.freezes.first ?? 0)
            #expect(suspected > 4.9 && suspected < 7.7, "\(situation): suspected \(suspected) s after the freeze")
        }
    }

    @Test func `only the length of the freeze counts`() {
        for duration in [2.0, 6.0] {
            let simulation = NFSWorld().outage(.stall, of: .masters(count: 1), for: duration, until: 20)
            for replication in 0..<10 {
                let outcome = simulation.replicate(replication)
                #expect(outcome.promotions == 0 && outcome.recovered, "\(duration) s, replication \(replication)")
            }
        }
    }

    @Test func `no vote is granted while storage is away`() {
        let away = Action.nfs(.stall, .all, duration: 30 * NFSWorld.second)
        let simulation = NFSWorld(load: 0).simulation([(at: 0, action: away), (at: 1, action: Self.kill)], until: 60)
        for replication in 0..<20 {
            let outcome = simulation.replicate(replication)
            let situation = "seed \(NFSWorld.seed) replication \(replication)"
            #expect(outcome.promotions == 1, "\(situation)")
            #expect(simulation.instants(of: .voteGranted).allSatisfy { $0 > 30 }, "\(situation)")
            // Whoever reaches a majority blocks before its message leaves, stays mute, and is suspected by others.
            let failed = simulation.instants(of: .failed)
            #expect((failed.first ?? 99) < 12, "\(situation)")
            #expect(simulation.instants(of: .failLearned).allSatisfy { $0 > 30 }, "\(situation)")
            let accuser = simulation.recorder.observations.first { $0.observation.kind == .failed }?.process ?? -1
            let suspects = simulation.recorder.observations.filter { seen in
                seen.observation.kind == .suspected && (1e9 * 30) > Double(seen.time)
                    && simulation.recorder.process(of: seen.observation.subject, count: 6) == accuser
            }
            #expect(!suspects.isEmpty, "\(situation): nobody suspects \(accuser)")
        }
    }

    @Test func `what a killed process would have sent is not sent`() {
        let away = Action.nfs(.stall, .process(0), duration: 20 * NFSWorld.second)
        let steps: [(at: Double, action: Action)] = [
            (at: 0, action: away), (at: 5, action: .kill(.process(0), restartAfter: nil, newAddress: false)),
        ]
        let simulation = NFSWorld().simulation(steps, until: 40)
        for replication in 0..<10 {
            let outcome = simulation.replicate(replication)
            #expect(outcome.promotions == 1 && outcome.recovered, "seed \(NFSWorld.seed) replication \(replication)")
            #expect(simulation.storage.deferred.isEmpty)
        }
    }
}
