import Statistics

/// What a comparison of recordings with the simulation comes to.
package enum ReplayVerdict: String, Sendable, CaseIterable {
    case agrees, disagrees
    case tooLittleData = "too little data"
}

/// A verdict and why.
package struct Judgement: Sendable {
    package let verdict: ReplayVerdict
    /// For `disagrees` each thing that does not fit, the plainest first; else why not more can be said.
    package let reasons: [String]

    /// The level of all tests over several recordings together, and of what a single one may be called wrong for.
    static let level = 0.01
    static let levelOfOne = 0.0021
    /// Fewer recordings are judged one by one only.
    static let several = 5
    /// Fewer transitions with a known prediction say nothing.
    static let fewestTransitions = 5
    /// With fewer a single recording can't lie outside the 99.9 % band of anything.
    static let fewestReplications = 1000

    /// Where each of several recordings is one witness, it need not be known how rare it is.
    package static func sufficientReplications(recordings: Int) -> Int {
        recordings < several ? fewestReplications : 200
    }

    package init(_ replays: [RecordingReplay], _ agreement: Agreement) {
        let usable = replays.filter(\.scenario.obstacles.isEmpty)
        var reasons = Judgement.impossible(usable)
        reasons += Judgement.outliers(usable)
        if usable.count >= Judgement.several, usable.count == replays.count { reasons += Judgement.shifts(agreement) }
        if !reasons.isEmpty {
            verdict = .disagrees
            self.reasons = reasons
            return
        }
        let shortcomings = Judgement.shortcomings(replays, usable)
        verdict = shortcomings.isEmpty ? .agrees : .tooLittleData
        self.reasons = shortcomings.isEmpty ? [Judgement.praise(usable, agreement)] : shortcomings
    }

    /// What the protocol forbids.
    private static func impossible(_ replays: [RecordingReplay]) -> [String] {
        let violations = replays.compactMap(\.violation)
        guard let first = violations.first else { return [] }
        let others = violations.count > 1 ? " (and \(violations.count - 1) more recordings with such)" : ""
        return ["\(first.seen) at \(seconds(first.time)); expected: \(first.expected)\(others)"]
    }

    /// Recordings that lie farther out than all replications but two at most, more of them than chance explains.
    private static func outliers(_ replays: [RecordingReplay]) -> [String] {
        guard let replications = replays.map(\.predictions.replications).min() else { return [] }
        let level = 2.0 / Double(replications + 1)
        var reasons: [String] = []
        let strange = replays.filter { $0.occurrenceSurprise <= level * 1.0001 }
        if tail(strange.count, of: replays.count, level) <= levelOfOne, let first = strange.first {
            if let finding = first.firstUnpredicted {
                reasons.append(
                    "\(first.sentence(finding.seen.sighting)) at \(seconds(finding.seen.before)), "
                        + "which none of \(replications) replications had")
            } else if let missing = first.missing.first {
                reasons.append(
                    "it never came about that \(first.sentence(missing)), "
                        + "which \(percent(first.predictions[missing].share)) of the replications had by then")
            } else {
                reasons.append("what came about, and what did not, is rarer than in any replication")
            }
        }
        let late = replays.filter {
            !$0.isLate && $0.timingSurprise <= level * 1.0001 && ($0.farthest?.isBeyondAll ?? false)
        }
        if tail(late.count, of: replays.count, level) <= levelOfOne, let replay = late.first, let far = replay.farthest,
            let low = far.prediction.times.first, let high = far.prediction.times.last
        {
            let range = "than in all of \(replications) replications: \(seconds(low)) to \(seconds(high))"
            let isLow = far.middle < low
            switch far.what {
            case .sighting(let sighting):
                let direction = isLow ? "earlier" : "later"
                reasons.append("\(replay.sentence(sighting)) at \(seconds(far.middle)), \(direction) \(range)")
            case .span(let span):
                let direction = isLow ? "less" : "more"
                reasons.append("\(seconds(far.middle)) \(span.words), \(direction) \(range)")
            }
        }
        return reasons
    }

    /// Stages that are shifted or spread otherwise, or reached more or less often, over several recordings;
    /// Bonferroni's correction for their number.
    private static func shifts(_ agreement: Agreement) -> [String] {
        let tests = agreement.stages.count { $0.pValue != nil } + agreement.stages.count
        guard tests > 0 else { return [] }
        let limit = level / Double(tests)
        var reasons: [String] = []
        for stage in agreement.stages {
            if stage.occurrence < limit {
                reasons.append(
                    "\(stage.stage.words): reached in \(stage.reached) of \(agreement.recordings) recordings, "
                        + "\(fixed(stage.expected, 1)) were expected")
            }
            if let p = stage.pValue, p < limit, let distance = stage.distance, let bound = stage.limit {
                reasons.append(
                    "\(stage.stage.words): \(shift(stage)); distance \(fixed(distance, 3)), limit \(fixed(bound, 3))")
            }
        }
        if let band = agreement.bands.first(where: { $0.nominal == 0.9 }), reasons.isEmpty {
            // 99.9 %: it is looked at besides all the others.
            let interval = band.covered.wilson(z: 3.290_526_731)
            if agreement.recordings >= 10, !interval.contains(band.nominal) {
                reasons.append(
                    "the 90 % bands hold \(percent(band.covered.value)) of the transitions: "
                        + "what is predicted spreads too \(band.covered.value < 0.9 ? "little" : "much")")
            }
        }
        return reasons
    }

    private static func shift(_ stage: Agreement.StageAgreement) -> String {
        guard let error = stage.error else { return "spread otherwise than predicted" }
        if error.interval.contains(0) { return "spread otherwise than predicted" }
        let direction = error.value < 0 ? "earlier" : "later"
        return "\(seconds(Int64(error.value.magnitude))) \(direction) than predicted (median)"
    }

    private static func shortcomings(_ replays: [RecordingReplay], _ usable: [RecordingReplay]) -> [String] {
        if replays.isEmpty { return ["there is no recording"] }
        if usable.isEmpty { return replays.flatMap(\.scenario.obstacles) }
        if usable.allSatisfy({ $0.scenario.steps.isEmpty && $0.seen.isEmpty }) {
            return ["nothing was done to the cluster, and nothing happened to it"]
        }
        let ranked = usable.reduce(0) { $0 + $1.findings.count { $0.rank != nil } }
        if ranked < fewestTransitions {
            return ["\(ranked) transitions were seen that can be compared; fewer than \(fewestTransitions) say nothing"]
        }
        if usable.count < several, let late = usable.map(\.lateness).max(), usable.contains(where: \.isLate) {
            return ["answers came up to \(seconds(late)) late: somebody stood still who does not in the model"]
        }
        if usable.count < several, usable.contains(where: { $0.predictions.replications < fewestReplications }) {
            return ["\(fewestReplications) replications are the fewest that a single recording can be judged by"]
        }
        return []
    }

    private static func praise(_ replays: [RecordingReplay], _ agreement: Agreement) -> String {
        if agreement.recordings < several {
            return "everything that was seen could have come from this model; only several recordings can confirm it"
        }
        let late = replays.filter(\.isLate)
        let exempt =
            late.isEmpty
            ? ""
            : "; in \(late.count) of them answers came up to \(seconds(late.map(\.lateness).max() ?? 0)) late, and "
                + "single times were not held against the model"
        return "every stage is where it was predicted, within what \(agreement.recordings) recordings can tell"
            + exempt
    }

    /// The probability of at least `count` of `trials` where each has this chance.
    private static func tail(_ count: Int, of trials: Int, _ chance: Double) -> Double {
        guard count > 0 else { return 1 }
        var term = 1.0
        for _ in 0..<trials { term *= 1 - chance }
        var below = 0.0
        for k in 0..<min(count, trials) {
            below += term
            term *= Double(trials - k) / Double(k + 1) * chance / (1 - chance)
        }
        return max(0, 1 - below)
    }
}

