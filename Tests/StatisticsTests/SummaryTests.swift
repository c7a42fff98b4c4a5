import Statistics
import Testing

@Suite struct SummaryTests {
    /// Student's own sleep data (1908): the extra hours of the second drug over the first.
    static let first = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
    static let second = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]

    @Test func momentsAndRange() throws {
        let summary = try #require(Summary([2, 4, 4, 4, 5, 5, 7, 9]))
        #expect(summary.count == 8 && summary.mean == 5)
        #expect((summary.standardDeviation - (32.0 / 7).squareRoot()).magnitude < 1e-12)
        #expect(summary.minimum == 2 && summary.maximum == 9)
        #expect(summary.share(atMost: 4) == 0.5 && summary.share(atMost: 1.9) == 0 && summary.share(atMost: 9) == 1)
    }

    @Test func studentsIntervalOfTheSleepData() throws {
        let paired = try #require(PairedDifference(first: Self.first, second: Self.second))
        let mean = paired.meanEstimate()
        #expect((mean.value - 1.58).magnitude < 1e-12)
        #expect((mean.interval.low - 0.7001142).magnitude < 1e-6)
        #expect((mean.interval.high - 2.4598858).magnitude < 1e-6)
        #expect((paired.correlation - 0.7951702).magnitude < 1e-6)
        #expect(paired.medianEstimate().value == 1.3)
    }

    @Test func quantilesAreLinearBetweenObservations() throws {
        let summary = try #require(Summary([4, 1, 3, 2]))
        #expect(summary.quantile(0) == 1 && summary.quantile(1) == 4 && summary.quantile(0.5) == 2.5)
        #expect((summary.quantile(0.25) - 1.75).magnitude < 1e-12)
        #expect(summary.quantile(-1) == 1 && summary.quantile(2) == 4)
    }

    /// Ranks that Conover (Practical Nonparametric Statistics) and the binomial tables give for 95 %.
    @Test(arguments: [
        (n: 6, p: 0.5, low: 1, high: 6), (n: 10, p: 0.5, low: 2, high: 9), (n: 20, p: 0.5, low: 6, high: 15),
        (n: 100, p: 0.5, low: 40, high: 61), (n: 1000, p: 0.5, low: 469, high: 532),
    ])
    func orderStatisticsBoundQuantiles(expected: (n: Int, p: Double, low: Int, high: Int)) throws {
        let summary = try #require(Summary((1...expected.n).map(Double.init)))
        let interval = summary.quantileEstimate(expected.p).interval
        #expect(interval == Interval(low: Double(expected.low), high: Double(expected.high)))
    }

    @Test func tooFewObservationsBoundNothing() throws {
        let five = try #require(Summary([1, 2, 3, 4, 5]))
        #expect(five.quantileEstimate(0.5).interval == Interval(low: -.infinity, high: .infinity))
        let hundred = try #require(Summary((1...100).map(Double.init)))
        let tail = hundred.quantileEstimate(0.99).interval
        #expect(tail.low == 97 && tail.high == .infinity && !tail.isBounded)
        let one = try #require(Summary([7]))
        #expect(one.quantile(0.99) == 7 && one.standardDeviation == 0 && !one.meanEstimate().interval.isBounded)
    }

    /// The promise itself: over many samples the interval holds the true quantile at least as often as stated.
    @Test(arguments: [0.5, 0.9, 0.99]) func quantileIntervalsCoverWhatTheyPromise(p: Double) throws {
        var state: UInt64 = 88_172_645_463_325_252
        func uniform() -> Double {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return Double(state >> 11) * 0x1p-53
        }
        let rounds = 400
        var held = 0
        for _ in 0..<rounds {
            let summary = try #require(Summary((0..<400).map { _ in uniform() }))
            if summary.quantileEstimate(p).interval.contains(p) { held += 1 }
        }
        let coverage = try #require(Proportion(held, of: rounds))
        #expect(coverage.clopperPearson(confidence: 0.999).high >= 0.95, "held \(held) of \(rounds)")
        #expect(held < rounds, "an interval that never misses is too wide")
    }

    /// Of 0, 1, ... 1000 the quantile at p is 1000 p. The median of three is below x with probability 3 x^2 - 2 x^3.
    @Test func placesTheMedianOfNewTrials() throws {
        let summary = try #require(Summary((0...1000).map(Double.init)))
        let one = summary.medianBand(ofTrials: 1, probability: 0.98)
        #expect((one.low - 10).magnitude < 1e-6 && (one.high - 990).magnitude < 1e-6)
        let three = summary.medianBand(ofTrials: 3, probability: 0.98)
        let x = three.low / 1000
        #expect((3 * x * x - 2 * x * x * x - 0.01).magnitude < 1e-6)
        #expect((three.low + three.high - 1000).magnitude < 1e-6)
        // An even number's median lies between the two middle ones.
        let two = summary.medianBand(ofTrials: 2, probability: 0.98)
        #expect((two.low - 1000 * (1 - 0.99.squareRoot())).magnitude < 1e-6)
        let endless = try #require(Summary([1, .infinity, .infinity, .infinity]))
        #expect(endless.medianBand(ofTrials: 9, probability: 0.98).high == .infinity)
    }

    @Test func refusesWhatIsNoSample() {
        #expect(Summary([]) == nil)
        #expect(Summary([1, .nan]) == nil)
        #expect(PairedDifference(first: [1], second: [1, 2]) == nil)
        #expect(PairedDifference(first: [], second: []) == nil)
    }

    @Test func theOrderOfObservationsReachesNothing() {
        let samples = (0..<1000).map { Double(($0 * 7919) % 1009) / 3 }
        #expect(Summary(samples) == Summary(samples.reversed()))
    }
}
