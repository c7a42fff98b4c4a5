import RedisCluster
import Replay
import SystemModel
import Wording

/// Recordings beside what the simulation makes of them.
struct ReplayReport {
    let replays: [(path: String, replay: RecordingReplay)]
    let inputs: ReplayInputs
    /// Of each recording.
    let replications: Int
    let seed: Int
    /// Recordings that could not be read or replayed.
    let unreadable: Int
    let agreement: Agreement
    let judgement: Judgement
    /// What a disagreement points to.
    let explanation: Explanation?
    /// False after Ctrl-C: not every recording, or not every explanation, was tried.
    let isWhole: Bool

    /// Where the latencies come from.
    var environment: String { inputs.modelPath ?? "built-in defaults" }

    /// The stages that were reached, or that half of the replications reach.
    func stages(of replay: RecordingReplay) -> [RecordingReplay.StageFinding] {
        replay.stages.filter { $0.wasReached || $0.prediction.share >= 0.5 }
    }
}

extension RecordingReplay {
    func name(_ node: Int) -> String {
        reconstruction.names.indices.contains(node) ? String(reconstruction.names[node].text.prefix(8)) : "?"
    }

    /// What was done, in a sentence for each step; times are after the recording's start.
    var deeds: [String] {
        scenario.steps.map { step in
            let whom = step.targets.map { node in
                let role = reconstruction.model.shape.master(of: node) == nil ? "master" : "replica"
                return "\(role) \(name(node))"
            }.joined(separator: ", ")
            var text = "\(Digits.fixed(Double(step.middle) / 1e6, 3)) s: \(whom) \(step.deed.words)"
            if let duration = step.duration {
                text += ", for \(Phrase.duration(Double(duration)))"
                if step.newAddress { text += ", back on a new address" }
            }
            return text
        }
    }
}
