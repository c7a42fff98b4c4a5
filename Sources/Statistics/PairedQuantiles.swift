import Randomness

/// A quantile of two systems under common random numbers: what the second has more than the first.
package enum PairedQuantiles {
    /// Resamples behind an interval: the ends then lie within about a tenth of a standard error of where infinitely
    /// many resamples would put them.
    static let resamples = 1000

    /// The difference of the two quantiles, second minus first, with a paired bootstrap's percentile interval: pairs
    /// are drawn anew with replacement, and both quantiles taken from the same drawn pairs, which keeps what the
    /// pairing gains (Efron & Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13).
    ///
    /// Where the sample does not reach beyond the quantile on one side of either system (`Summary.quantileEstimate`
    /// has no end there), the bootstrap can't either, and the interval has no end on that side. Nil where there are no
    /// pairs, the counts differ, a value is not a number, or both quantiles are infinite. The same arguments give the
    /// same interval.
    package static func difference(
        first: [Double], second: [Double], p: Double, confidence: Double = 0.95, seed: UInt64
    ) -> Estimate? {
        guard first.count == second.count, let one = Summary(first), let other = Summary(second) else { return nil }
        let (from, to) = (
            one.quantileEstimate(p, confidence: confidence), other.quantileEstimate(p, confidence: confidence)
        )
        let value = plain(to.value) - plain(from.value)
        guard !value.isNaN else { return nil }
        var differences = resampled(first, second, p, seed: seed)
        // Two endless ones say nothing of how far apart they are.
        guard !differences.contains(where: \.isNaN) else {
            return Estimate(value: value, interval: Interval(low: -.infinity, high: .infinity))
        }
        differences.sort()
        let error = (1 - confidence) / 2
        let last = Double(differences.count - 1)
        let low = differences[Int((error * last).rounded(.down))]
        let high = differences[Int(((1 - error) * last).rounded(.up))]
        return Estimate(
            value: value,
            interval: Interval(
                low: isOpen(below: to) || isOpen(above: from) ? -.infinity : min(low, value),
                high: isOpen(above: to) || isOpen(below: from) ? .infinity : max(high, value)))
    }

    private static func isOpen(below estimate: Estimate) -> Bool { estimate.interval.low == -.infinity }

    /// An infinite end above a finite value is one that the sample does not bound.
    private static func isOpen(above estimate: Estimate) -> Bool {
        estimate.interval.high == .infinity && estimate.value.isFinite
    }

    /// Interpolation between two endless values has none.
    private static func plain(_ value: Double) -> Double { value.isNaN ? .infinity : value }

    private static func resampled(_ first: [Double], _ second: [Double], _ p: Double, seed: UInt64) -> [Double] {
        let (one, other) = (Ranking(first), Ranking(second))
        var weights = [Int32](repeating: 0, count: first.count)
        return (0..<resamples).map { resample in
            var dice = RandomStream(seed: seed, replication: UInt64(resample), purpose: .resampling, entity: 0)
            for index in weights.indices { weights[index] = 0 }
            for _ in weights.indices { weights[dice.below(weights.count)] += 1 }
            return plain(other.quantile(p, weights)) - plain(one.quantile(p, weights))
        }
    }

    /// A sample in order, with the number of the pair behind each value.
    private struct Ranking {
        private let values: [Double]
        private let pairs: [Int]

        init(_ sample: [Double]) {
            pairs = sample.indices.sorted { (sample[$0], $0) < (sample[$1], $1) }
            values = pairs.map { sample[$0] }
        }

        /// The quantile of the sample in which each pair occurs as often as its weight says; as `Summary.quantile`.
        func quantile(_ p: Double, _ weights: [Int32]) -> Double {
            let position = min(max(p, 0), 1) * Double(values.count - 1)
            let lowerRank = Int(position)
            var passed = 0
            var lower = 0.0
            for (index, pair) in pairs.enumerated() {
                let before = passed
                passed += Int(weights[pair])
                if before <= lowerRank, passed > lowerRank {
                    lower = values[index]
                    if position == Double(lowerRank) { return lower }
                }
                if passed > lowerRank + 1 { return lower + (values[index] - lower) * (position - Double(lowerRank)) }
            }
            return lower
        }
    }
}
