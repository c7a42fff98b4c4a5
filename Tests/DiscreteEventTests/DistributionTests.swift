import DiscreteEvent
import Glibc
import Randomness
import Testing

private func stream(_ seed: UInt64) -> RandomStream {
    RandomStream(seed: seed, replication: 0, purpose: .test, entity: 7)
}

/// A distribution beside its distribution function, in closed form and independent of the library under it.
struct KnownDistribution: Sendable, CustomStringConvertible {
    let distribution: Distribution
    let probabilityBelow: @Sendable (Double) -> Double

    var description: String { distribution.description }

    static let all: [KnownDistribution] = [
        .init(distribution: .uniform(2e6, 5e6)) { min(max(($0 - 2e6) / 3e6, 0), 1) },
        .init(distribution: .exponential(mean: 3e6)) { 1 - exp(-$0 / 3e6) },
        .init(distribution: .lognormal(p50: 4e6, p99: 90e6)) { x in
            let sigma = log(90.0 / 4.0) / 2.3263478740408408
            return x <= 0 ? 0 : 0.5 * erfc(-log(x / 4e6) / sigma / 2.0.squareRoot())
        },
        // A coefficient of variation of 1/2 makes shape 4: Erlang, a finite sum.
        .init(distribution: .gamma(mean: 8e6, cv: 0.5)) { x in
            let y = x / 2e6
            return 1 - exp(-y) * (1 + y + y * y / 2 + y * y * y / 6)
        },
        .init(distribution: .weibull(shape: 2, mean: 1e9)) { x in
            let y = x / (1e9 / (Double.pi.squareRoot() / 2))
            return 1 - exp(-y * y)
        },
        .init(distribution: .quantiles([(0, 1e6), (0.9, 2e6), (0.991, 50e6), (1, 60e6)])) { x in
            switch x {
            case ..<1e6: 0
            case ..<2e6: 0.9 * (x - 1e6) / 1e6
            case ..<50e6: 0.9 + 0.091 * (x - 2e6) / 48e6
            default: min(0.991 + 0.009 * (x - 50e6) / 10e6, 1)
            }
        },
    ]
}

@Suite struct DistributionTests {
    @Test(arguments: KnownDistribution.all, [1, 2, 3] as [UInt64])
    func samplesFollowTheDistributionFunction(known: KnownDistribution, seed: UInt64) {
        var dice = stream(seed)
        let n = 30_000
        let samples = (0..<n).map { _ in Double(known.distribution.sample(&dice)) }.sorted()
        var distance = 0.0
        for (index, value) in samples.enumerated() {
            let p = known.probabilityBelow(value)
            distance = max(distance, p - Double(index) / Double(n), Double(index + 1) / Double(n) - p)
        }
        // 2.2 / sqrt(n) is passed by chance once in ten thousand.
        #expect(distance < 2.2 / Double(n).squareRoot(), "\(known), seed \(seed)")
    }

    @Test(arguments: KnownDistribution.all) func quantilesInvertTheDistributionFunction(known: KnownDistribution) {
        for p in [1e-9, 1e-4, 0.01, 0.25, 0.5, 0.9, 0.99, 0.9999, 1 - 1e-9] {
            let value = known.distribution.quantile(p)
            #expect((known.probabilityBelow(value) - p).magnitude <= 1e-9 + 1e-6 * min(p, 1 - p), "\(known) at \(p)")
        }
    }

    @Test(arguments: KnownDistribution.all) func meansAreTheMeansOfTheSamples(known: KnownDistribution) {
        var dice = stream(11)
        var tally = Tally()
        for _ in 0..<200_000 { tally.add(Double(known.distribution.sample(&dice))) }
        let error = tally.standardDeviation / Double(tally.count).squareRoot()
        #expect((tally.mean - known.distribution.mean).magnitude < 5 * error, "\(known): \(tally.mean)")
    }

    /// Every sample lies within a tenth of a per cent of the quantile of its uniform, deep into both tails.
    @Test(arguments: KnownDistribution.all) func chordsStayCloseToTheQuantiles(known: KnownDistribution) {
        var dice = stream(12)
        for _ in 0..<20_000 {
            var copy = dice
            let sample = Double(known.distribution.sample(&dice))
            let p = (Double(copy.next() >> 12) + 0.5) * 0x1p-52
            let exact = known.distribution.quantile(p)
            if (sample - exact).magnitude > 1e-3 * exact + 1 { Issue.record("\(known): \(sample) at \(p)") }
        }
    }

