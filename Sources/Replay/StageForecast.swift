import ClusterModel
import Experiments
package import Recording
package import RedisCluster
package import SystemModel

/// When a scenario's stages are reached, as a recorder would see it, whomever it hits.
package struct StageForecast: Sendable {
    private let predictions: [Prediction]

    package init(model: SystemModel, scenario: Scenario, polling: Polling, options: ReplayOptions) {
        let (seed, timeline) = (options.seed, scenario.timeline)
        let runs = Replications.map(0..<options.replications, workers: options.jobs, shouldStop: options.shouldStop) {
            ClusterSimulation(model: model, scenario: scenario, seed: seed)
        } body: { simulation, index -> [Int64?] in
            _ = simulation.watch(index, askedEvery: polling.views)
            let unknown = NodeName(high: 0, middle: 0, low: 0)
            let names = simulation.watch.beginning.map { $0.myself ?? unknown }
            let seen = Rehearsal.seen(simulation, index, names: names, polling: polling)
            let hit = zip(timeline, simulation.watch.targets).filter { StageForecast.hits($0.0.action) }
            let victims = Set(hit.flatMap(\.1))
            return Stage.allCases.map { $0.time(in: seen, victims: victims)?.before }
        }
        predictions = Stage.allCases.indices.map { stage in
            Prediction(times: runs.compactMap { $0[stage] }, replications: runs.count)
        }
    }

    package subscript(_ stage: Stage) -> Prediction { predictions[stage.rawValue] }

    /// An order to fail over leaves its targets as witnesses.
    private static func hits(_ action: Action) -> Bool {
        switch action {
        case .failover, .create: false
        default: true
        }
    }
}

/// A recording that grows, beside a forecast of it.
package struct LiveComparison: Sendable {
    private var recording: Recording
    private let base: SystemModel
    private var told: Set<Int> = []
    /// What has been done so far, if anything; nil before the cluster is known.
    package private(set) var deeds: ImpliedScenario?
    /// Who is a master that owns slots when the recording begins.
    package private(set) var masters: [NodeName] = []

    /// A stage that a live cluster has reached.
    package struct Reached: Sendable {
        package let stage: Stage
        /// ns after the fault.
        package let after: Int64
        package let before: Int64
    }

    package init(header: Recording.Header, base: SystemModel) {
        recording = Recording(header: header)
        self.base = base
    }

    /// Stages that are reached with what is new, in order. The last observer's are not among them: another may follow.
    package mutating func take(_ entries: [Recording.Entry]) -> [Reached] {
        recording.entries += entries
        // Offsets come all the time, and change nothing here.
        guard entries.contains(where: \.tellsOfStages), let found = try? Reconstruction(recording, base: base) else {
            return []
        }
        masters = Array(found.names.prefix(found.model.shape.masters))
        let implied = ImpliedScenario(recording, names: found.names, model: found.model)
        deeds = implied
        guard let fault = implied.fault else { return [] }
        let seen = RecordedSightings.of(recording, names: found.names, fault: fault)
        let victims = Set(implied.steps.filter { $0.deed.hits }.flatMap(\.targets))
        var reached: [Reached] = []
        for stage in Stage.allCases where !stage.isLast && !told.contains(stage.rawValue) {
            guard let time = stage.time(in: seen, victims: victims) else { continue }
            told.insert(stage.rawValue)
            reached.append(Reached(stage: stage, after: time.after, before: time.before))
        }
        return reached
    }

    /// The servers as they were first seen.
    package var servers: [ObservedServer] {
        var known = Set<NodeName>()
        return recording.entries.compactMap { if case .server(let server) = $0 { server } else { nil } }
            .filter { known.insert($0.id).inserted }
    }
}

extension Recording.Entry {
    fileprivate var tellsOfStages: Bool {
        if case .status(let status) = self { return status.fields.contains { $0.name == "cluster_state" } }
        return true
    }
}
