/// The stages of a failover in words, by the names that results give them.
package enum StageWords {
    private static let known = [
        "firstSuspected": "the first survivor suspects it", "lastSuspected": "the last survivor suspects it",
        "failed": "a majority agrees that it failed", "stateDown": "cluster_state is fail somewhere",
        "electionScheduled": "a replica schedules its election", "electionStarted": "it asks for votes",
        "promoted": "it has won and is master", "healed": "cluster_state is ok on all",
        "demoted": "the old master is a replica", "resynchronised": "what came back is in sync",
    ]

    /// Nil for a name that no version of the tool has given a stage.
    package static func of(_ name: String) -> String? { known[name] }
}
