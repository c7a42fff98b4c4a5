package import ClusterModel

/// What many replications said, one row each, without a heap object a row: ten million rows are about a gigabyte.
///
/// Workers write rows of different replications at the same time; nobody reads before they are done. That is all the
/// synchronisation there is, hence `@unchecked`.
package final class OutcomeTable: @unchecked Sendable {
    /// One replication, without its milestones. Times are ns.
    package struct Row: BitwiseCopyable, Sendable {
        package var promotions: Int32
        package var elections: Int32
        package var falseFailovers: Int32
        package var stalledServers: Int32
        package var recovered: Bool
        package var unservedAtHorizon: Bool
        /// Index into `Outcome.Obstacle.allCases`.
        var obstacleIndex: UInt8
        package var anySlotUnserved: Int64
        package var worstSlotUnserved: Int64
        package var longestStall: Int64
        package var writesLost: Double

        package var promoted: Bool { promotions > 0 }
        package var obstacle: Outcome.Obstacle { Outcome.Obstacle.allCases[Int(obstacleIndex)] }
    }

    private static let width = Milestone.allCases.count

    /// Rows that there is room for.
    let capacity: Int
    private let rows: UnsafeMutablePointer<Row>
    private let times: UnsafeMutablePointer<Int64>
    /// Rows that are known: replications 0..<count.
    package private(set) var count = 0

    /// An empty table with room for so many replications.
    package init(capacity: Int) {
        self.capacity = capacity
        rows = .allocate(capacity: capacity)
        times = .allocate(capacity: capacity * OutcomeTable.width)
    }

    deinit {
        rows.deallocate()
        times.deallocate()
    }

    /// Called once for each replication, by the worker that ran it.
    func set(_ index: Int, _ outcome: borrowing Outcome) {
        precondition(index < capacity)
        rows[index] = Row(
            promotions: Int32(clamping: outcome.promotions), elections: Int32(clamping: outcome.elections),
            falseFailovers: Int32(clamping: outcome.falseFailovers),
            stalledServers: Int32(clamping: outcome.stalledServers), recovered: outcome.recovered,
            unservedAtHorizon: outcome.unservedAtHorizon,
            obstacleIndex: UInt8(clamping: Outcome.Obstacle.allCases.firstIndex(of: outcome.obstacle) ?? 0),
            anySlotUnserved: outcome.anySlotUnserved, worstSlotUnserved: outcome.worstSlotUnserved,
            longestStall: outcome.longestStall, writesLost: outcome.writesLost)
        for milestone in 0..<OutcomeTable.width {
            times[index * OutcomeTable.width + milestone] = outcome.milestones[milestone]
        }
    }

    /// A row that was known before, as the next one. Times are ns by milestone, -1 where it was not reached.
    func append(_ row: Row, times known: [Int64]) {
        precondition(count < capacity && known.count == OutcomeTable.width)
        rows[count] = row
        for milestone in 0..<OutcomeTable.width { times[count * OutcomeTable.width + milestone] = known[milestone] }
        count += 1
    }

    /// Rows 0..<count are all written.
    func close(count: Int) { self.count = count }

    package subscript(_ replication: Int) -> Row {
        precondition(replication < count)
        return rows[replication]
    }

    /// Nanoseconds after the fault; nil where the milestone was not reached.
    package func time(of milestone: Milestone, in replication: Int) -> Int64? {
        precondition(replication < count)
        let time = times[replication * OutcomeTable.width + milestone.rawValue]
        return time < 0 ? nil : time
    }
}
