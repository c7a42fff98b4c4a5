/// Outage against false failovers (`rehearse.tradeoff/v1`) as a report.
struct TradeoffReport {
    let result: ResultFile

    private var root: ResultValue { result.root }

    private struct Point {
        var timeout: Double
        var outage: Chart.Bar
        var falseFailovers: Chart.Bar
    }

    private var points: [Point] {
        (root["points"]?.elements ?? []).compactMap { point in
            guard let timeout = point["timeout"]?.number, let outage = point[path: "outage.p50"]?.number,
                let failovers = point[path: "falseFailoversPerMonth.value"]?.number
            else { return nil }
            let ends = point[path: "outage.intervals.p50"]?.interval
            let range = point[path: "falseFailoversPerMonth.interval"]?.interval
            return Point(
                timeout: timeout / 1e3,
                outage: Chart.Bar(
                    at: timeout / 1e3, value: outage / 1e3, low: (ends?.low ?? outage) / 1e3,
                    high: (ends?.high ?? outage) / 1e3),
                falseFailovers: Chart.Bar(
                    at: timeout / 1e3, value: failovers, low: range?.low ?? failovers, high: range?.high ?? failovers))
        }
    }

    var report: Report {
        var report = Report(
            title: "\(root["model"]?.text ?? "A model"): cluster-node-timeout",
            question: "What does a shorter cluster-node-timeout gain, and what does it risk?",
            answer: [root["answer"]?.text ?? "The result names no answer."])
        Envelope(root: root).fill(&report)
        report.sections = [
            Report.Section("The trade-off", [curve, outages].compact + [.table(numbers)])
        ]
        return report
    }

    /// Fewer false failovers than this in a month are drawn as so many: a logarithm has no zero.
    private static let least = 1e-3

    private var knee: Point? {
        root["knee"]?.number.flatMap { knee in points.first { $0.timeout == knee / 1e3 } }
    }

    private var curve: Report.Figure? {
        let points = points
        guard points.count > 1 else { return nil }
        func drawn(_ point: Point) -> Chart.Point {
            Chart.Point(point.outage.value, max(point.falseFailovers.value, TradeoffReport.least))
        }
        var marks: [Chart.Mark] = [
            .line(points.map(drawn), .first, dashed: false, name: nil), .points(points.map(drawn), .first, name: nil),
        ]
        // Labels of neighbours would lie on one another.
        for (index, point) in points.enumerated() where index % 2 == 0 && point.timeout != knee?.timeout {
            marks.append(.text("  \(Quantity.duration(point.timeout * 1e3))", at: drawn(point), .left, .muted))
        }
        if let knee {
            marks.append(.points([drawn(knee)], .alert, name: nil))
            marks.append(.text("  \(Quantity.duration(knee.timeout * 1e3)): the knee", at: drawn(knee), .left, .alert))
        }
        return Report.Figure(
            title: "Outage after the loss of a master, against false failovers",
            description: "Each point is a node timeout; less than a thousandth a month is drawn as that. "
                + (knee.map {
                    "The knee, where more of the one buys least of the other, is at "
                        + "\(Quantity.duration($0.timeout * 1e3))."
                } ?? "There is no knee."),
            chart: Chart(
                x: Chart.Axis("median outage of some slot, s"),
                y: Chart.Axis("false failovers a month", isLogarithmic: true), marks: marks, rightMargin: 0.16),
            numbers: numbers)
    }

    private var outages: Report.Figure? {
        let points = points
        guard points.count > 1 else { return nil }
        var marks: [Chart.Mark] = [
            .line(points.map { Chart.Point($0.timeout, $0.outage.value) }, .first, dashed: false, name: nil),
            .verticalBars(points.map(\.outage), .first, name: "median outage with its 95 % interval"),
        ]
        if let knee { marks.append(.verticalRule(knee.timeout, "the knee", .alert)) }
        return Report.Figure(
            title: "How long slots take no writes, by cluster-node-timeout",
            description: "The median outage after the loss of a master grows with the timeout.",
            chart: Chart(
                x: Chart.Axis("cluster-node-timeout, s", isLogarithmic: true),
                y: Chart.Axis("outage of some slot, s", low: 0), marks: marks),
            numbers: numbers)
    }

    private var numbers: Report.Table {
        let rows = (root["points"]?.elements ?? []).map { point in
            [
                point["timeout"]?.number.map(Quantity.duration) ?? "?",
                point[path: "outage.p50"]?.number.map(Quantity.duration) ?? "-",
                point[path: "outage.p99"]?.number.map(Quantity.duration) ?? "-",
                point[path: "promoted.value"]?.number.map(Quantity.percent) ?? "-",
                point[path: "falseFailoversPerMonth.value"]?.number.map(Quantity.plain) ?? "-",
                root["knee"]?.number == point["timeout"]?.number ? "the knee" : "",
            ]
        }
        return Report.Table(
            header: ["Timeout", "outage p50", "p99", "promoted", "false failovers a month", ""], rows: rows,
            left: [0, 5])
    }
}

/// A restart against the failover (`rehearse.restart/v1`) as a report.
struct RestartReport {
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
            report.sections.append(
                Report.Section("With the environment's own durations", PlainReport.blocks(of: modelled)))
        }
        return report
    }

    private func name(_ curve: ResultValue) -> String { PlainReport.words(curve["returns"]?.text ?? "?") }

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
                    curve[path: "crossing"]?.number.map { "\(name(curve)): one half at \(Quantity.duration($0))." }
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
                    name(curve), point["away"]?.number.map(Quantity.duration) ?? "?",
                    point[path: "promoted.value"]?.number.map(Quantity.percent) ?? "-",
                    point[path: "outage.p50"]?.number.map(Quantity.duration) ?? "-",
                    point[path: "outage.p99"]?.number.map(Quantity.duration) ?? "-",
                ]
            }
        }
        return Report.Table(header: ["Returns with", "away", "promoted", "outage p50", "p99"], rows: rows)
    }
}
