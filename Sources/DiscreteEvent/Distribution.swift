public import Randomness

/// A distribution of durations in nanoseconds, sampled by inversion: one uniform of the stream, one variate.
///
/// Inversion keeps common random numbers common: two systems that draw from the same stream stay in step whatever their
/// distributions are, and the same uniform gives the same quantile of each. A constant draws its uniform too, so
/// replacing it by a distribution shifts nobody.
///
/// Quantile functions come from the GNU Scientific Library and are tabulated when a distribution is made; between the
/// table's points a sample lies on the chord, at most 0.1 % above or below the exact quantile for anything smooth, and
/// points beyond the last 2^-15 of either tail are exact. Tables are shared and immortal, so a distribution is a few
/// plain words: copying one counts no references and sampling one allocates nothing.
@frozen
public struct Distribution: @unchecked Sendable, Equatable, CustomStringConvertible {
    /// Quantiles at 0, 1/cells, ... 1, where cells is a power of two; NaN next to where chords are not good enough.
    @usableFromInline let quantiles: UnsafePointer<Double>
    @usableFromInline let cells: UInt64
    @usableFromInline let table: Unmanaged<QuantileTable>

    /// No sample is longer: 2^60 ns, 36 years.
    public static var longest: Double { 0x1p60 }

    /// The distribution of a form, later by `offset` ns; throws what is wrong with an argument.
    public init(_ form: Form, offset: Double = 0) throws(DistributionError) {
        self.init(try QuantileTable.shared(form, offset: offset))
    }

    /// Of a table that lives at least as long.
    init(_ table: QuantileTable) {
        self.table = .passUnretained(table)
        quantiles = UnsafePointer(table.body.values)
        cells = UInt64(table.body.cells)
    }

    /// The next duration of the stream in ns, in 0 ... `longest`.
    @inlinable @inline(__always)
    public func sample(_ stream: inout RandomStream) -> Int64 {
        // One multiplication parts the cell's number from the place in it. Numbers are converted by placing bits, which
        // is faster than the processor's conversions and needs no checks: 52 bits below an exponent of 0 make a number
        // in 1 ..< 2, and adding 1.5 * 2^52 leaves a rounded integer in the lower bits.
        let bits = stream.next()
        let (cell, place) = bits.multipliedFullWidth(by: cells)
        let point = quantiles + Int(truncatingIfNeeded: cell)
        let fraction = Double(bitPattern: place >> 12 | 0x3FF0_0000_0000_0000) - (1 - 0x1p-53)
        let chord = point[0] + (point[1] - point[0]) * fraction
        if chord < 0x1p51 {
            return Int64(bitPattern: (chord + 0x1.8p52).bitPattern) &- Int64(bitPattern: (0x1.8p52).bitPattern)
        }
        return unusualSample(bits)
    }

    /// A sample of more than 2^51 ns (26 days), or where the chord is no number.
    @usableFromInline @inline(never)
    func unusualSample(_ bits: UInt64) -> Int64 {
        let uniform = (Double(Int64(bits >> 12)) + 0.5) * 0x1p-52
        // Whoever samples keeps the table alive: nothing needs to hold it meanwhile.
        return table._withUnsafeGuaranteedRef { Int64(($0.tilt?.quantile(uniform) ?? $0.interpolated(uniform)) + 0.5) }
    }

    var quantileTable: QuantileTable { body }

    /// The exact quantile in ns at a probability in 0 ... 1; arguments outside are taken as the nearer end.
    public func quantile(_ probability: Double) -> Double {
        body.exact(min(max(probability.isNaN ? 0 : probability, 0), 1))
    }

    /// The expectation in ns.
    public var mean: Double { body.offset + body.form.mean }

    /// As a user would write it: `lognormal(p50 4ms, p99 90ms)`.
    public var description: String {
        body.offset == 0 ? body.form.description : "\(duration(body.offset)) + \(body.form.description)"
    }

    public var form: Form { body.form }
    public var offset: Double { body.offset }

    private var body: QuantileTable { table.takeUnretainedValue() }

    public static func == (one: Distribution, other: Distribution) -> Bool { one.quantiles == other.quantiles }
}

// MARK: Distributions written in code, whose arguments are known to be right; they trap where they are not.

extension Distribution {
    public static func constant(_ value: Double) -> Distribution { known(.constant(value)) }

    public static func uniform(_ low: Double, _ high: Double) -> Distribution { known(.uniform(low: low, high: high)) }

    public static func exponential(mean: Double) -> Distribution { known(.exponential(mean: mean)) }

    public static func lognormal(p50: Double, p99: Double) -> Distribution { known(.lognormal(p50: p50, p99: p99)) }

    /// `cv` is the standard deviation over the mean.
    public static func gamma(mean: Double, cv: Double) -> Distribution { known(.gamma(mean: mean, cv: cv)) }

    public static func weibull(shape: Double, mean: Double) -> Distribution {
        known(.weibull(shape: shape, mean: mean))
    }

    /// Linear in the probability between measured quantiles, and constant beyond the first and the last.
    public static func quantiles(_ points: [(p: Double, value: Double)]) -> Distribution {
        known(.quantiles(points.map { Quantile(p: $0.p, value: $0.value) }))
    }

    /// Every duration later by `nanoseconds`.
    public func shifted(by nanoseconds: Double) throws(DistributionError) -> Distribution {
        try Distribution(form, offset: offset + nanoseconds)
    }

    /// Every duration multiplied by `factor`.
    public func scaled(by factor: Double) throws(DistributionError) -> Distribution {
        guard factor >= 0, factor.isFinite else {
            throw DistributionError(what: "a factor of \(factor)", why: "durations are scaled by numbers from 0 up")
        }
        return try Distribution(form.scaled(by: factor), offset: offset * factor)
    }

    private static func known(_ form: Form) -> Distribution {
        do { return try Distribution(form) } catch { preconditionFailure("\(error.what): \(error.why)") }
    }
}

/// Why arguments are no distribution.
public struct DistributionError: Error, Equatable {
    public let what: String
    public let why: String
}
