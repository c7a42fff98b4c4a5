import Glibc

/// The largest gap between two distribution functions, and how likely chance alone makes one as large.
package struct KolmogorovSmirnov: Sendable, Equatable {
    /// In 0 ... 1.
    package let distance: Double
    /// The probability of such a distance or a larger one if both are alike; asymptotic, with Stephens' correction, and
    /// conservative where ties make the distributions discrete.
    package let pValue: Double

    /// A sample against a distribution function; nil for an empty sample, and where a value or a probability is not a
    /// number.
    package init?(_ sample: [Double], against probabilityBelow: (Double) -> Double) {
        guard !sample.isEmpty, !sample.contains(where: \.isNaN) else { return nil }
        let n = Double(sample.count)
        var distance = 0.0
        for (index, value) in sample.sorted().enumerated() {
            let p = probabilityBelow(value)
            guard !p.isNaN else { return nil }
            distance = max(distance, p - Double(index) / n, Double(index + 1) / n - p)
        }
        self.distance = distance
        pValue = Self.probability(ofAtLeast: distance, effectiveCount: n)
    }

    /// Two samples; nil where one is empty, or a value is not a number.
    package init?(_ one: [Double], _ other: [Double]) {
        guard !one.isEmpty, !other.isEmpty, !(one + other).contains(where: \.isNaN) else { return nil }
        let (a, b) = (one.sorted(), other.sorted())
        var (i, j, distance) = (0, 0, 0.0)
        while i < a.count && j < b.count {
            let value = min(a[i], b[j])
            while i < a.count && a[i] <= value { i += 1 }
            while j < b.count && b[j] <= value { j += 1 }
            distance = max(distance, (Double(i) / Double(a.count) - Double(j) / Double(b.count)).magnitude)
        }
        self.distance = distance
        let (n, m) = (Double(a.count), Double(b.count))
        pValue = Self.probability(ofAtLeast: distance, effectiveCount: n * m / (n + m))
    }

    /// Kolmogorov's distribution from above, at a distance between distributions of so many observations.
    static func probability(ofAtLeast distance: Double, effectiveCount n: Double) -> Double {
        let root = n.squareRoot()
        let x = (root + 0.12 + 0.11 / root) * distance
        if x < 0.3 { return 1 }
        var sum = 0.0
        for k in 1...100 {
            let term = 2 * exp(-2 * Double(k * k) * x * x)
            sum += k % 2 == 1 ? term : -term
            if term < 1e-17 { break }
        }
        return min(max(sum, 0), 1)
    }
}
