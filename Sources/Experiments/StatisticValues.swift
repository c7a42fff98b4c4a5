package import ClusterModel
package import Statistics
package import SystemModel

extension OutcomeTable {
    /// A quantity of one replication: ns, 1 or 0 for yes or no, or an amount. What did not end or happen within the
    /// horizon is endless, and so infinite: "p99 below 12 s" says that it happens within 12 s in 99 of 100 cases.
    package func value(of quantity: Quantity, in replication: Int) -> Double {
        let row = self[replication]
        func unserved(_ length: Int64) -> Double { row.unservedAtHorizon ? .infinity : Double(length) }
        switch quantity {
        case .promoted: return row.promoted ? 1 : 0
        case .recovered: return row.recovered ? 1 : 0
        case .anySlotUnserved: return unserved(row.anySlotUnserved)
        case .worstSlotUnserved: return unserved(row.worstSlotUnserved)
        case .writesLost: return row.writesLost
        case .elections: return Double(row.elections)
        case .promotions: return Double(row.promotions)
        case .falseFailovers: return Double(row.falseFailovers)
        case .firstSuspected, .lastSuspected, .failed, .stateDown, .electionScheduled, .electionStarted, .won, .healed,
            .demoted, .resynchronised:
            return quantity.milestone.flatMap { time(of: $0, in: replication) }.map(Double.init) ?? .infinity
        }
    }

    /// What a statistic is made of, replication by replication: its quantity, or 1 where its event came about.
    package func values(of statistic: Statistic) -> [Double] { values(of: statistic, first: count) }

    /// The same of the first replications alone.
    func values(of statistic: Statistic, first limit: Int) -> [Double] {
        (0..<min(limit, count)).map { replication in
            let value = value(of: statistic.quantity, in: replication)
            if case .probability(let event) = statistic { return event.holds(for: value) ? 1 : 0 }
            return value
        }
    }
}

extension Quantity {
    /// The milestone whose time the quantity is.
    package var milestone: Milestone? {
        switch self {
        case .firstSuspected: .firstSuspected
        case .lastSuspected: .lastSuspected
        case .failed: .failed
        case .stateDown: .stateDown
        case .electionScheduled: .electionScheduled
        case .electionStarted: .electionStarted
        case .won: .promoted
        case .healed: .healed
        case .demoted: .demoted
        case .resynchronised: .resynchronised
        case .promoted, .recovered, .anySlotUnserved, .worstSlotUnserved, .writesLost, .elections, .promotions,
            .falseFailovers:
            nil
        }
    }
}

extension Statistic {
    /// The statistic of a sample (see `OutcomeTable.values`) with its 95 % interval: Wilson's for a share, Student's
    /// for a mean, order statistics for a quantile. A mean of which a part is endless is endless. Nil for no values.
    package func estimate(from values: [Double]) -> Estimate? {
        guard let summary = Summary(values) else { return nil }
        switch self {
        case .probability:
            return Share(values.count { $0 > 0 }, of: values.count)?.estimate
        case .mean:
            guard summary.maximum.isFinite else {
                return Estimate(value: .infinity, interval: Interval(low: .infinity, high: .infinity))
            }
            return summary.meanEstimate()
        case .quantile(_, let p): return summary.endlessQuantileEstimate(p)
        }
    }

    /// What the second system has more than the first, from replications that shared their dice. Nil where one of them
    /// is endless, so that no difference exists.
    package func difference(from first: [Double], to second: [Double], seed: UInt64) -> Estimate? {
        switch self {
        case .probability:
            PairedProportions(first: first.map { $0 > 0 }, second: second.map { $0 > 0 })?.difference()
        case .mean:
            PairedDifference(first: first, second: second).flatMap {
                $0.differences.minimum.isFinite && $0.differences.maximum.isFinite ? $0.meanEstimate() : nil
            }
        case .quantile(_, let p):
            PairedQuantiles.difference(first: first, second: second, p: p, seed: seed)
        }
    }
}
