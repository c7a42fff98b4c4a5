import Recording
import RedisCluster

/// A line of trials.jsonl: one trial as one JSON object.
///
/// Milestones are ms after the fault, from the servers' logs, and absent where they did not happen by `end`.
package struct TrialLine: Sendable {
    package var number: Int
    package var seed: UInt64
    package var scenario: String
    /// Parameters of the scenario with their values, as a text each: `for=10s`.
    package var parameters: [String]
    package var binary: ServerBinary
    package var nodeTimeout: Int64
    package var masters: Int
    package var replicasPerMaster: Int
    package var recording: String
    package var outcome: TrialOutcome

    package var text: String {
        var line = JSONLine()
        line.put("trial", Int64(number))
        line.put("seed", Int64(clamping: seed))
        line.put("scenario", scenario)
        line.put("parameters", parameters)
        line.put("product", binary.product)
        line.put("version", binary.version)
        line.put("nodeTimeout", nodeTimeout)
        line.put("masters", Int64(masters))
        line.put("replicasPerMaster", Int64(replicasPerMaster))
        line.put("recording", recording)
        line.put("faultAt", outcome.fault)
        line.put("victims", outcome.victims)
        line.put("victimIds", outcome.victimNames.map(\.text))
        line.put("roles", outcome.roles)
        line.put("steps", outcome.actions.map(step))
        line.put("promotions", Int64(outcome.milestones.promotions))
        line.put("elections", Int64(outcome.milestones.elections))
        for milestone in outcome.milestones.named
        where binary.logsEverySuspicion || !TrialLine.suspicions.contains(milestone.name) {
            if let time = milestone.time { line.put(milestone.name, thousandths: time) }
        }
        line.put("end", thousandths: outcome.end)
        line.close()
        return line.text
    }

    private static let suspicions = ["firstSuspected", "lastSuspected"]

    /// `kill 2 at 0.000`
    private func step(_ action: InflictedAction) -> String {
        let processes = action.processes.map(String.init).joined(separator: " ")
        let after = action.moment.wall - outcome.fault
        let digits = String(after % 1000)
        return "\(action.action) \(processes) at \(after / 1000)."
            + String(repeating: "0", count: max(0, 3 - digits.count)) + digits
    }
}
