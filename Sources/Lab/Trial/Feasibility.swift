import SystemModel

/// What of a scenario a lab can really do.
enum Feasibility {
    /// Throws for the first step that can't be inflicted on processes of one machine, or of two hosts made of it.
    static func check(_ scenario: Scenario, hosts: Int) throws(LabError) {
        for step in scenario.timeline { try check(step.action, hosts: hosts) }
    }

    private static func check(_ action: Action, hosts: Int) throws(LabError) {
        switch action {
        case .kill, .terminate, .freeze, .loseVolume, .failover: return
        case .cutNode, .partition:
            guard hosts == 2 else {
                throw LabError("a cut between hosts", "all processes are on one host", instead: "add --hosts 2")
            }
        case .deletePod: throw refusal("the deletion of a pod")
        case .rollingRestart: throw refusal("a rolling restart")
        case .drain: throw refusal("the drain of a worker")
        case .handOverBeforeStop: throw refusal("a pod's preStop hook")
        case .crashNode: throw refusal("the loss of a host's power")
        case .nfs: throw refusal("an outage of the NFS server")
        case .link: throw refusal("a slow link")
        case .create:
            throw LabError(
                "creation as a step", "a lab's cluster is created before its trial",
                instead: "take a scenario that begins with a fault")
        }
    }

    private static func refusal(_ what: String) -> LabError {
        LabError(
            what, "a lab has processes, signals and a link, and nothing else",
            instead: "simulate it with `rehearse run`, or take a scenario with kill, terminate, freeze, loseVolume, "
                + "failover or cut")
    }
}
