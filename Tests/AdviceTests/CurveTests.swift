@testable import Advice
import ClusterModel
import DiscreteEvent
import RedisCluster
import Statistics
import SystemModel
import Testing

@Suite struct CurveTests {
    @Test func findsTheKneeOfAnL() {
        let curve = [(1.0, 100.0), (2.0, 1.0), (10.0, 0.9), (20.0, 0.8)].map { (outage: $0.0, falseFailovers: $0.1) }
        #expect(TimeoutTradeoff.knee(curve) == 1)
        let straight = [(1.0, 100.0), (2.0, 10.0), (3.0, 1.0)].map { (outage: $0.0, falseFailovers: $0.1) }
        #expect(TimeoutTradeoff.knee(straight) == nil)
        #expect(TimeoutTradeoff.knee(Array(curve.prefix(2))) == nil)
    }

    @Test func invertsQuantiles() {
        let length = Distribution.lognormal(p50: 1e9, p99: 30e9)
        #expect(abs(length.probability(below: 30e9) - 0.99) < 1e-6)
        #expect(abs(length.probability(below: 1e9) - 0.5) < 1e-6)
        #expect(Distribution.constant(5).probability(below: 5) == 0)
        #expect(Distribution.constant(5).probability(below: 6) == 1)
    }

    @Test func crossesOneHalfBetweenPoints() throws {
        let points: [(away: Int64, promoted: Share)] = try [(1, 0), (2, 20), (3, 80), (4, 100)].map {
            (away: Int64($0.0) * 1_000_000_000, promoted: try #require(Share($0.1, of: 100)))
        }
        let crossing = try #require(RestartRace.crossing(points))
        #expect(abs(crossing.value - 2.5e9) < 1)
        #expect(crossing.interval.low == 2e9 && crossing.interval.high == 3e9)
        #expect(RestartRace.crossing(Array(points.suffix(1))) == nil)
    }

    @Test func chargesSilenceToWhoServedLast() {
        let changes = [
            ServingChange(time: -5, part: 0, process: 1), ServingChange(time: 10, part: 0, process: -1),
            ServingChange(time: 30, part: 0, process: 2), ServingChange(time: 40, part: 0, process: -1),
        ]
        #expect(MaintenanceStudy.charges(changes, pods: 3, until: 100) == [0, 20, 60])
    }

    /// A pause that is shorter than 0.8 timeouts promotes nobody; one of twice the timeout does.
    @Test(arguments: [(0.8, 0.0), (2.5, 1.0)])
    func pausesPromoteByTheirLength(_ multiple: Double, _ share: Double) throws {
        let model = try Models.load("six-processes")
        let length = Int64(multiple * Double(model.conf.nodeTimeout) * 1e6)
        let faults = StandardFaults(model)
        let pause = faults.scenario("pause", .freeze(.masters(count: 1), duration: length))
        let outcomes = try #require(Effort(replications: 30, seed: 1, workers: 2).outcomes(model, pause))
        #expect(Double(outcomes.count(where: \.promoted)) / 30 == share)
    }

    @Test func shorterTimeoutsCostMoreFalseFailovers() throws {
        let model = try Models.load("six-processes")
        let effort = Effort(replications: 20, seed: 1, workers: 2)
        let short = try #require(TimeoutTradeoff.point(model, 1000, effort))
        let long = try #require(TimeoutTradeoff.point(model, 10_000, effort))
        #expect(short.outage.p50.value < long.outage.p50.value)
        #expect(short.falseFailovers.total.interval.low > long.falseFailovers.total.interval.high)
    }

    @Test func anyNumberOfThreadsSaysTheSame() throws {
        let model = try Models.load("six-processes")
        let fault = StandardFaults(model).kill(0)
        let one = try #require(Effort(replications: 9, seed: 4, workers: 1).outcomes(model, fault))
        let three = try #require(Effort(replications: 9, seed: 4, workers: 3).outcomes(model, fault))
        #expect(one == three)
        #expect(Effort(replications: 9, seed: 4, workers: 2, shouldStop: { true }).outcomes(model, fault) == nil)
    }
}
