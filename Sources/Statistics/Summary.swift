import CGSL

/// What a sample says: moments, quantiles, and intervals that assume no distribution.
package struct Summary: Sendable, Equatable {
    /// Ascending, never empty, never NaN.
    package let sorted: [Double]
    package let mean: Double
    /// Of the sample, n - 1 below; 0 for a single observation.
    package let standardDeviation: Double

    package var count: Int { sorted.count }
    package var minimum: Double { sorted[0] }
    package var maximum: Double { sorted[count - 1] }

    /// Nil for no observations, and where one is not a number.
    package init?(_ samples: [Double]) {
        guard !samples.isEmpty, !samples.contains(where: \.isNaN) else { return nil }
        sorted = samples.sorted()
        let n = Double(samples.count)
        // In ascending order, so that the order of the observations cannot reach the last digit.
        let mean = sorted.reduce(0, +) / n
        let squares = sorted.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        self.mean = mean
        standardDeviation = samples.count < 2 ? 0 : (squares / (n - 1)).squareRoot()
    }

    /// The mean with Student's interval: exact for normal observations, good for many of any kind.
    package func meanEstimate(confidence: Double = 0.95) -> Estimate {
        guard count > 1 else { return Estimate(value: mean, interval: Interval(low: -.infinity, high: .infinity)) }
        let t = student_quantile(0.5 + confidence / 2, Double(count - 1))
        let half = t * standardDeviation / Double(count).squareRoot()
        return Estimate(value: mean, interval: Interval(low: mean - half, high: mean + half))
    }

    /// The quantile at p in 0 ... 1, linear between observations (Hyndman and Fan's type 7, as R and NumPy have it).
    package func quantile(_ p: Double) -> Double {
        let position = min(max(p, 0), 1) * Double(count - 1)
        let index = min(Int(position), count - 1)
        guard index + 1 < count, position > Double(index) else { return sorted[index] }
        return sorted[index] + (sorted[index + 1] - sorted[index]) * (position - Double(index))
    }

    /// The quantile at p with an interval between two observations, whatever the distribution.
    ///
    /// The number of observations below the true quantile is binomial; the ends are the narrowest observations that
    /// leave at most half of the error on either side, or infinite where even the outermost leaves more.
    package func quantileEstimate(_ p: Double, confidence: Double = 0.95) -> Estimate {
        let error = (1 - confidence) / 2
        let (n, probability) = (count, min(max(p, 0), 1))
        /// The chance that at least `k` observations lie below the quantile, falling in k.
        func chance(atLeast k: Int) -> Double {
            switch k {
            case ...0: 1
            case (n + 1)...: 0
            default: beta_probability(probability, Double(k), Double(n - k + 1))
            }
        }
        // The lower end misses when fewer than its rank lie below, the upper when as many as its rank do.
        let low = Self.count(in: n) { chance(atLeast: $0) >= 1 - error }
        let high = Self.count(in: n) { chance(atLeast: $0) > error } + 1
        let interval = Interval(
            low: low >= 1 ? sorted[low - 1] : -.infinity, high: high <= n ? sorted[high - 1] : .infinity)
        return Estimate(value: quantile(probability), interval: interval)
    }

    /// Where the median of `trials` new values of the same distribution lies with this probability, and as often below
    /// as above it otherwise. An end between two endless values is endless.
    ///
    /// The share of the distribution below the k-th of n values has a beta distribution; of an even number the lower of
    /// the two middle ones bounds the median below, the upper above.
    package func medianBand(ofTrials trials: Int, probability: Double) -> Interval {
        let (error, n) = ((1 - probability) / 2, max(trials, 1))
        func end(_ rank: Int, _ p: Double) -> Double {
            let value = quantile(beta_quantile(p, Double(rank), Double(n - rank + 1)))
            return value.isNaN ? .infinity : value
        }
        return Interval(low: end((n + 1) / 2, error), high: end(n / 2 + 1, 1 - error))
    }

    /// The quantile at p of durations of which some are endless (infinite): endless itself where it reaches one.
    /// Between two endless ones interpolation has no value.
    package func endlessQuantileEstimate(_ p: Double) -> Estimate {
        let estimate = quantileEstimate(p)
        return estimate.value.isNaN ? Estimate(value: .infinity, interval: estimate.interval) : estimate
    }

    /// The share of observations at or below a value.
    package func share(atMost value: Double) -> Double {
        let index = Self.count(in: count) { sorted[$0 - 1] <= value }
        return Double(index) / Double(count)
    }

    /// How many of 1 ... n satisfy a condition that the first ones do and the others do not.
    private static func count(in n: Int, where holds: (Int) -> Bool) -> Int {
        var (low, high) = (0, n)
        while low < high {
            let middle = (low + high + 1) / 2
            if holds(middle) { low = middle } else { high = middle - 1 }
        }
        return low
    }
}
