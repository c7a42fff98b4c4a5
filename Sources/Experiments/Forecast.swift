package import ClusterModel
package import Statistics

/// What a table of replications says about the next fault of its kind: probabilities, times and reasons, each with its
/// 95 % interval.
package struct Forecast: Sendable {
    /// Replications counted; at least 1.
    package let replications: Int
    package let promoted: Share
    /// At the horizon every slot takes writes and every running node's cluster_state is ok.
    package let recovered: Share
    /// In the order of `Milestone.allCases`; those that never happened have a count of 0.
    package let stages: [Stage]
    /// Time with at least one slot that takes no writes.
    package let anySlotUnserved: Outage
    /// Time without writes of the slots that fared worst.
    package let worstSlotUnserved: Outage
    /// What stood in the way where a replication did not recover, most frequent first; ties in their declared order.
    package let obstacles: [(obstacle: Outcome.Obstacle, share: Share)]
    /// Elections started in a replication.
    package let elections: Spread
    /// Writes that were acknowledged and are gone.
    package let writesLost: Spread
    /// Nodes that the fault did not hit and that were declared failed, in a replication.
    package let falseFailovers: Spread
    /// Servers whose loop stood still for storage, in a replication, and the longest that one did, ns.
    package let stalledServers: Spread
    package let longestStall: Spread

    /// Nil for a table without a row.
    package init?(_ table: OutcomeTable) {
        let all = 0..<table.count
        func share(_ holds: (OutcomeTable.Row) -> Bool) -> Share? {
            Share(all.count { holds(table[$0]) }, of: table.count)
        }
        func spread(_ value: (OutcomeTable.Row) -> Double) -> Spread? {
            Summary(all.map { value(table[$0]) }).map(Spread.init)
        }
        guard let promoted = share(\.promoted), let recovered = share(\.recovered),
            let elections = spread({ Double($0.elections) }), let writesLost = spread(\.writesLost),
            let falseFailovers = spread({ Double($0.falseFailovers) }),
            let stalledServers = spread({ Double($0.stalledServers) }),
            let longestStall = spread({ Double($0.longestStall) }),
            let anySlot = Outage(table, \.anySlotUnserved), let worstSlot = Outage(table, \.worstSlotUnserved)
        else { return nil }
        replications = table.count
        self.promoted = promoted
        self.recovered = recovered
        stages = Milestone.allCases.map { Stage($0, in: table) }
        anySlotUnserved = anySlot
        worstSlotUnserved = worstSlot
        obstacles = Forecast.obstacles(in: table)
        self.elections = elections
        self.writesLost = writesLost
        self.falseFailovers = falseFailovers
        self.stalledServers = stalledServers
        self.longestStall = longestStall
    }

    private static func obstacles(in table: OutcomeTable) -> [(obstacle: Outcome.Obstacle, share: Share)] {
        var met: [(order: Int, obstacle: Outcome.Obstacle, share: Share)] = []
        for (order, obstacle) in Outcome.Obstacle.allCases.enumerated() where obstacle != .none {
            let count = (0..<table.count).count { !table[$0].recovered && table[$0].obstacle == obstacle }
            if count > 0, let share = Share(count, of: table.count) { met.append((order, obstacle, share)) }
        }
        met.sort { ($1.share.count, $0.order) < ($0.share.count, $1.order) }
        return met.map { (obstacle: $0.obstacle, share: $0.share) }
    }

    package subscript(_ milestone: Milestone) -> Stage { stages[milestone.rawValue] }

    /// So many of all replications.
    package typealias Share = Statistics.Share

    /// Mean and quantiles of one quantity: Student's interval for the mean, order statistics for the quantiles.
    package struct Spread: Sendable, Equatable {
        package let mean: Estimate
        package let p50: Estimate
        package let p90: Estimate
        package let p95: Estimate
        package let p99: Estimate
        package let maximum: Double

        init(_ summary: Summary) {
            mean = summary.meanEstimate()
            p50 = summary.quantileEstimate(0.50)
            p90 = summary.quantileEstimate(0.90)
            p95 = summary.quantileEstimate(0.95)
            p99 = summary.quantileEstimate(0.99)
            maximum = summary.maximum
        }

        /// The quantiles with their names, in order.
        package var quantiles: [(name: String, estimate: Estimate)] {
            [("p50", p50), ("p90", p90), ("p95", p95), ("p99", p99)]
        }
    }

    /// When a milestone was reached, in ns after the fault, over the replications that reached it.
    package struct Stage: Sendable {
        package let milestone: Milestone
        package let count: Int
        /// Nil where no replication reached it.
        package let spread: Spread?

        init(_ milestone: Milestone, in table: OutcomeTable) {
            self.milestone = milestone
            let times = (0..<table.count).compactMap { table.time(of: milestone, in: $0).map(Double.init) }
            count = times.count
            spread = Summary(times).map(Spread.init)
        }
    }

    /// Time without service in ns, over all replications. Where it had not ended at the horizon it counts as endless:
    /// an estimate that such replications reach is infinite.
    package struct Outage: Sendable {
        /// Replications in which it had not ended at the horizon.
        package let unended: Int
        package let p50: Estimate
        package let p90: Estimate
        package let p95: Estimate
        package let p99: Estimate
        /// Over the replications in which it ended; nil where there is none.
        package let mean: Estimate?

        init?(_ table: OutcomeTable, _ length: (OutcomeTable.Row) -> Int64) {
            var ended: [Double] = []
            var unended = 0
            for replication in 0..<table.count {
                let row = table[replication]
                if row.unservedAtHorizon {
                    unended += 1
                } else {
                    ended.append(Double(length(row)))
                }
            }
            let lengths = ended + [Double](repeating: .infinity, count: unended)
            guard let summary = Summary(lengths) else { return nil }
            self.unended = unended
            p50 = summary.endlessQuantileEstimate(0.50)
            p90 = summary.endlessQuantileEstimate(0.90)
            p95 = summary.endlessQuantileEstimate(0.95)
            p99 = summary.endlessQuantileEstimate(0.99)
            mean = Summary(ended)?.meanEstimate()
        }

        /// The quantiles with their names, in order.
        package var quantiles: [(name: String, estimate: Estimate)] {
            [("p50", p50), ("p90", p90), ("p95", p95), ("p99", p99)]
        }
    }
}
