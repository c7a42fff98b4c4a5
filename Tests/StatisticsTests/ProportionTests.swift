import Statistics
import Testing

@Suite struct ProportionTests {
    struct Published: Sendable {
        let successes: Int
        let trials: Int
        let wilson: Interval
        let clopperPearson: Interval
    }

    /// Newcombe (Statistics in Medicine 17, 1998), table I: methods 3 (score) and 5 (exact).
    static let newcombe = [
        Published(
            successes: 81, trials: 263, wilson: .init(low: 0.2553, high: 0.3662),
            clopperPearson: .init(low: 0.2527, high: 0.3676)),
        Published(
            successes: 15, trials: 148, wilson: .init(low: 0.0624, high: 0.1605),
            clopperPearson: .init(low: 0.0578, high: 0.1617)),
        Published(
            successes: 0, trials: 20, wilson: .init(low: 0, high: 0.1611),
            clopperPearson: .init(low: 0, high: 0.1684)),
        Published(
            successes: 1, trials: 29, wilson: .init(low: 0.0061, high: 0.1718),
            clopperPearson: .init(low: 0.0009, high: 0.1776)),
    ]

    @Test(arguments: newcombe) func intervalsArePublishedOnes(published: Published) throws {
        let proportion = try #require(Proportion(published.successes, of: published.trials))
        for (found, expected) in [
            (proportion.wilson(), published.wilson), (proportion.clopperPearson(), published.clopperPearson),
        ] {
            #expect((found.low - expected.low).magnitude < 6e-5)
            #expect((found.high - expected.high).magnitude < 6e-5)
        }
    }

    @Test func certaintyEndsAtOne() throws {
        let all = try #require(Proportion(12, of: 12))
        #expect(all.value == 1 && all.wilson().high == 1 && all.clopperPearson().high == 1)
        #expect(all.clopperPearson().low > 0.7 && all.clopperPearson().low < 0.75)
    }

    @Test func tailsAreBinomial() throws {
        let two = try #require(Proportion(2, of: 9)).tails(probability: 0.25)
        // 0.75^9 + 9 x 0.25 x 0.75^8 = 0.3003, and 36 x 0.25^2 x 0.75^7 = 0.3003 more.
        #expect((two.atMost - 0.6007).magnitude < 5e-5 && (two.atLeast - 0.6997).magnitude < 5e-5)
        let none = try #require(Proportion(0, of: 5)).tails(probability: 1)
        #expect(none.atMost == 0 && none.atLeast == 1)
        let all = try #require(Proportion(5, of: 5)).tails(probability: 1)
        #expect(all.atMost == 1 && all.atLeast == 1)
    }

    @Test(arguments: [(-1, 10), (11, 10), (0, 0), (1, -1)]) func refusesImpossibleCounts(counts: (Int, Int)) {
        #expect(Proportion(counts.0, of: counts.1) == nil)
    }
}
