import CGSL
import Glibc

extension Distribution {
    /// A measured quantile: `value` ns at probability `p`.
    public struct Quantile: Sendable, Hashable {
        public let p: Double
        public let value: Double

        public init(p: Double, value: Double) {
            self.p = p
            self.value = value
        }
    }

    /// What kind of distribution, by the parameters a user would know. Values are ns.
    public enum Form: Sendable, Hashable {
        case constant(Double)
        case uniform(low: Double, high: Double)
        case exponential(mean: Double)
        case lognormal(p50: Double, p99: Double)
        /// `cv` is the standard deviation over the mean.
        case gamma(mean: Double, cv: Double)
        case weibull(shape: Double, mean: Double)
        /// In order of p; constant before the first and after the last.
        case quantiles([Quantile])
    }
}

extension Distribution.Form {
    var mean: Double {
        switch self {
        case .constant(let value): value
        case .uniform(let low, let high): (low + high) / 2
        case .exponential(let mean), .gamma(let mean, _), .weibull(_, let mean): mean
        case .lognormal(let p50, _): p50 * exp(logSigma * logSigma / 2)
        case .quantiles(let points): Self.mean(of: points)
        }
    }

    /// The quantile in ns at `p`, or at `1 - q` where `q`, the smaller of the two, is exact.
    func quantile(p: Double, q: Double) -> Double {
        let lower = p <= 0.5
        switch self {
        case .constant(let value):
            return value
        case .uniform(let low, let high):
            return lower ? low + (high - low) * p : high - (high - low) * q
        case .exponential(let mean):
            if mean == 0 { return 0 }
            return lower ? exponential_quantile(p, mean) : exponential_upper_quantile(q, mean)
        case .lognormal(let p50, _):
            if logSigma == 0 { return p50 }
            return p50 * (lower ? lognormal_quantile(p, 0, logSigma) : lognormal_upper_quantile(q, 0, logSigma))
        case .gamma(let mean, let cv):
            if cv == 0 { return mean }
            return mean * cv * cv * Self.standardGammaQuantile(lower ? p : q, shape: 1 / (cv * cv), lower: lower)
        case .weibull(let shape, let mean):
            let scale = mean / exp(log_gamma(1 + 1 / shape))
            return lower ? weibull_quantile(p, scale, shape) : weibull_upper_quantile(q, scale, shape)
        case .quantiles(let points):
            return Self.interpolated(points, at: lower ? p : 1 - q)
        }
    }

    /// Probabilities between which the quantile function bends: a chord must not cut such a corner.
    var corners: [Double] {
        if case .quantiles(let points) = self { points.map(\.p) } else { [] }
    }

    /// True where the quantile function is one straight line.
    var isStraight: Bool {
        switch self {
        case .constant, .uniform: true
        default: false
        }
    }

    func scaled(by factor: Double) -> Self {
        switch self {
        case .constant(let value): .constant(value * factor)
        case .uniform(let low, let high): .uniform(low: low * factor, high: high * factor)
        case .exponential(let mean): .exponential(mean: mean * factor)
        case .lognormal(let p50, let p99): .lognormal(p50: p50 * factor, p99: p99 * factor)
        case .gamma(let mean, let cv): .gamma(mean: mean * factor, cv: cv)
        case .weibull(let shape, let mean): .weibull(shape: shape, mean: mean * factor)
        case .quantiles(let points): .quantiles(points.map { .init(p: $0.p, value: $0.value * factor) })
        }
    }

    /// The standard deviation of the logarithm, of a lognormal; 0 otherwise.
    private var logSigma: Double {
        guard case .lognormal(let p50, let p99) = self else { return 0 }
        return log(p99 / p50) / normal_quantile(0.99, 1)
    }

    /// The quantile of a gamma of scale 1, of a probability from the lower or the upper end.
    ///
    /// GSL's inversion fails for some arguments, with NaN or silently with a wrong number (seen in 2.7 for coefficients
    /// of variation below 0.03 and above 2.7), so its answer is checked and, where wrong, found by bisection.
    private static func standardGammaQuantile(_ probability: Double, shape: Double, lower: Bool) -> Double {
        if probability <= 0 { return lower ? 0 : .infinity }
        func isTooLow(_ x: Double) -> Bool {
            lower ? gamma_probability(x, shape, 1) < probability : gamma_upper_probability(x, shape, 1) > probability
        }
        let found = lower ? gamma_quantile(probability, shape, 1) : gamma_upper_quantile(probability, shape, 1)
        let reached = lower ? gamma_probability(found, shape, 1) : gamma_upper_probability(found, shape, 1)
        if (reached - probability).magnitude <= 1e-6 * probability { return found }
        var low = 0.0
        var high = shape + 1
        while isTooLow(high) { high *= 2 }
        while high - low > 1e-12 * shape + 1e-12 * low {
            let middle = (low + high) / 2
            if isTooLow(middle) { low = middle } else { high = middle }
        }
        return (low + high) / 2
    }

    private static func interpolated(_ points: [Distribution.Quantile], at p: Double) -> Double {
        guard let first = points.first, let last = points.last else { return .nan }
        if p <= first.p { return first.value }
        if p >= last.p { return last.value }
        let upper = points.firstIndex { $0.p >= p } ?? points.count - 1
        let (low, high) = (points[upper - 1], points[upper])
        return low.value + (high.value - low.value) * ((p - low.p) / (high.p - low.p))
    }

    private static func mean(of points: [Distribution.Quantile]) -> Double {
        guard let first = points.first, let last = points.last else { return .nan }
        var sum = first.value * first.p + last.value * (1 - last.p)
        for (low, high) in zip(points, points.dropFirst()) { sum += (low.value + high.value) / 2 * (high.p - low.p) }
        return sum
    }
}
