// What a user may say of a distribution, and how it is said back.

extension Distribution.Form: CustomStringConvertible {
    public var description: String {
        switch self {
        case .constant(let value): duration(value)
        case .uniform(let low, let high): "uniform(\(duration(low)), \(duration(high)))"
        case .exponential(let mean): "exponential(mean \(duration(mean)))"
        case .lognormal(let p50, let p99): "lognormal(p50 \(duration(p50)), p99 \(duration(p99)))"
        case .gamma(let mean, let cv): "gamma(mean \(duration(mean)), cv \(plain(cv)))"
        case .weibull(let shape, let mean): "weibull(shape \(plain(shape)), mean \(duration(mean)))"
        case .quantiles(let points):
            "quantiles(\(points.map { "p\(plain($0.p * 100)) \(duration($0.value))" }.joined(separator: ", ")))"
        }
    }

    /// Throws the first thing that is wrong with the parameters.
    func validate() throws(DistributionError) {
        switch self {
        case .constant(let value):
            try Self.checkDuration(value, "the constant")
        case .uniform(let low, let high):
            try Self.checkDuration(low, "the low end")
            try Self.checkDuration(high, "the high end")
            try Self.check(low <= high, "the low end \(duration(low))", "lies above the high end \(duration(high))")
        case .exponential(let mean):
            try Self.checkDuration(mean, "the mean")
        case .lognormal(let p50, let p99):
            try Self.checkDuration(p50, "p50")
            try Self.checkDuration(p99, "p99")
            try Self.check(p50 > 0, "p50 \(duration(p50))", "a lognormal's median is longer than nothing")
            try Self.check(p50 <= p99, "p50 \(duration(p50))", "lies above p99 \(duration(p99))")
        case .gamma(let mean, let cv):
            try Self.checkDuration(mean, "the mean")
            try Self.check(mean > 0, "the mean \(duration(mean))", "a gamma's mean is longer than nothing")
            try Self.check(cv == 0 || cv >= 0.01 && cv <= 5, "cv \(plain(cv))", "must be 0, or from 0.01 to 5")
        case .weibull(let shape, let mean):
            try Self.checkDuration(mean, "the mean")
            try Self.check(mean > 0, "the mean \(duration(mean))", "a Weibull's mean is longer than nothing")
            try Self.check(shape >= 0.2 && shape <= 100, "shape \(plain(shape))", "must be from 0.2 to 100")
        case .quantiles(let points):
            try Self.validate(points)
        }
    }

    private static func validate(_ points: [Distribution.Quantile]) throws(DistributionError) {
        try check(!points.isEmpty, "no quantiles", "at least one is needed")
        for point in points {
            let name = "p\(plain(point.p * 100))"
            try check(point.p >= 0 && point.p <= 1, name, "probabilities are from 0 to 1 (p0 to p100)")
            try checkDuration(point.value, name)
        }
        for (low, high) in zip(points, points.dropFirst()) {
            let (one, other) = ("p\(plain(low.p * 100))", "p\(plain(high.p * 100))")
            try check(low.p < high.p, "\(other) after \(one)", "quantiles are given in rising order, each once")
            try check(
                low.value <= high.value, "\(other) \(duration(high.value))", "lies below \(one) \(duration(low.value))")
        }
    }

    static func checkDuration(_ value: Double, _ name: String) throws(DistributionError) {
        try check(
            value >= 0 && value <= Distribution.longest, "\(name) of \(duration(value))",
            "durations are from 0 to \(duration(Distribution.longest))")
    }

    private static func check(_ holds: Bool, _ what: String, _ why: String) throws(DistributionError) {
        if !holds { throw DistributionError(what: what, why: why) }
    }
}

/// Nanoseconds in the largest unit that keeps the number at 1 or above: `90ms`, `1.5s`, `0s`.
func duration(_ nanoseconds: Double) -> String {
    for (unit, length) in [("s", 1e9), ("ms", 1e6), ("us", 1e3)] where nanoseconds.magnitude >= length {
        return plain(nanoseconds / length) + unit
    }
    return nanoseconds == 0 ? "0s" : plain(nanoseconds) + "ns"
}

/// The shortest decimal, without `.0`; at most twelve digits, so that 0.99 * 100 is 99.
func plain(_ value: Double) -> String {
    guard value.isFinite, value.magnitude < 1e12 else { return "\(value)" }
    var scale = 1.0
    while scale < 1e9 && (value * scale).magnitude < 1e12 && (value * scale).rounded() != value * scale { scale *= 10 }
    let text = "\((value * scale).rounded() / scale)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
}
