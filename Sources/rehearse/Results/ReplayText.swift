import RedisCluster
import Replay
import Statistics
import SystemModel
import Wording

/// The comparison for people: the verdict leads, what it rests on follows.
extension ReplayReport {
    /// As many recordings get a page of their own.
    private static let mostPages = 3

    func writeText(to stream: ResultStream) {
        writeVerdict(to: stream)
        if replays.count <= ReplayReport.mostPages {
            for (path, replay) in replays { writePage(path, replay, to: stream) }
        } else {
            writeStages(to: stream)
            writeList(to: stream)
        }
        if replays.count > 1 { writeCoverage(to: stream) }
        stream.line()
        let effort = "\(Phrase.count(replications, "replication")) a recording, seed \(seed)"
        stream.line("Latencies: \(environment). \(effort).")
    }

    private func writeVerdict(to stream: ResultStream) {
        let count = Phrase.count(replays.count, "recording")
        let verb = judgement.verdict == .tooLittleData ? "too little data to say" : judgement.verdict.rawValue
        stream.line("\(Console.heading(verb.capitalizedFirst)): \(count) against the simulation")
        for reason in judgement.reasons {
            for (number, line) in Phrase.wrapped(reason, width: 98).enumerated() {
                stream.line((number == 0 ? "- " : "  ") + line)
            }
        }
        if let explanation {
            let gain = "the misfit shrinks by \(Phrase.percent(explanation.gain))"
            stream.line("It would fit better if \(explanation.clause): \(gain).")
        } else if judgement.verdict == .disagrees, isWhole {
            stream.line("No single change of the model that was tried would fit much better.")
        }
    }

    private func writePage(_ path: String, _ replay: RecordingReplay, to stream: ResultStream) {
        stream.line()
        stream.line(Console.heading(path))
        let model = replay.reconstruction.model
        let replicas = model.shape.nodes - model.shape.masters
        stream.line(
            "\(Phrase.count(model.shape.masters, "master")), \(Phrase.count(replicas, "replica")), "
                + "\(model.engine.rawValue), cluster-node-timeout \(model.conf.nodeTimeout) ms")
        if replay.scenario.steps.isEmpty {
            stream.line("Nothing was done to it.")
        } else {
            stream.line(replay.scenario.isInferred ? "As its nodes tell, without notes:" : "As noted:")
            for deed in replay.deeds { stream.line("  \(deed)") }
        }
        for caveat in replay.reconstruction.caveats + replay.scenario.obstacles { stream.line("Note: \(caveat).") }
        stream.line(
            replay.isConditionedOnPings
                ? "Replications begin with the ages of the pings that the first views show."
                : "Replications begin at a random moment between pings.")
        writeAcceptance(replay, to: stream)
        writeStages(of: replay, to: stream)
    }

    private func writeAcceptance(_ replay: RecordingReplay, to stream: ResultStream) {
        if let violation = replay.violation {
            stream.line("Not accepted: \(violation.seen). Expected: \(violation.expected).")
        } else if let finding = replay.firstUnpredicted {
            let time = Phrase.duration(Double(finding.seen.before))
            stream.line("No replication has: \(replay.sentence(finding.seen.sighting)), at \(time).")
        } else if !replay.findings.isEmpty {
            let count = Phrase.count(replay.findings.count, "transition")
            stream.line("Each of the \(count) is one that replications have too.")
        }
    }

    private func writeStages(of replay: RecordingReplay, to stream: ResultStream) {
        let stages = stages(of: replay)
        guard !stages.isEmpty else { return }
        stream.line()
        var table = TextTable(header: ["after the fault", "observed", "p5", "p50", "p95", "falls at", "happens in"])
        for stage in stages {
            let quantiles = [0.05, 0.5, 0.95].map { p in
                stage.prediction.quantile(p).map { Phrase.duration(Double($0)) } ?? "-"
            }
            table.add(
                [stage.stage.words, stage.middle.map { Phrase.duration($0) } ?? "not seen"] + quantiles
                    + [stage.rank.map { Phrase.percent($0) } ?? "-", Phrase.percent(stage.prediction.share)])
        }
        for line in table.lines() { stream.line(line) }
        stream.line()
        let rows = stages.map { stage in
            ReplayPicture.Row(
                label: stage.stage.words, band: ReplayReport.band(stage.prediction), observed: stage.middle)
        }
        for line in ReplayPicture(rows: rows).lines() { stream.line(line) }
    }

