import CGSL
import Glibc

/// Kaplan and Meier's estimate of the distribution of durations of which some were still running when watching ended.
package struct Survival: Sendable, Equatable {
    /// What was seen of one duration: its length, or that it is longer than `length`.
    package struct Observation: Sendable, Equatable {
        package let length: Double
        package let ended: Bool

        package init(length: Double, ended: Bool) {
            self.length = length
            self.ended = ended
        }
    }

    /// The share that lasts beyond `length`, from there to the next step.
    package struct Step: Sendable, Equatable {
        package let length: Double
        package let surviving: Double
        /// Greenwood's variance over the squared share: the variance of the share's logarithm.
        package let logVariance: Double
        /// Durations that reached `length`.
        fileprivate let atRisk: Int
    }

    /// One for each length at which something ended, ascending.
    package let steps: [Step]
    /// All lengths, ended or not, ascending.
    private let lengths: [Double]

    /// Nil for no observations, and where a length is not a number.
    package init?(_ observations: [Observation]) {
        guard !observations.isEmpty, !observations.contains(where: { $0.length.isNaN }) else { return nil }
        let sorted = observations.sorted { $0.length < $1.length }
        var steps: [Step] = []
        var (index, surviving, logVariance) = (0, 1.0, 0.0)
        while index < sorted.count {
            let length = sorted[index].length
            let count = sorted.count - index
            let atRisk = Double(count)
            var ended = 0.0
            while index < sorted.count && sorted[index].length == length {
                if sorted[index].ended { ended += 1 }
                index += 1
            }
            guard ended > 0 else { continue }
            surviving *= (atRisk - ended) / atRisk
            logVariance += ended < atRisk ? ended / (atRisk * (atRisk - ended)) : .infinity
            steps.append(Step(length: length, surviving: surviving, logVariance: logVariance, atRisk: count))
        }
        self.steps = steps
        lengths = sorted.map(\.length)
    }

    /// The share that lasts longer than `length`; nil where nothing was watched for as long.
    package func surviving(beyond length: Double) -> Double? { estimate(beyond: length)?.value }

    /// The same with its interval: that of log minus log, which stays within 0 ... 1; exact binomial bounds where the
    /// share is 1 or 0, and the former says nothing.
    package func estimate(beyond length: Double, confidence: Double = 0.95) -> Estimate? {
        let error = (1 - confidence) / 2
        guard let index = steps.lastIndex(where: { $0.length <= length }) else {
            // Of all that were watched for as long, none has ended.
            let watched = lengths.count { $0 >= length }
            guard watched > 0 else { return nil }
            return Estimate(value: 1, interval: Interval(low: beta_quantile(error, Double(watched), 1), high: 1))
        }
        let step = steps[index]
        guard step.surviving > 0 else {
            // As many as would have to have been watched without censoring for the last step to be as it is (Peto).
            let before = index > 0 ? steps[index - 1].surviving : 1
            let watched = Double(step.atRisk) / before
            return Estimate(value: 0, interval: Interval(low: 0, high: beta_quantile(1 - error, 1, watched)))
        }
        guard let last = lengths.last, length <= last else { return nil }
        let logarithm = log(step.surviving)
        let spread = normal_quantile(0.5 + confidence / 2, 1) * step.logVariance.squareRoot() / logarithm
        let interval = Interval(low: pow(step.surviving, exp(-spread)), high: pow(step.surviving, exp(spread)))
        return Estimate(value: step.surviving, interval: interval)
    }

    /// The shortest length that at most a share 1 - p outlasts; nil where watching ended before.
    package func quantile(_ p: Double) -> Double? {
        // Shares are products of quotients: their last digits are not theirs.
        steps.first { $0.surviving <= 1 - p + 1e-9 }?.length
    }
}
