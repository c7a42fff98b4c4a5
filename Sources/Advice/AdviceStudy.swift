import ClusterModel
package import Statistics
import SystemModel

/// What every single failure does to a model, and what could be changed about it, each change simulated through the
/// same faults before it is spoken of.
package struct AdviceStudy: Sendable {
    /// A fault as simulated.
    package struct Trial: Sendable {
        package let fault: String
        package let recovered: Share
        /// Some slot has no master that takes writes.
        package let outage: Durations
        /// Why it did not recover, the most frequent reason first.
        package let obstacle: String?
    }

    package let table: SafetyTable
    /// Each machine lost for good, each server lost, storage away.
    package let trials: [Trial]
    /// Those that help first, by how many more machines may be lost.
    package let proposals: [JudgedProposal]
    package let isComplete: Bool

    package init(_ plan: AdvicePlan, _ effort: Effort) {
        let model = plan.model
        table = plan.table
        let simulated = AdviceStudy.trials(model, effort)
        trials = simulated.trials
        guard simulated.isComplete, let before = Judge.Figures(model, plan.table, effort)
        else {
            proposals = []
            isComplete = false
            return
        }
        var judged: [JudgedProposal] = []
        var isComplete = true
        for proposal in plan.proposals {
            guard let result = Judge(model: model, before: before, effort: effort).judge(proposal) else {
                isComplete = false
                break
            }
            judged.append(result)
        }
        self.isComplete = isComplete
        let order: [JudgedProposal.Verdict] = [.helps, .costs, .useless, .harms]
        proposals = judged.enumerated().sorted { one, other in
            func rank(_ entry: (offset: Int, element: JudgedProposal)) -> (Int, Double, Int) {
                let verdict = order.firstIndex(of: entry.element.verdict) ?? order.count
                let gain = entry.element.measures.first.map { $0.after.value - $0.before.value } ?? 0
                return (verdict, -gain, entry.offset)
            }
            return rank(one) < rank(other)
        }.map(\.element)
    }

    private static func trials(_ model: SystemModel, _ effort: Effort) -> (trials: [Trial], isComplete: Bool) {
        let faults = StandardFaults(model)
        var scenarios = faults.machines.map(faults.crash)
        scenarios += (0..<model.shape.nodes).map { faults.lose(.process($0), named: faults.name(of: $0)) }
        if faults.hasNFS { scenarios.append(faults.storageOutage) }
        var trials: [Trial] = []
        for scenario in scenarios {
            guard let trial = trial(model, scenario, effort) else { return (trials, false) }
            trials.append(trial)
        }
        return (trials, true)
    }

    static func trial(_ model: SystemModel, _ scenario: Scenario, _ effort: Effort) -> Trial? {
        guard let outcomes = effort.outcomes(model, scenario),
            let recovered = Share(outcomes.count(where: \.recovered), of: outcomes.count),
            let outage = Durations(outcomes.map(\.anySlotOutage))
        else { return nil }
        let lost = outcomes.filter { !$0.recovered }
        let reason = Outcome.Obstacle.allCases.filter { $0 != .none }
            .map { obstacle in (obstacle, lost.count { $0.obstacle == obstacle }) }
            .max { $0.1 < $1.1 }
        return Trial(
            fault: scenario.name, recovered: recovered, outage: outage,
            obstacle: reason.flatMap { $0.1 > 0 ? $0.0.rawValue : nil })
    }
}

/// Holds a changed model against the model as it is.
struct Judge {
    /// What every proposal is judged by.
    struct Figures {
        /// Exact: the probability that any one machine may be lost.
        let survivesAnyMachine: Double
        /// Machines whose loss is fatal, in the likeliest placement.
        let dangerous: [String]
        /// Simulated: some machine is lost for good, each with the same probability, and all slots come back. Nil where
        /// no machine can take a server.
        let recovered: Share?
        /// Of the loss of a master.
        let outage: Durations
        let placed: Double

