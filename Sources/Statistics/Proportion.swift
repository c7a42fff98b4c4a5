import CGSL

/// So many of so many.
package struct Proportion: Sendable, Equatable {
    package let successes: Int
    package let trials: Int

    /// Nil unless 0 <= successes <= trials and there was a trial.
    package init?(_ successes: Int, of trials: Int) {
        guard successes >= 0, trials > 0, successes <= trials else { return nil }
        self.successes = successes
        self.trials = trials
    }

    package var value: Double { Double(successes) / Double(trials) }

    /// The chances of at most and of at least so many successes in the trials, where each has that probability.
    package func tails(probability: Double) -> (atMost: Double, atLeast: Double) {
        let p = min(max(probability, 0), 1)
        func chance(atLeast k: Int) -> Double {
            if k <= 0 { return 1 }
            return k > trials ? 0 : beta_probability(p, Double(k), Double(trials - k + 1))
        }
        return (1 - chance(atLeast: successes + 1), chance(atLeast: successes))
    }

    /// Wilson's score interval: about the stated confidence on average, never outside 0 ... 1, sensible at both ends.
    package func wilson(confidence: Double = 0.95) -> Interval {
        let z = normal_quantile(0.5 + confidence / 2, 1)
        let n = Double(trials)
        let centre = (value + z * z / (2 * n)) / (1 + z * z / n)
        let half = z / (1 + z * z / n) * (value * (1 - value) / n + z * z / (4 * n * n)).squareRoot()
        return Interval(
            low: successes == 0 ? 0 : max(centre - half, 0), high: successes == trials ? 1 : min(centre + half, 1))
    }

    /// Clopper and Pearson's interval: at least the stated confidence, whatever the true value.
    package func clopperPearson(confidence: Double = 0.95) -> Interval {
        let error = (1 - confidence) / 2
        let (k, n) = (Double(successes), Double(trials))
        return Interval(
            low: successes == 0 ? 0 : beta_quantile(error, k, n - k + 1),
            high: successes == trials ? 1 : beta_quantile(1 - error, k + 1, n - k))
    }
}
