import Glibc
import Randomness

/// Distributions whose tails come more often than they should, and how much more likely that made what was drawn: the
/// tool of importance sampling.
///
/// A tilted draw takes, with a small probability, one tail's quantile at a probability that is log-uniform in
/// 1e-12 ... 1, so that every decade of the tail is met equally often, and otherwise draws as always. The likelihood
/// ratio of a draw at tail probability q is 1 / ((1 - s) + s g(q)) with g(q) = 1 / (q ln 1e12), where s is the share of
/// tail draws: never more than 1 / (1 - s), so that no single draw can weigh much too much.
///
/// A meter and the distributions it made belong to one thread, and the distributions must not outlive it.
public final class TailMeter {
    /// One tail of one distribution, in what was drawn since the last `reset`.
    public struct Tally: Sendable, Equatable {
        /// Draws of the distribution.
        public var draws = 0
        /// Draws whose tail probability was below the distribution's `extreme`.
        public var lower = 0
        public var upper = 0
    }

    /// The smallest tail probability that a tilted draw is given.
    public static let floor = 1e-12

    /// Logarithm of the likelihood ratio (true over tilted) of everything drawn since the last `reset`.
    public private(set) var logWeight = 0.0
    /// By distribution, in the order in which they were made.
    public private(set) var tallies: [Tally] = []
    private var tables: [QuantileTable] = []

    public init() {}

    public func reset() {
        logWeight = 0
        for index in tallies.indices { tallies[index] = Tally() }
    }

    /// A distribution with other tails, whose draws this meter weighs.
    ///
    /// - Parameters:
    ///   - lower: the share of draws from the lower tail; 0 or more, and with `upper` below 1.
    ///   - upper: the share of draws from the upper tail.
    ///   - extreme: the tail probability below which a draw counts as extreme.
    public func tilted(_ base: Distribution, lower: Double, upper: Double, extreme: Double) -> Distribution {
        precondition(lower >= 0 && upper >= 0 && lower + upper < 1)
        let tilt = TailTilt(
            of: base.quantileTable, meter: self, index: tallies.count, lower: lower, upper: upper, extreme: extreme)
        tallies.append(Tally())
        let table = QuantileTable(tilting: base.quantileTable, tilt)
        tables.append(table)
        return Distribution(table)
    }

    fileprivate func count(_ index: Int, _ logRatio: Double, isLow: Bool, isHigh: Bool) {
        logWeight += logRatio
        tallies[index].draws += 1
        if isLow { tallies[index].lower += 1 }
        if isHigh { tallies[index].upper += 1 }
    }
}

/// How one distribution is tilted. Used by its meter's thread only, hence `@unchecked`.
final class TailTilt: @unchecked Sendable {
    private let base: QuantileTable
    private unowned let meter: TailMeter
    private let index: Int
    private let lower: Double
    private let upper: Double
    private let extreme: Double
    private static let logFloor = log(TailMeter.floor)

    init(
        of base: QuantileTable, meter: TailMeter, index: Int, lower: Double, upper: Double, extreme: Double
    ) {
        self.base = base
        self.meter = meter
        self.index = index
        self.lower = lower
        self.upper = upper
        self.extreme = extreme
    }

    /// The quantile in ns that is drawn for a uniform.
    func quantile(_ uniform: Double) -> Double {
        let probability = probability(uniform)
        let chord = base.body.interpolated(probability)
        return chord.isNaN ? base.interpolated(probability) : chord
    }

    /// The probability in (0, 1) whose quantile is drawn for a uniform.
    private func probability(_ uniform: Double) -> Double {
        let body = 1 - lower - upper
        var below: Double
        var above: Double
        if uniform < body {
            below = uniform / body
            above = 1 - below
        } else if uniform < body + lower {
            below = exp(TailTilt.logFloor * (uniform - body) / lower)
            above = 1 - below
        } else {
            above = exp(TailTilt.logFloor * (uniform - body - lower) / upper)
            below = 1 - above
        }
        // The ends are no probabilities of a continuous distribution.
        below = min(max(below, 0x1p-53), 1 - 0x1p-53)
        above = min(max(above, 0x1p-53), 1 - 0x1p-53)
        let density = body + lower * TailTilt.density(below) + upper * TailTilt.density(above)
        meter.count(index, -log(density), isLow: below < extreme, isHigh: above < extreme)
        return below
    }

    /// Of a probability that is log-uniform in `floor` ... 1.
    private static func density(_ probability: Double) -> Double {
        probability < TailMeter.floor ? 0 : -1 / (probability * logFloor)
    }
}
