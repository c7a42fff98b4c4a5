import Recording
import RedisCluster

/// What the recorder itself met when it asked those that were hit, held against what was noted of them.
///
/// The kernel of a host that is up refuses connections to the port of a process that has ended; a process that is
/// stopped, or behind a cut, just does not answer. In Kubernetes an ended pod's address may be gone, and says nothing.
struct DeedEvidence {
    /// The first note that what was met contradicts.
    let contradiction: Violation?

    /// A death is noticed by the next question: whoever falls silent later did not die of this, µs.
    private static let prompt: Int64 = 5_000_000

    init(_ recording: Recording, _ scenario: ImpliedScenario, names: [NodeName], fault: ObservedInterval) {
        let lives = RecordedLives(recording, names: names)
        let inPods = Set(
            recording.entries.compactMap { entry -> NodeName? in
                guard case .server(let server) = entry, server.pod != nil else { return nil }
                return server.id
            })
        var first: Violation?
        for step in scenario.steps where !scenario.isInferred && (step.deed == .kill || step.deed == .terminate) {
            for target in step.targets where first == nil && !inPods.contains(names[target]) {
                guard let silence = lives.silence(of: target, from: step.interval.before), !silence.died,
                    silence.begins.after.microsecondsLater(than: step.interval.before) < DeedEvidence.prompt
                else { continue }
                first = Violation(
                    time: silence.begins.before.microsecondsLater(than: fault.after) * 1000,
                    seen: "\(names[target].shortText) was \(step.deed.words) and never refused a connection",
                    expected: "an ended process leaves a closed port; one that is stopped or cut off is silent")
            }
        }
        contradiction = first
    }
}
