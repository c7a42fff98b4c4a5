package import Statistics
package import SystemModel

/// An expectation held against a forecast.
package struct Verdict: Sendable {
    package enum Answer: String, Sendable, CaseIterable {
        /// The whole 95 % interval is on the wanted side of the limit.
        case met
        /// All of it is on the other side.
        case missed
        /// The limit lies inside: more replications would tell.
        case undecided
    }

    package let expectation: ForecastExpectation
    /// Nil where there was no replication.
    package let estimate: Estimate?
    package let answer: Answer

    package init(_ expectation: ForecastExpectation, _ values: [Double]) {
        self.expectation = expectation
        estimate = expectation.statistic.estimate(from: values)
        answer = estimate.map { Verdict.answer(expectation, $0) } ?? .undecided
    }

    package init(_ expectation: ForecastExpectation, in table: OutcomeTable) {
        self.init(expectation, table.values(of: expectation.statistic))
    }

    private static func answer(_ expectation: ForecastExpectation, _ estimate: Estimate) -> Answer {
        let (comparison, limit) = (expectation.comparison, expectation.limit.value)
        let ends = [estimate.interval.low, estimate.interval.high, estimate.value]
        if ends.allSatisfy({ comparison.holds($0, limit) }) { return .met }
        return ends.contains { comparison.holds($0, limit) } ? .undecided : .missed
    }
}

extension Verdict {
    /// Of all of them together: one that is missed decides, then one that is undecided. Nil for none.
    package static func joint(_ verdicts: [Verdict]) -> Answer? {
        if verdicts.isEmpty { return nil }
        if verdicts.contains(where: { $0.answer == .missed }) { return .missed }
        return verdicts.contains { $0.answer == .undecided } ? .undecided : .met
    }
}
