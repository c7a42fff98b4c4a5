/// The moments that a failover passes, found alike in a recording and in a replication: by the nodes that were not hit,
/// about those that were, unless it says otherwise.
package enum Stage: Int, CaseIterable, Sendable {
    /// The first and the last observer that suspects (`fail?`).
    case firstSuspected, lastSuspected
    /// The first observer that shows `fail`, and the last one.
    case failed, failedEverywhere
    /// The first cluster_state:fail.
    case stateDown
    /// The first observer that shows a replica as a master, whoever it is, and the last one.
    case promoted, promotedEverywhere
    /// The last cluster_state:ok.
    case healed
    /// The first observer, whoever it is, that shows a master as a replica.
    case demoted
    /// The first observer that suspects no more.
    case cleared

    package var name: String { String(describing: self) }

    package var words: String {
        switch self {
        case .firstSuspected: "first suspected"
        case .lastSuspected: "suspected by the last"
        case .failed: "failed"
        case .failedEverywhere: "failed for all"
        case .stateDown: "cluster_state:fail"
        case .promoted: "promoted"
        case .promotedEverywhere: "promoted for all"
        case .healed: "cluster_state:ok for all"
        case .demoted: "demoted"
        case .cleared: "suspected no more"
        }
    }

    private var kind: Sighting.Kind {
        switch self {
        case .firstSuspected, .lastSuspected: .suspected
        case .failed, .failedEverywhere: .failed
        case .stateDown: .stateDown
        case .promoted, .promotedEverywhere: .promoted
        case .healed: .stateUp
        case .demoted: .demoted
        case .cleared: .cleared
        }
    }

    /// Of several observers the last one counts.
    var isLast: Bool {
        switch self {
        case .lastSuspected, .failedEverywhere, .promotedEverywhere, .healed: true
        case .firstSuspected, .failed, .stateDown, .promoted, .demoted, .cleared: false
        }
    }

    private func counts(_ sighting: Sighting, victims: Set<Int>) -> Bool {
        guard sighting.kind == kind else { return false }
        switch self {
        case .firstSuspected, .lastSuspected, .failed, .failedEverywhere, .cleared:
            return victims.contains(sighting.subject) && !victims.contains(sighting.observer)
        case .stateDown, .healed: return !victims.contains(sighting.observer)
        case .promoted, .promotedEverywhere, .demoted: return true
        }
    }

    /// When it was shown, ns after the fault: the first or last answer of several. Nil where it was not reached.
    ///
    /// The first answer of several observers that are asked at different times is earlier than chance has it for one of
    /// them. So the answers are compared, not what they say of the moment before: replications are asked as well.
    func time(in seen: [Seen], victims: Set<Int>) -> SightingTime? {
        let those = seen.filter { counts($0.sighting, victims: victims) }
        guard let first = those.first else { return nil }
        return those.dropFirst().reduce((after: first.shownAfter, before: first.shownBefore)) { time, next in
            isLast
                ? (max(time.after, next.shownAfter), max(time.before, next.shownBefore))
                : (min(time.after, next.shownAfter), min(time.before, next.shownBefore))
        }
    }
}
