import RedisCluster
import Replay
import Statistics
import SystemModel

/// The comparison for programs: JSON and YAML, described in models/README.md. Names and units here are a promise.
extension ReplayReport {
    private typealias Entry = (key: String, value: Document)

    var document: Document {
        .object([
            ("format", .text("rehearse.replay/v1")), ("version", .text(Rehearse.version)),
            ("verdict", .text(judgement.verdict.rawValue)), ("reasons", .texts(judgement.reasons)),
            ("pointsTo", explanation.map(explanation) ?? .null), ("environment", .text(environment)),
            ("seed", .integer(seed)), ("unreadable", .integer(unreadable)),
            ("recordings", .list(replays.map { recording($0.path, $0.replay) })),
            ("stages", .list(agreement.stages.map(stage))),
            ("transitions", .list(agreement.kinds.map(kind))), ("bands", .list(agreement.bands.map(band))),
        ])
    }

    private func explanation(_ explanation: Explanation) -> Document {
        .object([("ifOnly", .text(explanation.clause)), ("gain", .number(explanation.gain, decimals: 3))])
    }

    private func recording(_ path: String, _ replay: RecordingReplay) -> Document {
        let model = replay.reconstruction.model
        return .object([
            ("path", .text(path)), ("engine", .text(model.engine.rawValue)), ("masters", .integer(model.shape.masters)),
            ("nodes", .texts(replay.reconstruction.names.map(\.text))),
            ("nodeTimeout", .integer(Int(model.conf.nodeTimeout))), ("noted", .boolean(!replay.scenario.isInferred)),
            ("done", .texts(replay.deeds)),
            ("victims", .texts(replay.victims.map { replay.reconstruction.names[$0].text })),
            ("caveats", .texts(replay.reconstruction.caveats + replay.scenario.obstacles)),
            ("pingsKnown", .boolean(replay.isConditionedOnPings)), ("horizon", .milliseconds(replay.horizon)),
            ("lateness", .milliseconds(replay.lateness)),
            ("replications", .integer(replay.predictions.replications)),
            ("violation", replay.violation.map(violation) ?? .null),
            ("timingSurprise", .number(replay.timingSurprise, decimals: 6)),
            ("occurrenceSurprise", .number(replay.occurrenceSurprise, decimals: 6)),
            ("missing", .texts(replay.missing.map(replay.sentence))),
            ("stages", .list(stages(of: replay).map(finding))),
            ("transitions", .list(replay.findings.map { finding($0, replay) })),
        ])
    }

    private func violation(_ violation: Violation) -> Document {
        .object([
            ("time", .milliseconds(violation.time)), ("seen", .text(violation.seen)),
            ("expected", .text(violation.expected)),
        ])
    }

    private func predicted(_ prediction: Prediction) -> [Entry] {
        let quantiles = [("p5", 0.05), ("p50", 0.5), ("p95", 0.95)].map { name, p in
            (key: name, value: prediction.quantile(p).map(Document.milliseconds) ?? .null)
        }
        return [("share", .number(prediction.share, decimals: 6))] + quantiles
    }

    private func finding(_ stage: RecordingReplay.StageFinding) -> Document {
        .object(
            [
                ("stage", .text(stage.stage.name)), ("after", stage.after.map(Document.milliseconds) ?? .null),
                ("before", stage.before.map(Document.milliseconds) ?? .null),
                ("rank", stage.rank.map { .number($0, decimals: 6) } ?? .null),
                ("predicted", .object(predicted(stage.prediction))),
            ])
    }

    private func finding(_ finding: RecordingReplay.Finding, _ replay: RecordingReplay) -> Document {
        let sighting = finding.seen.sighting
        return .object([
            ("kind", .text(sighting.kind.name)),
            ("observer", .text(replay.reconstruction.names[sighting.observer].text)),
            ("subject", .text(replay.reconstruction.names[sighting.subject].text)),
            ("occurrence", .integer(sighting.occurrence)), ("after", .milliseconds(finding.seen.after)),
            ("before", .milliseconds(finding.seen.before)),
            ("rank", finding.rank.map { .number($0, decimals: 6) } ?? .null),
            ("predicted", .object(predicted(finding.prediction))),
        ])
    }

    private func stage(_ stage: Agreement.StageAgreement) -> Document {
        .object([
            ("stage", .text(stage.stage.name)), ("reached", .integer(stage.reached)),
            ("expected", .number(stage.expected, decimals: 3)),
            ("occurrenceProbability", .number(stage.occurrence, decimals: 6)), ("compared", .integer(stage.compared)),
            ("distance", optional(stage.distance, 6)), ("limit", optional(stage.limit, 6)),
            ("pValue", optional(stage.pValue, 6)), ("error", stage.error.map(error) ?? .null),
            ("observedMedian", stage.observedMedian.map { .milliseconds($0) } ?? .null),
            ("predictedMedian", stage.predictedMedian.map { .milliseconds($0) } ?? .null),
        ])
    }

    private func kind(_ kind: Agreement.KindAgreement) -> Document {
        .object([
            ("kind", .text(kind.kind.name)), ("count", .integer(kind.transitions)),
            ("distance", .number(kind.distance, decimals: 6)), ("limit", .number(kind.limit, decimals: 6)),
            ("error", kind.error.map(error) ?? .null), ("bands", .list(kind.bands.map(band))),
        ])
    }

    private func band(_ band: Agreement.Band) -> Document {
        let interval = band.covered.wilson()
        return .object([
            ("nominal", .number(band.nominal, decimals: 3)), ("covered", .number(band.covered.value, decimals: 6)),
            ("interval", .list([.number(interval.low, decimals: 6), .number(interval.high, decimals: 6)])),
            ("count", .integer(band.covered.trials)),
            ("worth", .number(band.covered.effectiveTrials, decimals: 1)),
        ])
    }

    private func error(_ estimate: Estimate) -> Document {
        .object([
            ("median", .milliseconds(estimate.value)),
            ("interval", .list([.milliseconds(estimate.interval.low), .milliseconds(estimate.interval.high)])),
        ])
    }

    private func optional(_ value: Double?, _ decimals: Int) -> Document {
        value.map { .number($0, decimals: decimals) } ?? .null
    }
}
