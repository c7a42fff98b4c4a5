import Statistics
import Testing

@Suite struct SurvivalTests {
    /// Freireich et al. (1963), weeks in remission under 6-mercaptopurine; true where the remission ended.
    static let remissions: [(Double, Bool)] = [
        (6, true), (6, true), (6, true), (6, false), (7, true), (9, false), (10, true), (10, false), (11, false),
        (13, true), (16, true), (17, false), (19, false), (20, false), (22, true), (23, true), (25, false), (32, false),
        (32, false), (34, false), (35, false),
    ]

    @Test func productLimitOfTheRemissionTimes() throws {
        let survival = try #require(Survival(Self.remissions.map { .init(length: $0.0, ended: $0.1) }))
        // The published table: share and Greenwood's standard error.
        let published: [(Double, Double, Double)] = [
            (6, 0.8571, 0.0764), (7, 0.8067, 0.0869), (10, 0.7529, 0.0963), (13, 0.6902, 0.1068), (16, 0.6275, 0.1141),
            (22, 0.5378, 0.1282), (23, 0.4482, 0.1346),
        ]
        #expect(survival.steps.count == published.count)
        for (step, (length, share, error)) in zip(survival.steps, published) {
            #expect(step.length == length)
            #expect((step.surviving - share).magnitude < 6e-5)
            #expect((step.surviving * step.logVariance.squareRoot() - error).magnitude < 6e-5)
        }
        #expect(survival.surviving(beyond: 5.9) == 1)
        // The last patient was watched for 35 weeks, still in remission.
        #expect((try #require(survival.surviving(beyond: 35)) - 0.4482).magnitude < 6e-5)
        #expect(survival.surviving(beyond: 35.1) == nil && survival.estimate(beyond: 100) == nil)
        #expect(survival.quantile(0.5) == 23)
        #expect(survival.quantile(0.6) == nil)
        let interval = try #require(survival.estimate(beyond: 23)).interval
        #expect(interval.low > 0.18 && interval.low < 0.19 && interval.high > 0.67 && interval.high < 0.69)
    }

    @Test func withoutCensoringItIsTheShare() throws {
        let survival = try #require(Survival([3, 1, 2, 2].map { .init(length: $0, ended: true) }))
        #expect(survival.surviving(beyond: 1) == 0.75 && survival.surviving(beyond: 2) == 0.25)
        #expect(survival.estimate(beyond: 3)?.value == 0 && survival.estimate(beyond: 99)?.value == 0)
        #expect(Survival([]) == nil)
    }

    /// Rounding must not move a quantile: eight tenths end at 8.
    @Test func quantilesOfEqualShares() throws {
        let survival = try #require(Survival((1...10).map { .init(length: Double($0), ended: true) }))
        for tenth in 1...10 { #expect(survival.quantile(Double(tenth) / 10) == Double(tenth), "\(tenth)") }
    }

    /// All and none of ten: Clopper and Pearson's bounds, 0.025^(1/10) from either side.
    @Test func certaintyIsNotClaimed() throws {
        let survival = try #require(Survival((1...10).map { .init(length: Double($0), ended: true) }))
        let before = try #require(survival.estimate(beyond: 0.5))
        #expect(before.value == 1 && before.interval.high == 1)
        #expect((before.interval.low - 0.6915029).magnitude < 1e-6)
        let after = try #require(survival.estimate(beyond: 10))
        #expect(after.value == 0 && after.interval.low == 0)
        #expect((after.interval.high - 0.3084971).magnitude < 1e-6)
        // Two that nobody watched for as long say nothing about it.
        let lengths = [(1.0, false), (2.0, false), (9.0, true)]
        let censored = try #require(Survival(lengths.map { .init(length: $0.0, ended: $0.1) }))
        let one = try #require(censored.estimate(beyond: 5))
        #expect(one.value == 1 && (one.interval.low - 0.025).magnitude < 1e-9)
    }

    @Test func nothingIsKnownBeyondTheWatch() throws {
        let survival = try #require(Survival([(1, false), (2, false)].map { .init(length: $0.0, ended: $0.1) }))
        #expect(survival.surviving(beyond: 2) == 1 && survival.surviving(beyond: 2.5) == nil)
    }
}
