import ClusterModel
import Experiments
import Foundation
import ModelFile
import Statistics
import SystemModel
import Testing

/// The simulation against real clusters of Redis 7.0.15 on loopback (3 + 3 nodes, node timeout 5 s, idle).
///
/// Each file holds the milestones of measured trials, ms after the fault, read from the servers' own logs.
struct MeasuredTruthTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let file: String
        let scenario: String
        var testDescription: String { "\(scenario) against \(file)" }
    }

    static let cases = [
        Case(file: "kill-5000", scenario: "kill-master"), Case(file: "stop-5000", scenario: "freeze-master"),
        Case(file: "term-5000", scenario: "terminate-master"),
    ]
    static let replications = 2000
    static let seed: UInt64 = 20_261_122
    /// 15 s; the latest measured milestone came at 9.8 s.
    static let horizon: Int64 = 15_000_000_000

    @Test("Every milestone lies within the 1 % level of the measured one", arguments: cases)
    func everyMilestoneAgrees(_ example: Case) throws {
        let measured = try Self.measured(example.file)
        let loaded = try ModelReader.read(directory: Self.model)
        var scenario = try loaded.scenario(named: example.scenario)
        scenario.horizon = Self.horizon
        let table = Runner(model: loaded.model, scenario: scenario, seed: Self.seed)
            .run(replications: Self.replications, workers: 2)
        for (milestone, trials, count) in measured {
            let simulated = (0..<Self.replications).compactMap { table.time(of: milestone, in: $0) }
                .map { Double($0) / 1e6 }
            let comment = "seed \(Self.seed), \(example.scenario), \(milestone.name)"
            // Times compare only what got there: how many did is told apart from it.
            let reached = try #require(Proportion(trials.count, of: count)).clopperPearson(confidence: 0.99)
            let expected = try #require(Proportion(simulated.count, of: Self.replications))
                .clopperPearson(confidence: 0.99)
            let agree = reached.low <= expected.high && expected.low <= reached.high
            #expect(agree, "\(comment): reached by \(trials.count) of \(count), simulated \(expected)")
            let distance = try #require(KolmogorovSmirnov(trials, simulated), "\(comment)").distance
            let limit = 1.63 / Double(trials.count).squareRoot()
            #expect(distance <= limit, "\(comment): KS distance \(distance), limit \(limit)")
            let median = try #require(Summary(simulated)).quantile(0.5)
            let estimate = try #require(Summary(trials)).quantileEstimate(0.5)
            let isNear = abs(median / estimate.value - 1) <= 0.02 || estimate.interval.contains(median)
            #expect(isNear, "\(comment): median \(median) ms, measured \(estimate.value) ms in \(estimate.interval)")
        }
    }

    @Test("A model with half the timeout is told apart from the measured clusters")
    func aWrongModelIsRejected() throws {
        let measured = try Self.measured("kill-5000")
        let loaded = try ModelReader.read(directory: Self.model, overrides: ["cluster-node-timeout=2500"])
        var scenario = try loaded.scenario(named: "kill-master")
        scenario.horizon = Self.horizon
        let table = Runner(model: loaded.model, scenario: scenario, seed: Self.seed).run(replications: 500, workers: 2)
        let trials = try #require(measured.first { $0.milestone == .promoted }).trials
        let simulated = (0..<500).compactMap { table.time(of: .promoted, in: $0) }.map { Double($0) / 1e6 }
        let distance = try #require(KolmogorovSmirnov(trials, simulated)).distance
        #expect(distance > 1.63 / Double(trials.count).squareRoot())
    }

    private static var model: String {
        URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../models/six-processes").path
    }

    /// Columns by milestone with the number of trials; an empty cell is one that never happened in that trial.
    private static func measured(
        _ file: String
    ) throws -> [(milestone: Milestone, trials: [Double], count: Int)] {
        let url = try #require(Bundle.module.url(forResource: file, withExtension: "csv", subdirectory: "Truth"))
        let rows = try String(contentsOf: url, encoding: .utf8).split(separator: "\n")
            .map { $0.split(separator: ",", omittingEmptySubsequences: false) }
        let header = try #require(rows.first)
        return try header.enumerated().map { column, name in
            let milestone = try #require(Milestone.allCases.first { $0.name == String(name) })
            return (milestone, rows.dropFirst().compactMap { Double($0[column]) }, rows.count - 1)
        }
    }
}
