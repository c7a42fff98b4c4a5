import RedisCluster

/// Observations in plain words.
extension ClusterSimulation {
    /// Nil for what a story does not need.
    func sentence(_ observation: Observation) -> String? {
        let subject = name(of: observation.subject)
        let value = observation.value
        return switch observation.kind {
        case .suspected: "suspects \(subject): no answer within the node timeout (PFAIL)"
        case .unsuspected: "hears from \(subject) again and drops its suspicion"
        case .reported: "is told by \(name(of: observation.other)) that it suspects \(subject)"
        case .reportWithdrawn: "is told by \(name(of: observation.other)) that it no longer suspects \(subject)"
        case .failed: "counts a majority against \(subject), and tells all that it failed (FAIL)"
        case .failLearned: "is told by \(name(of: observation.other)) that \(subject) failed (FAIL)"
        case .failCleared: "hears from \(subject) again and no longer counts it as failed"
        case .voteGranted: "votes for \(subject) in epoch \(value)"
        case .voteRefused: "refuses \(subject) its vote: \(reason(VoteRefusal(rawValue: value)))"
        case .stateOk: "turns to cluster_state:ok"
        case .stateFail: "turns to cluster_state:fail"
        case .demoted: "becomes a replica of \(subject)"
        case .reconfigured: "follows \(subject) from now on"
        case .migrated: "moves over to \(subject), which has no replica left"
        case .addressChanged: "learns a new address of \(subject)"
        case .addressLost: "drops the address of \(subject): another node answers there"
        case .nodeAdded: "meets \(subject)"
        case .handshakeEnded: nil
        case .epochBumped: "takes config epoch \(value), because \(subject) had the same as itself"
        case .slotsMoved: "accepts that \(subject) owns slots"
        case .becameMaster: "sees that \(subject) is a master"
        case .becameReplica: "sees that \(subject) is a replica"
        case .electionScheduled, .rankRaised, .electionStarted, .electionWon, .takenOver, .cannotFailover,
            .manualFailoverStarted, .manualFailoverTimedOut:
            candidacy(observation.kind, subject, value)
        }
    }

    /// What a replica says of its own way to becoming a master.
    private func candidacy(_ kind: Observation.Kind, _ subject: String, _ value: Int64) -> String? {
        switch kind {
        case .electionScheduled: "will ask for votes in \(value) ms, to succeed \(subject)"
        case .rankRaised:
            "waits longer: \(value) replica\(value == 1 ? "" : "s") of \(subject) with newer data go first"
        case .electionStarted: "asks the masters for their votes, epoch \(value)"
        case .electionWon: "wins the election and is master, config epoch \(value)"
        case .takenOver: "takes the slots of \(subject) over without a vote, config epoch \(value)"
        case .manualFailoverStarted: "is ordered to take over from \(subject)"
        case .manualFailoverTimedOut: "gives the ordered takeover up: it took too long"
        case .cannotFailover:
            switch FailoverObstacle(rawValue: value) {
            case .dataAge: "may not stand for election: its data is too old"
            case .expired: "gives this election up: too few votes came in time"
            default: nil
            }
        default: nil
        }
    }

    private func reason(_ refusal: VoteRefusal?) -> String {
        switch refusal {
        case .oldEpoch: "the request is of an old epoch"
        case .alreadyVoted: "it has voted in this epoch"
        case .requesterIsMaster: "that node is a master"
        case .masterUnknown: "it doesn't know that node's master"
        case .masterIsUp: "that node's master is up, as far as it knows"
        case .votedForThisMasterRecently: "it voted for a replica of the same master within two node timeouts"
        case .slotsHaveNewerOwner: "a newer owner has some of the slots"
        case nil: "no reason given"
        }
    }
}
