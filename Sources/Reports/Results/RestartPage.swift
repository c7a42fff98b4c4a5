import Wording

/// A restart against the failover (`rehearse.restart/v1`) as a report.
struct RestartPage {
    let result: ResultFile

    private var root: ResultValue { result.root }
    private var curves: [ResultValue] { root["curves"]?.elements ?? [] }

    var report: Report {
        var report = Report(
            title: "\(root["model"]?.text ?? "A model"): a restart against the failover",
            question: "For how long may a master be away before its replica is promoted?",
            answer: [root["answer"]?.text ?? "The result names no answer."])
        Envelope(root: root).fill(&report)
        report.sections = [Report.Section("The race", [figure].compact + [.table(numbers)])]
        if let modelled = root["asModelled"] {
            let row =
                [Figures.share(modelled["promoted"])]
                + ["p50", "p90", "p99"].map { Figures.estimate(modelled["outage"], $0) }
            let table = Report.Table(
                header: ["promoted (95 %)", "outage p50 (95 %)", "p90", "p99"], rows: [row], left: [])
            report.sections.append(Report.Section("With the environment's own durations", [.table(table)]))
        }
        return report
    }

    private func name(_ curve: ResultValue) -> String { PlainPage.words(curve["returns"]?.text ?? "?") }

    private var figure: Report.Figure? {
        var marks: [Chart.Mark] = []
        for (index, curve) in curves.enumerated() {
            let bars = (curve["points"]?.elements ?? []).compactMap { point -> Chart.Bar? in
                guard let away = point["away"]?.number, let share = point[path: "promoted.value"]?.number else {
                    return nil
                }
                let ends = point[path: "promoted.interval"]?.interval
                return Chart.Bar(
                    at: away / 1e3, value: share * 100, low: (ends?.low ?? share) * 100,
                    high: (ends?.high ?? share) * 100)
            }
            guard !bars.isEmpty else { continue }
            let line = bars.map { Chart.Point($0.at, $0.value) }
            marks.append(.line(line, .series(index), dashed: index > 0, name: name(curve)))
            marks.append(.verticalBars(bars, .series(index), name: nil))
        }
        guard !marks.isEmpty else { return nil }
        return Report.Figure(
            title: "Probability that the replica is promoted, by how long the master is away",
            description: "With 95 % intervals. "
                + curves.compactMap { curve in
                    curve[path: "crossing.value"]?.number.map { "\(name(curve)): one half at \(Figures.duration($0))." }
                }.joined(separator: " "),
            chart: Chart(
                x: Chart.Axis("the master is away for, s"), y: Chart.Axis("% promoted", low: 0, high: 105),
                marks: marks),
            numbers: numbers)
    }

    private var numbers: Report.Table {
        let rows = curves.flatMap { curve in
            (curve["points"]?.elements ?? []).map { point in
                [
                    name(curve), point["away"]?.number.map(Figures.duration) ?? "?",
                    Figures.share(point["promoted"]), Figures.estimate(point["outage"], "p50"),
                    Figures.estimate(point["outage"], "p99"),
                ]
            }
        }
        return Report.Table(
            header: ["Returns with", "away", "promoted (95 %)", "outage p50 (95 %)", "p99"], rows: rows)
    }
}
