import Randomness
import Statistics
import Testing

@Suite struct PairedTests {
    @Test("Newcombe's example of 36, 12, 2 and 0 pairs: 0.0569 to 0.3404")
    func pairedProportions() throws {
        let first = (0..<50).map { $0 < 38 }
        let second = (0..<50).map { $0 < 36 || $0 >= 38 }
        let pairs = try #require(PairedProportions(first: first, second: second))
        #expect(pairs.both == 36 && pairs.onlySecond == 12 && pairs.onlyFirst == 2 && pairs.neither == 0)
        let estimate = pairs.difference()
        #expect((estimate.value - 0.2).magnitude < 1e-12)
        #expect((estimate.interval.low - 0.0569).magnitude < 5e-5, "\(estimate)")
        #expect((estimate.interval.high - 0.3404).magnitude < 5e-5, "\(estimate)")
    }

    @Test("Pairs that all agree still leave doubt")
    func agreement() throws {
        let yes = [Bool](repeating: true, count: 50)
        let pairs = try #require(PairedProportions(first: yes, second: yes))
        let interval = pairs.difference().interval
        #expect(interval.low < -0.01 && interval.high > 0.01 && interval.contains(0))
    }

    private func sample(_ seed: UInt64, _ count: Int) -> (first: [Double], second: [Double]) {
        var dice = RandomStream(seed: seed, replication: 0, purpose: .test, entity: 1)
        var (first, second): ([Double], [Double]) = ([], [])
        for _ in 0..<count {
            let shared = dice.uniform()
            first.append(shared + 0.2 * dice.uniform())
            second.append(shared + 0.2 * dice.uniform() + 0.1)
        }
        return (first, second)
    }

    @Test("The interval of a difference of medians holds the truth, and pairing makes it narrow")
    func quantiles() throws {
        var (held, width, loose) = (0, 0.0, 0.0)
        for seed in 1...60 {
            let (first, second) = sample(UInt64(seed), 200)
            let found = try #require(PairedQuantiles.difference(first: first, second: second, p: 0.5, seed: 1))
            if found.interval.contains(0.1) { held += 1 }
            width += found.interval.high - found.interval.low
            let ends = try [first, second].map { try #require(Summary($0)).quantileEstimate(0.5).interval }
            loose += ends.reduce(0) { $0 + ($1.high - $1.low) }
        }
        // 57 of 60 are expected; fewer than 51 would happen less than once in a thousand times.
        #expect(held >= 51, "\(held) of 60")
        #expect(width < 0.7 * loose, "\(width) beside \(loose)")
    }

    @Test("Where the sample is too small for a quantile, its difference has no end either")
    func tooFew() throws {
        let (first, second) = sample(9, 30)
        let found = try #require(PairedQuantiles.difference(first: first, second: second, p: 0.99, seed: 1))
        #expect(found.interval.low == -.infinity && found.interval.high == .infinity)
    }

    @Test("Endless beside finite is endlessly more; endless beside endless is nothing")
    func endless() throws {
        let (finite, never) = ([Double](repeating: 1, count: 50), [Double](repeating: .infinity, count: 50))
        let found = try #require(PairedQuantiles.difference(first: finite, second: never, p: 0.5, seed: 1))
        #expect(found.value == .infinity && found.interval.low == .infinity)
        #expect(PairedQuantiles.difference(first: never, second: never, p: 0.5, seed: 1) == nil)
    }
}
