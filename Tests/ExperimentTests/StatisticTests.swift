import ClusterModel
import Experiments
import Statistics
import SystemModel
import Testing

@Suite("Quantities and their statistics")
struct StatisticTests {
    @Test("Every milestone has a quantity of its name, and no other quantity says it is one")
    func milestones() {
        let named = Quantity.allCases.compactMap { quantity in quantity.milestone.map { ($0, quantity.rawValue) } }
        #expect(named.map(\.0) == Milestone.allCases)
        #expect(named.allSatisfy { $0.1 == "milestones.\($0.0.name)" })
        #expect(Quantity.allCases.count { $0.rawValue.hasPrefix("milestones.") } == Milestone.allCases.count)
    }

    @Test("A share has Wilson's interval, a mean Student's, a quantile order statistics'")
    func intervals() throws {
        let event = Statistic.probability(ReplicationEvent(.promoted, .holds(true)))
        let yes = (0..<100).map { $0 < 90 ? 1.0 : 0.0 }
        let share = try #require(event.estimate(from: yes))
        #expect(share.value == 0.9 && share.interval == Proportion(90, of: 100)?.wilson())
        let numbers = (1...200).map(Double.init)
        #expect(Statistic.mean(.elections).estimate(from: numbers) == Summary(numbers)?.meanEstimate())
        #expect(
            Statistic.quantile(.elections, 0.9).estimate(from: numbers) == Summary(numbers)?.quantileEstimate(0.9))
        #expect(event.estimate(from: []) == nil)
    }

    @Test("What never ends is longer than everything")
    func endless() throws {
        let times = [Double](repeating: 5e9, count: 60) + [Double](repeating: .infinity, count: 40)
        #expect(Statistic.quantile(.healed, 0.5).estimate(from: times)?.value == 5e9)
        #expect(Statistic.quantile(.healed, 0.99).estimate(from: times)?.value == .infinity)
        #expect(Statistic.mean(.healed).estimate(from: times)?.value == .infinity)
        let late = Verdict(expectation(.quantile(.healed, 0.99), .below, 12e9), times)
        #expect(late.answer == .missed, "40 of 100 never heal")
    }

    private func expectation(
        _ statistic: Statistic, _ comparison: Comparison, _ limit: Double
    ) -> ForecastExpectation {
        ForecastExpectation(statistic, comparison, Limit(value: limit, text: "limit"))
    }

    @Test("A verdict is sure only where the whole interval is on one side")
    func verdicts() {
        let yes = (0..<1000).map { $0 < 950 ? 1.0 : 0.0 }
        let share = Statistic.probability(ReplicationEvent(.recovered, .holds(true)))
        #expect(Verdict(expectation(share, .atLeast, 0.9), yes).answer == .met)
        #expect(Verdict(expectation(share, .atLeast, 0.95), yes).answer == .undecided)
        #expect(Verdict(expectation(share, .atLeast, 0.99), yes).answer == .missed)
        #expect(Verdict(expectation(share, .below, 0.99), yes).answer == .met)
        // Ten cases say nothing of the 99th percentile's upper end.
        let few = (1...10).map { Double($0) * 1e9 }
        #expect(Verdict(expectation(.quantile(.healed, 0.99), .below, 60e9), few).answer == .undecided)
        #expect(Verdict(expectation(.mean(.elections), .atMost, 2), []).answer == .undecided)
    }

    @Test("Of several verdicts a missed one decides, then an undecided one")
    func joint() {
        let yes = (0..<1000).map { $0 < 950 ? 1.0 : 0.0 }
        let share = Statistic.probability(ReplicationEvent(.recovered, .holds(true)))
        let all = [0.9, 0.95, 0.99].map { Verdict(expectation(share, .atLeast, $0), yes) }
        #expect(Verdict.joint([]) == nil)
        #expect(Verdict.joint([all[0]]) == .met)
        #expect(Verdict.joint([all[0], all[1]]) == .undecided)
        #expect(Verdict.joint(all) == .missed)
    }

    @Test("Names of statistics read as they are written", arguments: [0.5, 0.99, 0.999, 0.9995, 1])
    func names(p: Double) {
        let texts: [Double: String] = [0.5: "p50", 0.99: "p99", 0.999: "p99.9", 0.9995: "p99.95", 1: "p100"]
        #expect("\(Statistic.quantile(.anySlotUnserved, p))" == "outage.anySlot \(texts[p] ?? "")")
    }
}