        init?(_ model: SystemModel, _ table: SafetyTable, _ effort: Effort) {
            dangerous = table.dangerous.map(\.name)
            survivesAnyMachine = table.survivesAnyMachine
            placed = table.situations.probability { !$0.machines.contains(nil) }
            let faults = StandardFaults(model)
            var (recovered, trials) = (0, 0)
            for machine in faults.machines {
                guard let outcomes = effort.outcomes(model, faults.crash(machine)) else { return nil }
                recovered += outcomes.count(where: \.recovered)
                trials += outcomes.count
            }
            guard let outcomes = effort.outcomes(model, faults.lose(.masters(count: 1), named: "a master")),
                let outage = Durations(outcomes.map(\.anySlotOutage))
            else { return nil }
            self.recovered = Share(recovered, of: trials)
            self.outage = outage
        }
    }

    let model: SystemModel
    let before: Figures
    let effort: Effort

    /// Nil where somebody stopped it.
    func judge(_ proposal: Proposal) -> JudgedProposal? {
        guard let after = Figures(proposal.model, SafetyTable(proposal.model), effort),
            let special = special(proposal)
        else { return nil }
        return JudgedProposal(
            proposal: proposal, measures: measures(after) + special, dangerous: after.dangerous)
    }

    /// What is asked of every proposal.
    func measures(_ after: Figures) -> [Measure] {
        var measures = [
            Measure(
                name: "any one machine may be lost", unit: .share, isBetterWhenSmaller: false,
                before: Estimate(exactly: before.survivesAnyMachine),
                after: Estimate(exactly: after.survivesAnyMachine))
        ]
        if let before = before.recovered, let after = after.recovered {
            measures.append(
                Measure(
                    name: "recovers from the loss of a machine", unit: .share, isBetterWhenSmaller: false,
                    before: before.estimate, after: after.estimate))
        }
        measures += [
            Measure(
                name: "every pod has a node", unit: .share, isBetterWhenSmaller: false,
                before: Estimate(exactly: before.placed), after: Estimate(exactly: after.placed)),
            Measure(
                name: "outage of a lost master, p50", unit: .duration, isBetterWhenSmaller: true,
                before: before.outage.p50, after: after.outage.p50),
            Measure(
                name: "outage of a lost master, p99", unit: .duration, isBetterWhenSmaller: true,
                before: before.outage.p99, after: after.outage.p99),
        ]
        return measures
    }

    /// What is asked of some proposals only.
    private func special(_ proposal: Proposal) -> [Measure]? {
        switch proposal.kind {
        case .nodeTimeout:
            guard let before = FalseFailovers.estimate(model, effort),
                let after = FalseFailovers.estimate(proposal.model, effort)
            else { return nil }
            return [
                Measure(
                    name: "false failovers a month", unit: .amount, isBetterWhenSmaller: true, before: before.total,
                    after: after.total)
            ]
        case .minReplicas: return losses(proposal)
        case .disruptionBudget: return drains(proposal)
        default: return []
        }
    }

    private func losses(_ proposal: Proposal) -> [Measure]? {
        let faults = StandardFaults(model)
        guard let machine = faults.machines.first, faults.machines.count > 1 else { return [] }
        let cut = faults.scenario(
            "cut off \(machine) for 1 min", .cutNode(.node(machine), duration: 60_000_000_000))
        func lost(_ model: SystemModel) -> Estimate? {
            let loaded = model.configured { $0.environment.load = $0.environment.load > 0 ? $0.environment.load : 60 }
            return effort.outcomes(loaded, cut).flatMap { Summary($0.map(\.writesLost)) }?.meanEstimate()
        }
        guard let before = lost(model), let after = lost(proposal.model) else { return nil }
        return [
            Measure(
                name: "writes lost when \(machine) is cut off for 1 min", unit: .amount, isBetterWhenSmaller: true,
                before: before, after: after)
        ]
    }

    private func drains(_ proposal: Proposal) -> [Measure]? {
        var measures: [Measure] = []
        for work in MaintenanceStudy.cases(model) where !work.failoverFirst {
            guard case .drain = work.work, !work.hasBudget else { continue }
            let budgeted = MaintenanceStudy.Case(work: work.work, failoverFirst: false, hasBudget: true)
            guard let before = MaintenanceStudy.row(model, work, effort),
                let after = MaintenanceStudy.row(model, budgeted, effort)
            else { return nil }
            measures.append(
                Measure(
                    name: "outage of a \(work.work.name), p50", unit: .duration, isBetterWhenSmaller: true,
                    before: before.anySlot.p50, after: after.anySlot.p50))
        }
        return measures
    }
}
