/// The moments every failover passes, over the nodes the fault did not hit, about those it hit.
package enum Milestone: Int, CaseIterable, Sendable {
    /// First and last PFAIL set on a victim.
    case firstSuspected, lastSuspected
    /// The first majority decision.
    case failed
    /// The first survivor whose cluster_state is fail.
    case stateDown
    case electionScheduled, electionStarted
    case promoted
    /// The last survivor's cluster_state is ok again.
    case healed
    /// An old master has become a replica.
    case demoted
    /// The last victim that came back is in sync with its master.
    case resynchronised

    package var name: String { String(describing: self) }
}

/// What one replication says. Times are ns after the fault; -1 where it never happened.
package struct Outcome: Sendable, Equatable {
    package var replication: Int
    package var milestones = [Int64](repeating: -1, count: Milestone.allCases.count)
    package var promotions = 0
    package var elections = 0
    /// At the horizon every slot is writable and every running node's cluster_state is ok.
    package var recovered = false
    /// At the horizon some slot has no master that takes writes: its time without one has not ended.
    package var unservedAtHorizon = false
    /// Time in which at least one slot had no master that takes writes, and the worst part's own; ns.
    package var anySlotUnserved: Int64 = 0
    package var worstSlotUnserved: Int64 = 0
    /// Why it never recovered, if so.
    package var obstacle = Obstacle.none
    /// Writes that a deposed master had acknowledged, also while it was cut off, and that its successor never got.
    package var writesLost: Double = 0
    /// Those of them that some replica had confirmed, so that a client's WAIT 1 had returned 1 for them.
    package var confirmedWritesLost: Double = 0
    /// Nodes of this replication that were hit, by process index.
    package var victims: [Int] = []
    package var falseFailovers = 0
    /// Servers whose loop stood still for storage after the fault, for more than `ClusterSimulation.longWait`, and the
    /// longest of these waits, up to the horizon; ns.
    package var stalledServers = 0
    package var longestStall: Int64 = 0

    package init(replication: Int) { self.replication = replication }

    package subscript(_ milestone: Milestone) -> Int64 {
        get { milestones[milestone.rawValue] }
        set { milestones[milestone.rawValue] = newValue }
    }

    package var promoted: Bool { promotions > 0 }

    /// What stands in the way of recovery at the horizon, most fundamental first.
    package enum Obstacle: String, Sendable, CaseIterable {
        case none
        case majorityTogether = "no quorum: the majority of the masters was on one machine, and it is gone"
        case noQuorum = "no quorum: too few masters can vote"
        case replicaBesideMaster = "no replica left for the slots: it was on the same machine as its master"
        case noReplicaLeft = "no replica left for the slots"
        case dataTooOld = "the replica's data is too old to stand"
        case podStuck = "a pod is stuck"
        case storageAway = "storage is away"
        case busy = "a server's loop is busy with its own work: process.tickCost or packetCost is too long to keep up"
        case addressesLost = "addresses changed together: some nodes know nobody's new one, and nobody knows theirs"
        case cutOff = "a part of the cluster is cut off from the rest"
        case notYet = "not yet: still under way at the horizon"
    }
}

/// One line of a replication's story: who noticed what, when.
package struct StoryLine: Sendable, Equatable {
    /// Simulated ns after the fault.
    package var time: Int64
    /// The observing process, or -1 for the world's own events.
    package var process: Int
    package var text: String
    /// CLUSTER NODES lines that changed for this observer, before and after.
    package var changedLines: [(before: String, after: String)]

    package static func == (a: StoryLine, b: StoryLine) -> Bool {
        a.time == b.time && a.process == b.process && a.text == b.text
            && a.changedLines.map(\.before) == b.changedLines.map(\.before)
            && a.changedLines.map(\.after) == b.changedLines.map(\.after)
    }
}
