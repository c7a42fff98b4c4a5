import Experiments
import Statistics
import SystemModel
import Wording

/// A rare event's probability with everything that repeats it.
struct RareEventReport {
    let model: SystemModel
    let scenario: Scenario
    let overrides: [String]
    let seed: Int
    let event: ReplicationEvent
    let estimate: RareEventEstimate
    let envelope: ResultEnvelope

    func writeText(to stream: ResultStream) {
        stream.heading("\(model.name), \(scenario.name): \(event)")
        if !overrides.isEmpty { stream.line("With " + overrides.joined(separator: ", ")) }
        stream.line()
        let probability = estimate.estimate
        if estimate.hits == 0 {
            stream.line("Never met, also with delays drawn from their tails.")
        } else {
            stream.line(
                "Probability \(RareEventReport.share(probability.value)) (95 %: \(interval)): "
                    + "once in \(Phrase.amount((1 / probability.value).rounded())) cases")
        }
        if estimate.isVague, estimate.hits > 0 {
            stream.line("Too few cases for an interval that can be trusted: try --max-replications, or --round.")
        }
        stream.line(
            "\(Phrase.count(estimate.replications, "replication")) with tilted delays, "
                + "\(Digits.grouped(estimate.hits)) of them with the event (worth "
                + "\(Phrase.amount(estimate.effectiveHits.rounded())) of equal weight); "
                + "\(Digits.grouped(estimate.searched)) in all, seed \(seed)")
        let ratio = estimate.meanWeight
        stream.line(
            "Likelihood ratios are \(Digits.fixed(ratio.value, 3)) on average "
                + "(95 %: \(Digits.fixed(ratio.interval.low, 3)) to \(Digits.fixed(ratio.interval.high, 3))); "
                + "they must be 1")
        stream.line(
            "Unseen, because no unusual delay is needed for it, could be at most "
                + "\(RareEventReport.share(estimate.unseen)) (95 %)")
        guard !estimate.causes.isEmpty else { return }
        stream.line()
        stream.heading("Delays of which the event takes unusual ones")
        var table = TextTable(header: ["delay", "", "in an event"], left: [0, 1])
        for cause in estimate.causes {
            table.add([cause.delay, cause.isLong ? "long" : "short", Digits.fixed(cause.draws, 2)])
        }
        stream.table(table)
    }

    private var interval: String {
        let interval = estimate.estimate.interval
        let low = RareEventReport.share(interval.low)
        return interval.high.isFinite ? "\(low) to \(RareEventReport.share(interval.high))" : "unknown"
    }

    /// Two significant digits, as a power of ten where it is small.
    private static func share(_ value: Double) -> String {
        guard value > 0, value < 0.001 else { return Phrase.percent(value) }
        var (digits, power) = (value, 0)
        while digits < 1 {
            digits *= 10
            power -= 1
        }
        return digits >= 9.95 ? "1.0e\(power + 1)" : "\(Digits.fixed(digits, 1))e\(power)"
    }

    /// Described in models/README.md. Names and units here are a promise.
    var document: Document {
        let causes = estimate.causes.map { cause in
            Document.object([
                ("delay", .text(cause.delay)), ("unusually", .text(cause.isLong ? "long" : "short")),
                ("draws", .number(cause.draws, decimals: 3)),
            ])
        }
        return envelope.document([
            ("model", .text(model.name)),
            ("scenario", .text(scenario.name)), ("set", .texts(overrides)), ("seed", .integer(seed)),
            ("event", .text("\(event)")), ("replications", .integer(estimate.replications)),
            ("hits", .integer(estimate.hits)), ("effectiveHits", .number(estimate.effectiveHits, decimals: 1)),
            ("searched", .integer(estimate.searched)), ("probability", RareEventReport.small(estimate.estimate.value)),
            ("interval", RareEventReport.small(estimate.estimate.interval)),
            ("trusted", .boolean(!estimate.isVague)),
            ("meanLikelihoodRatio", .number(estimate.meanWeight.value, decimals: 6)),
            ("unseenAtMost", RareEventReport.small(estimate.unseen)), ("causes", .list(causes)),
        ])
    }

    private static func small(_ interval: Interval) -> Document { .list([small(interval.low), small(interval.high)]) }

    /// Fixed decimals would leave nothing of 1e-12.
    private static func small(_ value: Double) -> Document { .scientific(value) }
}
