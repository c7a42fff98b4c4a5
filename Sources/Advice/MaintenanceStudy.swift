import ClusterModel
import Kubernetes
package import Statistics
package import SystemModel

/// Rolling restarts and drains: how long slots are without a master, in all, in the worst shard and by pod, with and
/// without a failover before each stop, with and without a disruption budget.
package struct MaintenanceStudy: Sendable {
    package enum Work: Sendable, Equatable {
        case rollingRestart
        case drain(worker: String)

        package var name: String {
            switch self {
            case .rollingRestart: "rolling restart"
            case .drain(let worker): "drain of \(worker)"
            }
        }
    }

    package struct Case: Sendable {
        package let work: Work
        /// A preStop hook hands the master's role over.
        package let failoverFirst: Bool
        /// A budget lets one pod go at a time.
        package let hasBudget: Bool
    }

    package struct Row: Sendable {
        package let work: Case
        /// Some slot has no master that takes writes.
        package let anySlot: Durations
        /// The slots that fare worst.
        package let worstSlot: Durations
        /// By pod: the mean time for which slots that it served last were served by nobody, ns.
        package let byPod: [Estimate]
        package let recovered: Share
    }

    package let rows: [Row]
    package let pods: [String]
    package let isComplete: Bool

    /// A worker's pods are evicted every 5 s at the earliest, and take half a minute each to come back.
    private static let horizon: Int64 = 900_000_000_000

    package static func cases(_ model: SystemModel) -> [Case] {
        let works = [Work.rollingRestart] + StandardFaults(model).machines.map { Work.drain(worker: $0) }
        return works.flatMap { work in
            // The controller asks no budget before it deletes: a rolling restart is the same with one.
            (work == .rollingRestart ? [false] : [false, true]).flatMap { budget in
                [false, true].map { Case(work: work, failoverFirst: $0, hasBudget: budget) }
            }
        }
    }

    /// The model's pods are those of a StatefulSet.
    package init(_ model: SystemModel, _ effort: Effort) {
        let cases = MaintenanceStudy.cases(model)
        var rows: [Row] = []
        for work in cases {
            guard let row = MaintenanceStudy.row(model, work, effort) else { break }
            rows.append(row)
        }
        self.rows = rows
        let faults = StandardFaults(model)
        pods = (0..<model.shape.nodes).map(faults.name(of:))
        isComplete = rows.count == cases.count
    }

    package static func row(_ model: SystemModel, _ work: Case, _ effort: Effort) -> Row? {
        guard let deployment = StandardFaults(model).deployment else { return nil }
        let changed = model.budgeted(work.hasBudget ? [deployment.oneAtATime] : [])
        let action: Action
        switch work.work {
        case .rollingRestart: action = .rollingRestart
        case .drain(let worker): action = .drain(.node(worker))
        }
        var steps = [Scenario.Step(at: 0, action: action)]
        if work.failoverFirst { steps.insert(Scenario.Step(at: 0, action: .handOverBeforeStop), at: 0) }
        let scenario = Scenario(
            name: work.work.name, question: work.work.name, parameters: [], timeline: steps, horizon: horizon)
        let results = effort.map(changed, scenario) { simulation, index in
            simulation.recorder.keepsServing = true
            let outcome = simulation.replicate(index)
            let charged = charges(
                simulation.recorder.servingChanges, pods: simulation.processCount, until: horizon)
            return (outcome: outcome, byPod: charged)
        }
        guard let results, let anySlot = Durations(results.map(\.outcome.anySlotOutage)),
            let worst = Durations(results.map(\.outcome.worstSlotOutage)),
            let recovered = Share(results.count { $0.outcome.recovered }, of: results.count)
        else { return nil }
        let byPod = (0..<model.shape.nodes).compactMap { pod in
            Summary(results.map { $0.byPod[pod] })?.meanEstimate()
        }
        return Row(work: work, anySlot: anySlot, worstSlot: worst, byPod: byPod, recovered: recovered)
    }

    /// Time in which a part of the slots is served by nobody, ns, charged to the pod that served it last.
    static func charges(_ changes: [ServingChange], pods: Int, until end: Int64) -> [Double] {
        var charged = [Double](repeating: 0, count: pods)
        let parts = (changes.map(\.part).max() ?? -1) + 1
        for part in 0..<parts {
            var (server, since) = (-1, Int64.max)
            for change in changes where change.part == part {
                if change.process >= 0 {
                    if server >= 0, since < change.time { charged[server] += Double(change.time - max(since, 0)) }
                    (server, since) = (change.process, .max)
                } else if since == .max {
                    since = change.time
                }
            }
            if server >= 0, since < end { charged[server] += Double(end - max(since, 0)) }
        }
        return charged
    }
}
