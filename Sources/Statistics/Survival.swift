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
    }

    /// One for each length at which something ended, ascending.
    package let steps: [Step]

    /// Nil for no observations, and where a length is not a number.
    package init?(_ observations: [Observation]) {
        guard !observations.isEmpty, !observations.contains(where: { $0.length.isNaN }) else { return nil }
        let sorted = observations.sorted { $0.length < $1.length }
        var steps: [Step] = []
        var (index, surviving, logVariance) = (0, 1.0, 0.0)
        while index < sorted.count {
            let length = sorted[index].length
            let atRisk = Double(sorted.count - index)
            var ended = 0.0
            while index < sorted.count && sorted[index].length == length {
                if sorted[index].ended { ended += 1 }
                index += 1
            }
            guard ended > 0 else { continue }
            surviving *= (atRisk - ended) / atRisk
            logVariance += ended < atRisk ? ended / (atRisk * (atRisk - ended)) : .infinity
            steps.append(Step(length: length, surviving: surviving, logVariance: logVariance))
        }
        self.steps = steps
    }

    /// The share that lasts longer than `length`.
    package func surviving(beyond length: Double) -> Double { step(at: length)?.surviving ?? 1 }

    /// The same with the interval of log minus log, which stays within 0 ... 1.
    package func estimate(beyond length: Double, confidence: Double = 0.95) -> Estimate {
        guard let step = step(at: length) else { return Estimate(value: 1, interval: Interval(low: 1, high: 1)) }
        guard step.surviving > 0 else { return Estimate(value: 0, interval: Interval(low: 0, high: 0)) }
        let logarithm = log(step.surviving)
        let spread = normal_quantile(0.5 + confidence / 2, 1) * step.logVariance.squareRoot() / logarithm
        let interval = Interval(low: pow(step.surviving, exp(-spread)), high: pow(step.surviving, exp(spread)))
        return Estimate(value: step.surviving, interval: interval)
    }

    /// The shortest length that at most a share 1 - p outlasts; nil where watching ended before.
    package func quantile(_ p: Double) -> Double? { steps.first { $0.surviving <= 1 - p }?.length }

    private func step(at length: Double) -> Step? { steps.last { $0.length <= length } }
}
