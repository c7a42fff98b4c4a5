import Wording

/// Outage against false failovers (`rehearse.tradeoff/v1`) as a report.
struct TradeoffPage {
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
            Chart.Point(point.outage.value, max(point.falseFailovers.value, TradeoffPage.least))
        }
        var marks: [Chart.Mark] = [
            .line(points.map(drawn), .first, dashed: false, name: nil), .points(points.map(drawn), .first, name: nil),
        ]
        // Labels of neighbours would lie on one another.
        for (index, point) in points.enumerated() where index % 2 == 0 && point.timeout != knee?.timeout {
            marks.append(.text("  \(Figures.setting(point.timeout * 1e3))", at: drawn(point), .left, .muted))
        }
        if let knee {
            marks.append(.points([drawn(knee)], .alert, name: nil))
            marks.append(.text("  \(Figures.setting(knee.timeout * 1e3)): the knee", at: drawn(knee), .left, .alert))
        }
        return Report.Figure(
            title: "Outage after the loss of a master, against false failovers",
            description: "Each point is a node timeout; less than a thousandth a month is drawn as that. "
                + (knee.map {
                    "The knee, where more of the one buys least of the other, is at "
                        + "\(Figures.setting($0.timeout * 1e3))."
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
            description: "The median outage after the loss of a master, by timeout.",
            chart: Chart(
                x: Chart.Axis("cluster-node-timeout, s", isLogarithmic: true),
                y: Chart.Axis("outage of some slot, s", low: 0), marks: marks),
            numbers: numbers)
    }

    private func monthly(_ rate: ResultValue?) -> String {
        guard let value = rate?["value"]?.number else { return "-" }
        let ends = rate?["interval"]?.interval
        let interval = [ends?.low, ends?.high].compactMap { $0 }.map(Phrase.small).joined(separator: " to ")
        return Phrase.small(value) + (interval.isEmpty ? "" : " (\(interval))")
    }

    private var numbers: Report.Table {
        let rows = (root["points"]?.elements ?? []).map { point in
            [
                point["timeout"]?.number.map(Figures.setting) ?? "?",
                Figures.estimate(point["outage"], "p50"), Figures.estimate(point["outage"], "p99"),
                Figures.share(point["promoted"]), monthly(point["falseFailoversPerMonth"]),
                root["knee"]?.number == point["timeout"]?.number ? "the knee" : "",
            ]
        }
        return Report.Table(
            header: ["Timeout", "outage p50 (95 %)", "p99", "promoted", "false failovers a month", ""], rows: rows,
            left: [0, 5])
    }
}
