import ClusterModel
import Experiments
import ModelFile
import Statistics
import SystemModel
import Wording

/// The forecast for people: the answer leads, the stages follow.
extension ForecastReport {
    func writeText(isWide: Bool = false, to stream: ResultStream) {
        VerdictReport.write(verdicts, to: stream)
        writeHeader(to: stream)
        writeProbabilities(to: stream)
        writeOutages(to: stream)
        writeObstacles(to: stream)
        writeRisks(to: stream)
        writeStages(isWide: isWide, to: stream)
        observed?.write(withNotes: isWide, to: stream)
        sensitivity?.writeText(to: stream)
        stream.line()
        if let precision {
            stream.line(PrecisionReport.sentence(precision, replications: forecast.replications))
        }
        if guesses > 0 {
            stream.line(
                "\(Phrase.count(guesses, "number")) behind this \(guesses == 1 ? "is a guess" : "are guesses"): "
                    + "rehearse check \(modelPath) --verbose")
        }
        let changes = overrides.map { " --set \(Phrase.shellQuoted($0))" }.joined()
        stream.line(
            "One case as a story: rehearse timeline \(modelPath) --scenario \(scenario.name) --seed \(seed)\(changes)")
    }

    private var horizon: String { DurationText.text(ofNanoseconds: Double(scenario.horizon)) }

    private func writeHeader(to stream: ResultStream) {
        let title = "\(model.name), \(scenario.name)"
        let count = Phrase.count(forecast.replications, "replication")
        stream.line("\(Console.heading(title)): \(count), seed \(seed), \(model.engine.rawValue)")
        stream.paragraph(scenario.question)
        let settings =
            scenario.parameters.map { "scenario.\($0.name)=\($0.value)" }
            + overrides.filter { !$0.hasPrefix("scenario.") }
        if !settings.isEmpty { stream.line("With " + settings.joined(separator: ", ")) }
        stream.line()
    }

    private func writeProbabilities(to stream: ResultStream) {
        var table = TextTable(left: [0, 2])
        for (label, share) in [
            ("A replica is promoted", forecast.promoted), ("All is well again within \(horizon)", forecast.recovered),
        ] {
            table.add([label, Phrase.percent(share.value), "(95 %: \(Phrase.percentInterval(share.interval)))"])
        }
        stream.table(table, indent: 0)
    }

    private func writeOutages(to stream: ResultStream) {
        writeOutage("Some slot has no master that takes writes, for", forecast.anySlotUnserved, to: stream)
        let differs = zip(forecast.worstSlotUnserved.quantiles, forecast.anySlotUnserved.quantiles).contains {
            abs($0.estimate.value - $1.estimate.value) > 0.05 * $1.estimate.value
        }
        if differs { writeOutage("The slots that fare worst have none, for", forecast.worstSlotUnserved, to: stream) }
    }

    private func writeOutage(_ title: String, _ outage: Forecast.Outage, to stream: ResultStream) {
        stream.line()
        guard outage.unended > 0 || outage.quantiles.contains(where: { $0.estimate.value > 0 }) else {
            stream.line("No slot is ever without a master that takes writes.")
            return
        }
        stream.heading(title)
        var table = TextTable(left: [0, 2])
        for (label, estimate) in [
            ("half of the cases (p50)", outage.p50), ("9 cases of 10 (p90)", outage.p90),
            ("99 of 100 (p99)", outage.p99),
        ] {
            let value =
                estimate.value.isFinite ? "at most \(Phrase.duration(estimate.value))" : "not back within \(horizon)"
            table.add([label, value, outageInterval(estimate, outage)])
        }
        stream.table(table)
    }

    /// An end that the sample doesn't bound is open because replications are few, unless some outages have no end.
    private func outageInterval(_ estimate: Estimate, _ outage: Forecast.Outage) -> String {
        let interval = estimate.interval
        if interval.low == .infinity { return "" }
        let isOpen = !interval.low.isFinite || !interval.high.isFinite && outage.unended == 0
        return isOpen ? "(an interval needs more replications)" : "(95 %: \(Phrase.interval(interval)))"
    }

