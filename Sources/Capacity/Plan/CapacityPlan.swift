import Statistics
import SystemModel

/// Everything that the sizing of a system says: what a report is made of.
package struct CapacityPlan: Sendable {
    package let model: CapacityModel
    package let now: [ServerUse]
    package let workers: [WorkerUse]
    /// All limits, the nearest first; equals in their declared order.
    package let limits: [LimitForecast]
    /// Answer times today, while one child writes a snapshot, and while all do; nil without load.
    package let answers: [(situation: String, answers: LoadStudy.Answers)]
    /// Empty for bare processes.
    package let fits: [PodFit]
    /// Commits and bytes a second that all servers together send to the storage.
    package let commitsPerSecond: Double
    package let bytesToStorage: Double
    package let seed: UInt64
    package let replications: Int

    /// False where it was to stop: then only the formulas' results are all there.
    package let isComplete: Bool

    /// Simulates and searches: some seconds where the load is large.
    package init(
        _ model: CapacityModel, seed: UInt64, replications: Int, shouldStop: @escaping () -> Bool = { false }
    ) {
        self.model = model
        self.seed = seed
        self.replications = replications
        let demand = model.demand
        now = model.uses(demand)
        workers = model.workers(now)
        var found = LimitForecast.all(of: model)
        var answers: [(situation: String, answers: LoadStudy.Answers)] = []
        for (situation, rewriting) in [("now", 0), ("one child writes", 1), ("all children write", now.count)] {
            guard let setup = model.loadSetup(demand, rewriting: rewriting) else { continue }
            let study = LoadStudy(
                setup, expectations: demand.expectations, seed: seed, replications: replications,
                shouldStop: shouldStop)
            guard let result = study.answers() else { continue }
            answers.append((situation, result))
            if rewriting == 0, let factor = study.largestFactor() {
                found.append(LimitForecast(Self.expectation(demand, result), factor: factor, of: demand))
            }
        }
        isComplete = !shouldStop()
        self.answers = answers
        limits = found.enumerated().sorted { ($0.element.factor, $0.offset) < ($1.element.factor, $1.offset) }
            .map(\.element)
        if case .kubernetes(let deployment) = model.model.deployment {
            let names = model.usedWorkers(now).prefix(PodFit.mostWorkers).map { model.site.workers[$0].name }
            fits = PodFit.all(deployment, workers: names, seed: seed)
        } else {
            fits = []
        }
        commitsPerSecond = model.commitsPerSecond(now)
        bytesToStorage = now.reduce(0) { $0 + $1.files.written }
    }

    /// The first limit to be reached, and the first that something enforces.
    package var first: LimitForecast? { limits.first }
    package var firstHard: LimitForecast? { limits.first { $0.limit.kind == .hard } }
    package var isEnough: Bool { !limits.contains { $0.limit.kind == .hard && $0.isExceeded } }

    private static func expectation(_ demand: Demand, _ answers: LoadStudy.Answers) -> LimitUse {
        let expected = demand.expectations
        let percent = expected.quantile * 100
        let name = percent == percent.rounded() ? "p\(Int(percent))" : "p\(percent)"
        return LimitUse(
            name: "expectation.latency", subject: "answers of the busiest master within the expectation (\(name))",
            consequence: "users wait longer than they are to, or are not answered in time", kind: .hard, unit: .seconds,
            use: answers.expected.value / 1e9, capacity: expected.latency)
    }
}
