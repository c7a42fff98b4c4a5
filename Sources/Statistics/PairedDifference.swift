/// Two systems under common random numbers: what the second takes more than the first, replication by replication.
package struct PairedDifference: Sendable, Equatable {
    /// Of the differences, second minus first.
    package let differences: Summary
    /// The correlation of the pairs in -1 ... 1: what common random numbers gained. 0 where one side does not vary.
    package let correlation: Double

    /// Nil where there are no pairs, the counts differ, or a value is not a number.
    package init?(first: [Double], second: [Double]) {
        guard first.count == second.count, let one = Summary(first), let other = Summary(second),
            let differences = Summary(zip(first, second).map { $1 - $0 })
        else { return nil }
        self.differences = differences
        let products = zip(first, second).reduce(0) { $0 + ($1.0 - one.mean) * ($1.1 - other.mean) }
        let scale = one.standardDeviation * other.standardDeviation * Double(first.count - 1)
        correlation = scale > 0 ? min(max(products / scale, -1), 1) : 0
    }

    /// The mean difference, with Student's interval of the pairs.
    package func meanEstimate(confidence: Double = 0.95) -> Estimate {
        differences.meanEstimate(confidence: confidence)
    }

    /// The median difference, with an interval that assumes no distribution.
    package func medianEstimate(confidence: Double = 0.95) -> Estimate {
        differences.quantileEstimate(0.5, confidence: confidence)
    }
}
