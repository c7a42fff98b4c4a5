import Foundation
package import Statistics

/// A share of things that come in groups which depend on each other, such as the transitions of one recording.
///
/// Wilson's interval with the number of independent things that would have the same variance: the groups' shares vary
/// as much as they do, however many things are in each (the design effect of cluster sampling, ratio estimator).
package struct ClusteredShare: Sendable, Equatable {
    package let successes: Int
    package let trials: Int
    /// How many independent trials this is worth, between 1 and `trials`.
    package let effectiveTrials: Double

    /// `groups`: so many of so many in each. Nil without a trial.
    package init?(_ groups: [(successes: Int, trials: Int)]) {
        let filled = groups.filter { $0.trials > 0 }
        successes = filled.reduce(0) { $0 + $1.successes }
        trials = filled.reduce(0) { $0 + $1.trials }
        guard trials > 0 else { return nil }
        let share = Double(successes) / Double(trials)
        let n = Double(filled.count)
        let squares = filled.reduce(0.0) { sum, group in
            let residual = Double(group.successes) - share * Double(group.trials)
            return sum + residual * residual
        }
        let variance = n > 1 ? n / (n - 1) * squares / Double(trials * trials) : 0
        // Where all groups agree, each is one witness.
        let effective = variance > 0 ? share * (1 - share) / variance : n
        effectiveTrials = min(max(effective, 1), Double(trials))
    }

    package var value: Double { Double(successes) / Double(trials) }

    /// - Parameter z: 1.96 for 95 %, 3.29 for 99.9 %.
    package func wilson(z: Double = 1.959_963_985) -> Interval {
        let n = effectiveTrials
        let centre = (value + z * z / (2 * n)) / (1 + z * z / n)
        let half = z / (1 + z * z / n) * (value * (1 - value) / n + z * z / (4 * n * n)).squareRoot()
        return Interval(low: max(centre - half, 0), high: min(centre + half, 1))
    }
}
