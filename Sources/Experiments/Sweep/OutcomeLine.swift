import ClusterModel

/// A replication as a line of a journal: exact, so that a table read back equals the one written. Times are ns.
struct OutcomeLine: Codable {
    /// Index of the alternative.
    var alternative: Int
    var replication: Int
    var promotions: Int32
    var elections: Int32
    var falseFailovers: Int32
    var stalledServers: Int32
    var recovered: Bool
    var unservedAtHorizon: Bool
    var obstacle: String
    var anySlotUnserved: Int64
    var worstSlotUnserved: Int64
    var longestStall: Int64
    var writesLost: Double
    /// By milestone, -1 where it was not reached.
    var milestones: [Int64]

    init(alternative: Int, replication: Int, of table: OutcomeTable) {
        let row = table[replication]
        self.alternative = alternative
        self.replication = replication
        promotions = row.promotions
        elections = row.elections
        falseFailovers = row.falseFailovers
        stalledServers = row.stalledServers
        recovered = row.recovered
        unservedAtHorizon = row.unservedAtHorizon
        obstacle = String(describing: row.obstacle)
        anySlotUnserved = row.anySlotUnserved
        worstSlotUnserved = row.worstSlotUnserved
        longestStall = row.longestStall
        writesLost = row.writesLost
        milestones = Milestone.allCases.map { table.time(of: $0, in: replication) ?? -1 }
    }

    /// Nil where the line speaks of an obstacle or of milestones that there are not.
    var row: OutcomeTable.Row? {
        guard let index = Outcome.Obstacle.allCases.firstIndex(where: { String(describing: $0) == obstacle }),
            milestones.count == Milestone.allCases.count
        else { return nil }
        return OutcomeTable.Row(
            promotions: promotions, elections: elections, falseFailovers: falseFailovers,
            stalledServers: stalledServers, recovered: recovered, unservedAtHorizon: unservedAtHorizon,
            obstacleIndex: UInt8(clamping: index),
            anySlotUnserved: anySlotUnserved, worstSlotUnserved: worstSlotUnserved,
            longestStall: longestStall, writesLost: writesLost)
    }
}

/// Nothing more follows of an alternative.
struct AlternativeEndLine: Codable {
    var alternative: Int
    /// How many lines of it there are.
    var replications: Int
}

/// The first line of a journal.
struct JournalHeader: Codable, Equatable {
    static let format = "rehearse.journal/v1"

    var format = JournalHeader.format
    /// Of everything that the results depend on.
    var digest: String
    /// For whoever reads the file; what is varied in each, by index.
    var alternatives: [String]
    var timeUnit = "ns"
}
