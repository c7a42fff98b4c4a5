/// What a replication says in one number, or in a yes or no, by the name that results give it.
///
/// Statistics, expectations, sweeps and rare events all speak of these, so that a name means the same everywhere.
package enum Quantity: String, Sendable, CaseIterable {
    /// A replica was promoted.
    case promoted = "probabilities.promoted"
    /// At the horizon every slot takes writes and every running server's cluster_state is ok.
    case recovered = "probabilities.recovered"
    /// Time with at least one slot that takes no writes; endless where it had not ended at the horizon.
    case anySlotUnserved = "outage.anySlot"
    /// Time without writes of the slots that fared worst; endless likewise.
    case worstSlotUnserved = "outage.worstSlot"
    // When a milestone was reached, after the fault; endless where it never was.
    case firstSuspected = "milestones.firstSuspected"
    case lastSuspected = "milestones.lastSuspected"
    case failed = "milestones.failed"
    case stateDown = "milestones.stateDown"
    case electionScheduled = "milestones.electionScheduled"
    case electionStarted = "milestones.electionStarted"
    case won = "milestones.promoted"
    case healed = "milestones.healed"
    case demoted = "milestones.demoted"
    case resynchronised = "milestones.resynchronised"
    /// Acknowledged writes that are gone.
    case writesLost
    case elections
    case promotions
    /// Servers that the fault did not hit and that were declared failed.
    case falseFailovers

    package enum Kind: Sendable {
        /// Yes or no.
        case event
        /// ns; infinite where it never ended or happened.
        case duration
        /// A count, or a mean of counts.
        case amount
    }

    package var kind: Kind {
        switch self {
        case .promoted, .recovered: .event
        case .writesLost, .elections, .promotions, .falseFailovers: .amount
        default: .duration
        }
    }

    /// Other names for the same: those of a sample's fields.
    package static let aliases: [(name: String, quantity: Quantity)] = [
        ("promoted", .promoted), ("recovered", .recovered), ("anySlotUnserved", .anySlotUnserved),
        ("worstSlotUnserved", .worstSlotUnserved),
    ]

    /// The quantity of that name or alias.
    package init?(named name: String) {
        if let quantity = Quantity(rawValue: name) ?? Quantity.aliases.first(where: { $0.name == name })?.quantity {
            self = quantity
        } else {
            return nil
        }
    }

    /// The name without the group it belongs to: `healed` of `milestones.healed`.
    package var shortName: String { rawValue.split(separator: ".").last.map(String.init) ?? rawValue }
}
