import Wording

/// A forecast (`rehearse.run/v1`) as a report.
struct RunPage {
    let result: ResultFile

    private var root: ResultValue { result.root }
    private var horizon: String { Figures.setting(root["horizon"]?.number ?? 0) }

    var report: Report {
        let model = root["model"]?.text ?? "A model"
        let scenario = root["scenario"]?.text ?? "a scenario"
        var report = Report(title: "\(model): \(scenario)", question: root["question"]?.text, answer: answer)
        Envelope(root: root).fill(&report)
        let settings = (root["parameters"]?.members ?? []).compactMap { parameter in
            parameter.value.scalar.map { "\(parameter.name) = \($0)" }
        }
        if !settings.isEmpty {
            report.reproduction.append(Report.Fact("The scenario's parameters", settings.joined(separator: ", ")))
        }
        let figures = RunFigures(root: root)
        report.sections = [
            Report.Section(
                "How long slots take no writes", [.table(outages)] + [figures.distribution, figures.tail].compact),
            Report.Section("What happens when", [figures.cases].compact + [.table(stages)]),
        ]
        if let observed = ObservedSection.of(root) { report.sections.append(observed) }
        if let placement = figures.placement {
            report.sections.append(Report.Section("Where the servers are", [.figure(placement)]))
        }
        if let obstacles { report.sections.append(Report.Section("Why it is not always well again", [obstacles])) }
        report.sections.append(Report.Section("What else it costs", [.table(costs)]))
        report.sections.append(Report.Section("What the answer depends on", sensitivity(figures)))
        return report
    }

    // MARK: The answer

    private var answer: [String] {
        var statements = [outageInWords]
        for (name, text) in [
            ("promoted", "A replica is promoted in"), ("recovered", "All is well again within \(horizon) in"),
        ] {
            guard let share = root[path: "probabilities.\(name)"], let value = share["value"]?.number else { continue }
            let interval = share["interval"]?.interval.map { " (95 %: \(Figures.percents($0)))" } ?? ""
            statements.append("\(text) \(Phrase.percent(value)) of the cases\(interval).")
        }
        if let most = root["obstacles"]?.elements.first, let why = most["why"]?.text {
            statements.append("Where it is not well again, it is mostly because of this: \(why).")
        }
        return statements
    }

    private var outageInWords: String {
        guard let outage = root[path: "outage.anySlot"] else { return "The result names no outage." }
        let unended = outage["unended"]?.number ?? 0
        if unended == 0, outage["p99"]?.number == 0, outage["mean"]?.number == 0 {
            return "No slot is ever without a master that takes writes."
        }
        func quantile(_ name: String) -> String {
            let ends = outage["intervals"]?[name]?.interval
            let interval = ends?.low == nil ? "" : ends.map { " (95 %: \(Figures.durations($0)))" } ?? ""
            return (outage[name]?.number.map(Figures.duration) ?? "longer than \(horizon)") + interval
        }
        return "Some slot takes no writes for \(quantile("p50")) in the median case, and for \(quantile("p99")) at the "
            + "99th percentile."
    }

    // MARK: Tables

    private static let quantiles = ["p50", "p90", "p95", "p99"]

    private var outages: Report.Table {
        let rows = [("Some slot", "anySlot"), ("The slots that fare worst", "worstSlot")].compactMap { label, name in
            root[path: "outage.\(name)"].map { outage in
                [label] + RunPage.quantiles.map { outage[$0]?.number.map(Figures.duration) ?? "over \(horizon)" }
                    + [outage["unended"]?.scalar ?? "-"]
            }
        }
        return Report.Table(
            header: ["Without a master that takes writes"] + RunPage.quantiles + ["not over at \(horizon)"],
            rows: rows)
    }

    private var stages: Report.Table {
        let rows = (root["milestones"]?.members ?? []).map { name, stage in
            [Milestones.words(for: name), stage["count"]?.scalar ?? "-"]
                + ["p50", "p90", "p99"].map { stage[$0]?.number.map(Figures.duration) ?? "-" }
                + [stage[path: "intervals.p50"]?.interval.map(Figures.durations) ?? "-"]
        }
        return Report.Table(
            header: ["After the fault", "happened", "p50", "p90", "p99", "95 % of the p50"], rows: rows)
    }

    private var obstacles: Report.Block? {
        let rows = (root["obstacles"]?.elements ?? []).compactMap { obstacle -> [String]? in
            guard let why = obstacle["why"]?.text, let value = obstacle["value"]?.number else { return nil }
            return [
                why, obstacle["count"]?.scalar ?? "-", Phrase.percent(value),
                obstacle["interval"]?.interval.map(Figures.percents) ?? "-",
            ]
        }
        guard !rows.isEmpty else { return nil }
        return .table(Report.Table(header: ["Because", "cases", "share", "95 %"], rows: rows))
    }

    private var costs: Report.Table {
        let rows = [
            ("Acknowledged writes that are lost", "writesLost"), ("Elections", "elections"),
            ("Healthy servers declared failed", "falseFailovers"),
        ].compactMap { label, name in
            root[name].map { spread in
                [label] + ["mean", "p50", "p99"].map { spread[$0]?.number.map(Phrase.amount) ?? "-" }
            }
        }
        return Report.Table(header: ["In each case", "mean", "p50", "p99"], rows: rows)
    }

    private func sensitivity(_ figures: RunFigures) -> [Report.Block] {
        if let figure = figures.sensitivity {
            let examined = root[path: "sensitivity.replications"]?.scalar ?? "some"
            return [
                .figure(figure),
                .paragraph(
                    "Each guess alone is halved and doubled (a switch is turned), in \(examined) cases with the same "
                        + "dice; an outage that does not end counts up to \(horizon)."),
            ]
        }
        if root["sensitivity"] != nil { return [.paragraph("No number behind this is a guess that could be varied.")] }
        return [.paragraph("Not examined. Add --sensitivity to the command, and each guess is halved and doubled.")]
    }
}

extension [Report.Figure?] {
    /// Those that there are.
    var compact: [Report.Block] { compactMap { $0.map(Report.Block.figure) } }
}

/// The simulator's milestones in words.
enum Milestones {
    static func words(for name: String) -> String { StageWords.of(name) ?? PlainPage.words(name) }
}