    private func writeObstacles(to stream: ResultStream) {
        guard !forecast.obstacles.isEmpty else { return }
        stream.line()
        let lost = forecast.replications - forecast.recovered.count
        stream.line(
            Console.heading("Not well again within \(horizon)")
                + ": \(Digits.grouped(lost)) of \(Digits.grouped(forecast.replications)), because of")
        var table = TextTable(left: [2])
        for (obstacle, share) in forecast.obstacles {
            table.add([Digits.grouped(share.count), Phrase.percent(share.value), obstacle.rawValue])
        }
        stream.table(table)
    }

    private func writeRisks(to stream: ResultStream) {
        stream.line()
        if model.environment.load > 0 {
            let lost = forecast.writesLost
            stream.line(
                "Acknowledged writes that are lost: \(Phrase.amount(lost.mean.value)) on average, "
                    + "\(Phrase.amount(lost.p99.value)) at most in 99 cases of 100")
        } else {
            stream.line(
                "Writes at risk: none counted, the model writes nothing "
                    + "(--set environment.load=WRITES-PER-SECOND-AND-MASTER)")
        }
        if forecast.stalledServers.maximum > 0 {
            let longest = forecast.longestStall
            stream.line(
                "Servers that stand still for storage: "
                    + "\(Phrase.amount(forecast.stalledServers.mean.value)) on average, "
                    + "the longest for \(Phrase.duration(longest.p50.value)) in half of the cases (p50), "
                    + "\(Phrase.duration(longest.p90.value)) in 9 of 10 (p90)")
        }
        stream.line(
            "Elections: \(Phrase.amount(forecast.elections.mean.value)) on average, "
                + "\(Phrase.amount(forecast.elections.p99.value)) at most in 99 cases of 100")
        if forecast.falseFailovers.maximum > 0 {
            stream.line(
                "Declared failed although the fault did not hit them: "
                    + "\(Phrase.amount(forecast.falseFailovers.mean.value)) nodes on average")
        }
    }

    private func writeStages(isWide: Bool, to stream: ResultStream) {
        stream.line()
        let names = isWide ? ["mean", "p50", "p90", "p95", "p99"] : ["p50", "p90", "p99"]
        var table = TextTable(
            header: ["After the fault", "happened"] + (isWide ? names.flatMap { [$0, "95 %"] } : names)
                + (isWide ? [] : ["95 % of the p50"]))
        for stage in forecast.stages {
            let label = [StageWords.of(stage.milestone.name) ?? stage.milestone.name, Digits.grouped(stage.count)]
            guard let spread = stage.spread else {
                table.add(label + [String](repeating: "-", count: isWide ? 2 * names.count : names.count + 1))
                continue
            }
            let estimates = ([(name: "mean", estimate: spread.mean)] + spread.quantiles).filter {
                names.contains($0.name)
            }
            let cells = estimates.flatMap {
                [Phrase.duration($0.estimate.value)] + (isWide ? [Phrase.interval($0.estimate.interval)] : [])
            }
            table.add(label + cells + (isWide ? [] : [Phrase.interval(spread.p50.interval)]))
        }
        stream.table(table, indent: 0)
        for remark in stageRemarks {
            for line in Phrase.wrapped(remark, width: 100) { stream.line(line) }
        }
    }

    /// What the stages mean where the fault hits nobody, or where those it hit go on without the others.
    private var stageRemarks: [String] {
        var remarks =
            scenario.timeline.contains { $0.action.hitsServers }
            ? [] : scenario.timeline.first.map { [$0.action.meaningOfStages] } ?? []
        let byTheHit = forecast.promoted.count - forecast[.promoted].count
        if byTheHit > 0 {
            remarks.append(
                "The stages are those of the nodes that the fault did not hit. In \(Digits.grouped(byTheHit)) of "
                    + "\(Digits.grouped(forecast.replications)) only nodes that it hit promoted somebody, such as "
                    + "those of a host that is cut off with the majority.")
        }
        return remarks
    }
}
