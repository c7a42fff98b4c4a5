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

    /// A worker's memory, threads and wire.
    package struct WorkerUse: Sendable {
        package let name: String
        package let memoryBytes: Double?
        package let cores: Double?
        package let situations: [Situation]

        package struct Situation: Sendable {
            /// Nil with all workers there.
            package let lost: String?
            /// Of this worker's own pods that are left.
            package let pods: Int
            package let masters: Int
            /// Resident bytes at rest, and with every pod in its largest state.
            package let steady: Double
            package let largest: Double
            /// The latter with the lost worker's pods made anew here; the same where none is lost.
            package let largestWithAll: Double
            package let threads: Double
            package let sent: Double
            package let received: Double
            /// Shards of the whole cluster without a server.
            package let shardsLost: Int
        }
    }

    /// Simulates and searches: some seconds where the load is large.
    package init(_ model: CapacityModel, seed: UInt64, replications: Int) {
        self.model = model
        self.seed = seed
        self.replications = replications
        let demand = model.demand
        now = model.uses(demand)
        workers = Self.workers(model, now)
        var found = model.limits(demand).map { LimitForecast($0, of: model) }
        var answers: [(situation: String, answers: LoadStudy.Answers)] = []
        for (situation, rewriting) in [("now", 0), ("one child writes", 1), ("all children write", now.count)] {
            guard let setup = model.loadSetup(demand, rewriting: rewriting) else { continue }
            let study = LoadStudy(
                setup, expectations: demand.expectations, seed: seed, replications: replications)
            guard let result = study.answers() else { continue }
            answers.append((situation, result))
            if rewriting == 0, let factor = study.largestFactor() {
                found.append(LimitForecast(Self.expectation(demand, result), factor: factor, of: demand))
            }
        }
        self.answers = answers
        limits = found.enumerated().sorted { ($0.element.factor, $0.offset) < ($1.element.factor, $1.offset) }
            .map(\.element)
        if case .kubernetes(let deployment) = model.model.deployment {
            let used = model.site.workers.indices.filter { index in
                model.site.servers.contains { $0.worker == index }
            }
            let names = used.prefix(PodFit.mostWorkers).map { model.site.workers[$0].name }
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
        let use = answers.quantiles.min {
            (LoadStudy.p(of: $0.name) - expected.quantile).magnitude
                < (LoadStudy.p(of: $1.name) - expected.quantile).magnitude
        }
        return LimitUse(
            name: "expectation.latency", subject: "answers of the busiest master within the expectation (\(name))",
            consequence: "users wait longer than they are to, or are not answered in time", kind: .hard, unit: .seconds,
            use: (use?.estimate.value ?? 0) / 1e9, capacity: expected.latency)
    }

    private static func workers(_ model: CapacityModel, _ now: [ServerUse]) -> [WorkerUse] {
        let site = model.site
        let used = site.workers.indices.filter { index in now.contains { $0.server.worker == index } }
        return site.workers.indices.map { index in
            let worker = site.workers[index]
            let lost: [Int?] = [nil] + used.filter { $0 != index }.map { $0 }
            return WorkerUse(
                name: worker.name, memoryBytes: worker.memoryBytes, cores: worker.cores,
                situations: lost.map { situation(model, now, worker: index, lost: $0) })
        }
    }

    private static func situation(
        _ model: CapacityModel, _ now: [ServerUse], worker: Int, lost: Int?
    ) -> WorkerUse.Situation {
        let uses = lost == nil ? now : model.uses(model.demand, without: lost)
        let here = uses.filter { $0.server.worker == worker }
        let moved = lost.map { lost in now.filter { $0.server.worker == lost } } ?? []
        let share = Double(moved.count) / Double(max(1, model.site.workers.count - 1))
        let largest = here.reduce(0) { $0 + $1.largest.resident }
        let toStorage = model.site.onNFS ? here.reduce(0) { $0 + $1.files.written } : 0
        return WorkerUse.Situation(
            lost: lost.map { model.site.workers[$0].name }, pods: here.count,
            masters: here.count(where: \.server.isMaster),
            steady: here.reduce(0) { $0 + $1.memory.stack(.steady).resident }, largest: largest,
            largestWithAll: largest
                + moved.prefix(Int(share.rounded(.up))).reduce(0) { $0 + $1.largest.resident },
            threads: here.reduce(0) { $0 + $1.thread }, sent: here.reduce(0) { $0 + $1.network.sent } + toStorage,
            received: here.reduce(0) { $0 + $1.network.received },
            shardsLost: lost.map(model.site.shardsLost) ?? 0)
    }
}