    private static func band(_ prediction: Prediction) -> (low: Double, middle: Double, high: Double)? {
        guard let low = prediction.quantile(0.05), let middle = prediction.quantile(0.5),
            let high = prediction.quantile(0.95)
        else { return nil }
        return (Double(low), Double(middle), Double(high))
    }

    /// All recordings together.
    private func writeStages(to stream: ResultStream) {
        stream.line()
        var table = TextTable(header: [
            "after the fault", "reached", "expected", "observed", "predicted", "error (median, 95 %)", "distance",
            "limit (1 %)",
        ])
        for stage in agreement.stages {
            table.add([
                stage.stage.words, "\(stage.reached)", Digits.fixed(stage.expected, 1),
                stage.observedMedian.map { Phrase.duration($0) } ?? "-",
                stage.predictedMedian.map { Phrase.duration($0) } ?? "-", stage.error.map(ReplayReport.error) ?? "-",
                stage.distance.map { Digits.fixed($0, 3) } ?? "-", stage.limit.map { Digits.fixed($0, 3) } ?? "-",
            ])
        }
        for line in table.lines() { stream.line(line) }
        stream.line(
            "  Times are medians. Distance: Kolmogorov-Smirnov, of one value a recording; limit 1.63 / sqrt(n).")
    }

    private static func error(_ estimate: Estimate) -> String {
        let sign = estimate.value > 0 ? "+" : estimate.value < 0 ? "-" : ""
        let interval = "\(signed(estimate.interval.low)) to \(signed(estimate.interval.high))"
        return "\(sign)\(Phrase.duration(estimate.value.magnitude)) (\(interval))"
    }

    private static func signed(_ nanoseconds: Double) -> String {
        guard nanoseconds.isFinite else { return "unknown" }
        return (nanoseconds > 0 ? "+" : nanoseconds < 0 ? "-" : "") + Phrase.duration(nanoseconds.magnitude)
    }

    private func writeCoverage(to stream: ResultStream) {
        guard !agreement.bands.isEmpty else { return }
        stream.line()
        stream.line(Console.heading("Observed transitions inside of the predicted bands"))
        let bands = Agreement.bandShares.map { "\(Digits.fixed($0 * 100, 0)) % band" }
        var table = TextTable(header: ["", "transitions"] + bands)
        func cells(_ bands: [Agreement.Band]) -> [String] {
            bands.map { "\(Phrase.percent($0.covered.value)) (\(Phrase.percentInterval($0.covered.wilson())))" }
        }
        table.add(["all", "\(agreement.bands.first?.covered.trials ?? 0)"] + cells(agreement.bands))
        for kind in agreement.kinds { table.add([kind.kind.words, "\(kind.transitions)"] + cells(kind.bands)) }
        for line in table.lines() { stream.line(line) }
        stream.line(
            "  95 % intervals; transitions of one recording depend on each other, and count for what they are worth.")
    }

    private func writeList(to stream: ResultStream) {
        let strange = replays.filter { $0.replay.violation != nil || $0.replay.firstUnpredicted != nil }
        guard !strange.isEmpty else { return }
        stream.line()
        stream.line(Console.heading("Recordings with something that no replication has"))
        for (path, replay) in strange.prefix(10) {
            let what = replay.violation?.seen ?? replay.firstUnpredicted.map { replay.sentence($0.seen.sighting) } ?? ""
            stream.line("  \(path): \(what)")
        }
        if strange.count > 10 { stream.line("  and \(strange.count - 10) more") }
    }
}

extension RecordingReplay.StageFinding {
    /// When it was shown, ns after the fault.
    var middle: Double? {
        guard let after, let before else { return nil }
        return Double(after + (before - after) / 2)
    }
}

extension String {
    fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