    @Test func oneUniformOneVariateForEveryForm() {
        for distribution in KnownDistribution.all.map(\.distribution) + [.constant(5)] {
            var drawn = stream(3)
            _ = distribution.sample(&drawn)
            var skipped = stream(3)
            _ = skipped.next()
            #expect(drawn == skipped, "\(distribution)")
        }
    }

    @Test func constantsAndOffsetsAreExact() throws {
        var dice = stream(4)
        for _ in 0..<100 { #expect(Distribution.constant(300e9).sample(&dice) == 300_000_000_000) }
        #expect(Distribution.constant(0).sample(&dice) == 0)
        let later = try Distribution.uniform(0, 10).shifted(by: 1000)
        for _ in 0..<1000 { #expect((1000...1010).contains(later.sample(&dice))) }
        #expect(later.mean == 1005)
        #expect(try Distribution.lognormal(p50: 1e6, p99: 5e6).scaled(by: 2) == .lognormal(p50: 2e6, p99: 10e6))
        #expect(Distribution.lognormal(p50: 1e6, p99: 1e6).sample(&dice) == 1_000_000)
    }

    @Test func extremeArgumentsGiveNumbersWithinBounds() throws {
        let forms: [Distribution.Form] = [
            .lognormal(p50: 1, p99: Distribution.longest), .gamma(mean: 1, cv: 5), .gamma(mean: 1e18, cv: 0.01),
            .weibull(shape: 0.2, mean: 1e17), .weibull(shape: 100, mean: 1), .exponential(mean: 0),
            .exponential(mean: Distribution.longest), .constant(Distribution.longest), .uniform(low: 0, high: 0),
            .quantiles([.init(p: 0.5, value: 7)]), .quantiles([.init(p: 0, value: 0), .init(p: 1e-12, value: 1e18)]),
        ]
        for form in forms {
            let distribution = try Distribution(form)
            var dice = stream(5)
            let samples = (0..<20_000).map { _ in distribution.sample(&dice) }
            #expect(samples.allSatisfy { $0 >= 0 && $0 <= 1 << 60 }, "\(form)")
            var last = 0.0
            for p in stride(from: 0.0, through: 1, by: 0x1p-8) {
                #expect(distribution.quantile(p) >= last, "\(form) at \(p)")
                last = distribution.quantile(p)
            }
        }
    }

    @Test(arguments: [
        Distribution.Form.constant(-1), .constant(.nan), .constant(.infinity), .uniform(low: 2, high: 1),
        .exponential(mean: -1), .lognormal(p50: 0, p99: 1), .lognormal(p50: 2, p99: 1), .lognormal(p50: 1, p99: .nan),
        .gamma(mean: 0, cv: 1), .gamma(mean: 1, cv: -1), .gamma(mean: 1, cv: .nan), .weibull(shape: 0, mean: 1),
        .weibull(shape: 1, mean: .infinity), .quantiles([]), .quantiles([.init(p: 1.5, value: 1)]),
        .quantiles([.init(p: 0.5, value: 1), .init(p: 0.5, value: 2)]),
        .quantiles([.init(p: 0.5, value: 2), .init(p: 0.9, value: 1)]),
    ])
    func refusesWhatIsNoDistribution(form: Distribution.Form) {
        #expect(throws: DistributionError.self) { try Distribution(form) }
    }

    @Test func readsAsAUserWouldWriteIt() throws {
        #expect("\(Distribution.lognormal(p50: 4e6, p99: 90e6))" == "lognormal(p50 4ms, p99 90ms)")
        #expect("\(Distribution.constant(300e9))" == "300s")
        #expect("\(Distribution.uniform(1.1e9, 2.2e9))" == "uniform(1.1s, 2.2s)")
        #expect("\(Distribution.quantiles([(0.5, 500), (0.99, 990e3)]))" == "quantiles(p50 500ns, p99 990us)")
        #expect("\(try Distribution.exponential(mean: 2e3).shifted(by: 0.5e9))" == "500ms + exponential(mean 2us)")
        #expect("\(Distribution.gamma(mean: 1e6, cv: 0.3))" == "gamma(mean 1ms, cv 0.3)")
    }
}
