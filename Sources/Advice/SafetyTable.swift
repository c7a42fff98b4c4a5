package import SystemModel

/// What every single failure does to the majority and to the shards: now, and after the next failover, whichever it
/// is. Exact by the rules of the protocol, weighted by the probability of each placement.
package struct SafetyTable: Sendable {
    /// A machine, or one server.
    package struct Row: Sendable {
        package let name: String
        package let isMachine: Bool
        /// Masters that are gone with it, in the likeliest placement.
        package let mastersLost: [Int]
        /// In the likeliest placement.
        package let verdict: Situation.Verdict
        /// Over all placements.
        package let losesMajority: Double
        package let losesShard: Double
        package let recovers: Double
        /// The same after a failover, each replica being the next to be promoted with the same probability.
        package let recoversAfterFailover: Double
        /// Promotions after which its loss is survived, and after which it is not, in the likeliest placement.
        package let fatalAfter: [Int]
    }

    package let situations: Situations
    package let machines: [Row]
    package let servers: [Row]

    package init(_ model: SystemModel) {
        let situations = Situations(model)
        self.situations = situations
        let faults = StandardFaults(model)
        machines = faults.machines.map { machine in
            SafetyTable.row(machine, isMachine: true, situations) { $0.losing(machine: machine) }
        }
        servers = (0..<model.shape.nodes).map { server in
            SafetyTable.row(faults.name(of: server), isMachine: false, situations) { $0.losing { $0 == server } }
        }
    }

    private static func row(
        _ name: String, isMachine: Bool, _ situations: Situations, _ losing: (Situation) -> Situation.Verdict
    ) -> Row {
        let verdict = losing(situations.likeliest)
        let replicas = situations.likeliest.replicas
        var after = 0.0
        for weighted in situations.all {
            let next = weighted.situation.replicas
            guard !next.isEmpty else {
                if losing(weighted.situation).recovers { after += weighted.probability }
                continue
            }
            let survived = next.count { losing(weighted.situation.promoting($0)).recovers }
            after += weighted.probability * Double(survived) / Double(next.count)
        }
        return Row(
            name: name, isMachine: isMachine, mastersLost: verdict.mastersLost, verdict: verdict,
            losesMajority: situations.probability { !losing($0).hasMajority },
            losesShard: situations.probability { !losing($0).shardsWithoutCopy.isEmpty },
            recovers: situations.probability { losing($0).recovers }, recoversAfterFailover: min(1, after),
            fatalAfter: replicas.filter { !losing(situations.likeliest.promoting($0)).recovers })
    }

    /// The machines whose loss is not survived in the likeliest placement, those that take the majority first.
    package var dangerous: [Row] {
        let fatal = machines.filter { !$0.verdict.recovers }
        return fatal.filter { !$0.verdict.hasMajority } + fatal.filter { $0.verdict.hasMajority }
    }

    /// The probability that the cluster survives the loss of whichever single machine is lost.
    package var survivesAnyMachine: Double {
        let names = machines.map(\.name)
        return situations.probability { situation in names.allSatisfy { situation.losing(machine: $0).recovers } }
    }
}