extension RecordingReplay {
    /// What a sighting says, with the nodes' ids.
    package func sentence(_ sighting: Sighting) -> String {
        let observer = reconstruction.names[sighting.observer].shortText
        let subject = reconstruction.names[sighting.subject].shortText
        return switch sighting.kind {
        case .stateDown, .stateUp: "\(observer) \(sighting.kind.words)"
        case .follows: "\(observer) sees \(subject) follow another master"
        case .failed: "\(observer) counts \(subject) as failed"
        case .suspected: "\(observer) suspects \(subject)"
        case .promoted: "\(observer) sees \(subject) as a master"
        case .demoted: "\(observer) sees \(subject) as a replica"
        case .cleared, .moved: "\(observer) \(sighting.kind.words) \(subject)"
        }
    }
}

/// Seconds with milliseconds; ns in.
func seconds(_ nanoseconds: Int64) -> String { fixed(Double(nanoseconds) / 1e9, 3) + " s" }

func percent(_ share: Double) -> String { fixed(share * 100, 1) + " %" }

/// With so many digits behind the point.
func fixed(_ value: Double, _ digits: Int) -> String {
    var scale = 1.0
    for _ in 0..<digits { scale *= 10 }
    let rounded = (value.magnitude * scale).rounded()
    guard rounded < 9e15 else { return "\(value)" }
    let whole = String(Int64(rounded))
    let padded = String(repeating: "0", count: max(0, digits + 1 - whole.count)) + whole
    let sign = value < 0 && rounded > 0 ? "-" : ""
    return digits == 0 ? sign + padded : sign + padded.dropLast(digits) + "." + padded.suffix(digits)
}
