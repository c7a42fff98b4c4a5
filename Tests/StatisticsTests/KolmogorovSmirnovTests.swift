import Statistics
import Testing

@Suite struct KolmogorovSmirnovTests {
    /// A sample of n whose distance to the uniform distribution is exactly `distance`.
    private static func sample(_ n: Int, distance: Double) -> [Double] {
        (0..<n).map { min(Double($0) / Double(n) + distance, 1) }
    }

    /// Critical values: Kolmogorov's limits 1.3581 and 1.6276 over the root of n; Miller's (1956) table for n = 20.
    @Test(arguments: [
        (n: 10_000, distance: 0.013581, p: 0.05), (n: 10_000, distance: 0.016276, p: 0.01),
        (n: 20, distance: 0.29408, p: 0.05), (n: 20, distance: 0.35241, p: 0.01),
    ])
    func pValuesAtCriticalDistances(expected: (n: Int, distance: Double, p: Double)) throws {
        let samples = Self.sample(expected.n, distance: expected.distance)
        let test = try #require(KolmogorovSmirnov(samples) { min(max($0, 0), 1) })
        #expect((test.distance - expected.distance).magnitude < 1e-9)
        #expect((test.pValue - expected.p).magnitude < 0.04 * expected.p, "p \(test.pValue)")
    }

    @Test func twoSamplesByHand() throws {
        // After 3 the first has 3 of 4 behind it, the second 0 of 5.
        let test = try #require(KolmogorovSmirnov([1, 2, 3, 8], [4, 5, 6, 7, 9]))
        #expect(test.distance == 0.75)
        let same = try #require(KolmogorovSmirnov([1, 1, 2, 2], [2, 1]))
        #expect(same.distance == 0 && same.pValue == 1)
        let apart = try #require(KolmogorovSmirnov((0..<200).map(Double.init), (200..<400).map(Double.init)))
        #expect(apart.distance == 1 && apart.pValue < 1e-12)
    }

    @Test func refusesEmptySamples() {
        #expect(KolmogorovSmirnov([], [1]) == nil)
        #expect(KolmogorovSmirnov([1], []) == nil)
        #expect(KolmogorovSmirnov([]) { $0 } == nil)
    }

    /// Not a number is in no order: such a sample must neither hang the test nor pass it.
    @Test(.timeLimit(.minutes(1))) func refusesWhatIsNoNumber() {
        #expect(KolmogorovSmirnov([1, .nan, 3], [1, 2, 3]) == nil)
        #expect(KolmogorovSmirnov([1, 2], [.nan]) == nil)
        #expect(KolmogorovSmirnov([0.5, .nan]) { $0 } == nil)
        #expect(KolmogorovSmirnov([0.5]) { _ in .nan } == nil)
    }
}
