package import SystemModel

/// What there is to be asked about a model: who is where, and everything that could be changed.
package struct AdvicePlan: Sendable {
    package let model: SystemModel
    let table: SafetyTable
    let proposals: [Proposal]

    package init(_ model: SystemModel) {
        self.model = model
        table = SafetyTable(model)
        proposals = Proposals(model, table).all
    }

    /// About how many replications the study takes, for those who wait.
    ///
    /// - Parameter each: replications of a case.
    package func replications(each: Int) -> Int {
        let machines = table.machines.count + 1
        var total = each * (machines + model.shape.nodes + 1 + proposals.count * (machines + 1))
        if proposals.contains(where: { $0.kind == .nodeTimeout }) {
            total += 2 * FalseFailovers.replications(model, each: each)
        }
        if proposals.contains(where: { $0.kind == .disruptionBudget }) { total += each * machines * 2 }
        return total
    }
}
