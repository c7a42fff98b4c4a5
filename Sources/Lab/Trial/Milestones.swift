package import RedisCluster

/// The moments of one trial, from the servers' logs: those of the simulator (`Milestone`), in µs after the fault;
/// nil where it did not happen.
///
/// Suspicions, decisions, states and elections are those of nodes the fault did not hit; an old master's demotion and
/// its synchronisation are those of nodes it did.
package struct Milestones: Sendable, Equatable {
    package var firstSuspected: Int64?
    package var lastSuspected: Int64?
    package var failed: Int64?
    package var stateDown: Int64?
    package var electionScheduled: Int64?
    package var electionStarted: Int64?
    package var promoted: Int64?
    package var healed: Int64?
    package var demoted: Int64?
    package var resynchronised: Int64?
    /// Won elections and takeovers, and elections begun, wherever they happened.
    package var promotions = 0
    package var elections = 0

    package init() {}

    /// In the order in which they are reported.
    package var named: [(name: String, time: Int64?)] {
        [
            ("firstSuspected", firstSuspected), ("lastSuspected", lastSuspected), ("failed", failed),
            ("stateDown", stateDown), ("electionScheduled", electionScheduled), ("electionStarted", electionStarted),
            ("promoted", promoted), ("healed", healed), ("demoted", demoted), ("resynchronised", resynchronised),
        ]
    }
}

/// Follows a trial through the servers' logs: what has happened, and whether anything more is to be expected.
package struct TrialProgress: Sendable {
    package private(set) var milestones = Milestones()
    /// Processes the fault hit, in the order in which they were.
    package private(set) var victims: [Int] = []
    private var victimNames: Set<NodeName> = []
    private var victimMasters: Set<Int> = []
    private var returned: Set<Int> = []
    private var synchronised: Set<Int> = []
    private var downNodes: Set<Int> = []
    /// Instants in µs after the fault.
    private var lastEvent: Int64 = 0
    private var lastElection: Int64?
    private var fault: Int64
    private let nodeTimeout: Int64

    /// - Parameters:
    ///   - fault: Unix µs of the first step.
    ///   - nodeTimeout: ms.
    package init(fault: Int64, nodeTimeout: Int64) {
        self.fault = fault
        self.nodeTimeout = nodeTimeout * 1000
    }

    /// The fault's exact instant, Unix µs, once it is known.
    package mutating func setFault(_ time: Int64) { fault = time }

    package mutating func hit(_ process: Int, _ name: NodeName?, isMaster: Bool) {
        guard !victims.contains(process) else { return }
        victims.append(process)
        if let name { victimNames.insert(name) }
        if isMaster { victimMasters.insert(process) }
    }

    /// A victim runs again, or goes on.
    package mutating func comeBack(_ process: Int) { returned.insert(process) }

    package mutating func read(_ event: LogEvent, of process: Int) {
        let after = event.time - fault
        // The middle of the fault's own millisecond may lie before it.
        guard after > -1000 else { return }
        let time = max(0, after)
        lastEvent = max(lastEvent, time)
        count(event.kind, time)
        if victims.contains(process) {
            readVictim(event.kind, process, time)
        } else {
            readSurvivor(event.kind, process, time)
        }
    }

    private mutating func count(_ kind: LogEvent.Kind, _ time: Int64) {
        switch kind {
        case .electionWon, .takenOver: milestones.promotions += 1
        case .electionStarted:
            milestones.elections += 1
            lastElection = time
        case .electionScheduled: lastElection = time
        default: break
        }
    }

    private mutating func readVictim(_ kind: LogEvent.Kind, _ process: Int, _ time: Int64) {
        switch kind {
        case .follows where victimMasters.contains(process): reach(&milestones.demoted, time)
        case .synchronised where returned.contains(process):
            synchronised.insert(process)
            milestones.resynchronised = time
        default: break
        }
    }

    private mutating func readSurvivor(_ kind: LogEvent.Kind, _ process: Int, _ time: Int64) {
        switch kind {
        case .suspected(let name) where victimNames.contains(name):
            reach(&milestones.firstSuspected, time)
            milestones.lastSuspected = max(time, milestones.lastSuspected ?? 0)
        case .failed: reach(&milestones.failed, time)
        case .stateFail:
            reach(&milestones.stateDown, time)
            downNodes.insert(process)
        case .stateOk:
            milestones.healed = max(time, milestones.healed ?? 0)
            downNodes.remove(process)
        case .electionScheduled: reach(&milestones.electionScheduled, time)
        case .electionStarted: reach(&milestones.electionStarted, time)
        case .electionWon, .takenOver: reach(&milestones.promoted, time)
        default: break
        }
    }

    private func reach(_ milestone: inout Int64?, _ time: Int64) { milestone = min(time, milestone ?? .max) }

    // MARK: The end

    /// How long nothing must have happened, µs: gossip has told everybody by then.
    private static let quiet: Int64 = 2_000_000
    /// What comes on top of two node timeouts before "nothing will happen any more" is believed, µs.
    private static let patience: Int64 = 10_000_000

    /// True where nothing more is to be expected at `now`, when the last step was `lastStep`; µs after the fault.
    ///
    /// Either the slots of every master that was hit have another, every state is ok and who came back is in sync; or
    /// two node timeouts and 10 s have passed, in which whatever is suspected is condemned or forgiven. An election
    /// that has begun and not been won may be repeated after four node timeouts.
    package func isSettled(at now: Int64, lastStep: Int64) -> Bool {
        guard now - max(lastEvent, lastStep) >= TrialProgress.quiet else { return false }
        let isReplaced = milestones.promotions > 0 && milestones.promotions >= victimMasters.count
        if isReplaced, downNodes.isEmpty, returned.isSubset(of: synchronised) { return true }
        if let lastElection, milestones.elections > milestones.promotions || milestones.elections == 0 {
            if now - lastElection < 4 * nodeTimeout + TrialProgress.patience / 2 { return false }
        }
        return now - lastStep >= 2 * nodeTimeout + TrialProgress.patience
    }
}
