import Wording

/// Alternatives side by side (`rehearse.sweep/v1`) as a report: a chart and a table for each statistic.
struct SweepPage {
    let result: ResultFile

    private var root: ResultValue { result.root }
    private var alternatives: [ResultValue] { root["alternatives"]?.elements ?? [] }
    private var factors: [String] { root["vary"]?.members.map(\.name) ?? [] }

    var report: Report {
        let title = "\(root["model"]?.text ?? "A model"): \(root["scenario"]?.text ?? "a scenario")"
        var report = Report(
            title: "\(title), by \(factors.joined(separator: " and "))", question: root["question"]?.text,
            answer: statistics.map(answer))
        if report.answer.isEmpty { report.answer = ["The result names no statistic."] }
        if root["complete"]?.boolean == false { report.answer.append("The sweep was stopped; what is here is whole.") }
        Envelope(root: root).fill(&report)
        report.sections = statistics.map { name in
            Report.Section(name, [figure(name)].compact + [.table(table(name))])
        }
        return report
    }

    private var statistics: [String] { alternatives.first?["statistics"]?.members.map(\.name) ?? [] }

    private func name(_ alternative: ResultValue) -> String {
        (alternative["set"]?.members ?? []).map { "\($0.name)=\($0.value.scalar ?? "?")" }.joined(separator: ", ")
    }

    private func statistic(_ name: String, of alternative: ResultValue) -> ResultValue? {
        alternative["statistics"]?[name]
    }

    private func answer(_ name: String) -> String {
        let known = alternatives.compactMap { alternative -> (String, Double, String)? in
            guard let statistic = statistic(name, of: alternative), let value = statistic["value"]?.number else {
                return nil
            }
            return (self.name(alternative), value, phrase(value, statistic["unit"]?.text))
        }
        guard let least = known.min(by: { $0.1 < $1.1 }), let most = known.max(by: { $0.1 < $1.1 }) else {
            return "\(name) is endless in every alternative."
        }
        if least.1 == most.1 { return "\(name) is \(least.2) in every alternative." }
        return "\(name) is \(least.2) with \(least.0), the least, and \(most.2) with \(most.0), the most."
    }

    private func phrase(_ value: Double, _ unit: String?) -> String {
        switch unit {
        case "ms": Figures.duration(value)
        case "share": Phrase.percent(value)
        default: Phrase.amount(value)
        }
    }

    private func phrase(_ interval: (low: Double?, high: Double?)?, _ unit: String?) -> String {
        guard let interval else { return "-" }
        let low = interval.low.map { phrase($0, unit) } ?? "?"
        return "\(low) to \(interval.high.map { phrase($0, unit) } ?? "no end")"
    }

    private func table(_ name: String) -> Report.Table {
        let rows = alternatives.map { alternative -> [String] in
            let statistic = statistic(name, of: alternative)
            let unit = statistic?["unit"]?.text
            let difference = statistic?["difference"]
            let isSeen = difference?["visible"]?.boolean == true
            return (alternative["set"]?.members ?? []).map { $0.value.scalar ?? "?" } + [
                statistic?["value"]?.number.map { phrase($0, unit) } ?? "no end",
                phrase(statistic?["interval"]?.interval, unit),
                isSeen ? difference?["value"]?.number.map { phrase($0, unit) } ?? "-" : "none visible",
                phrase(difference?["interval"]?.interval, unit), alternative["replications"]?.scalar ?? "-",
            ]
        }
        return Report.Table(
            header: factors + ["value", "95 %", "beside \(root["baseline"]?.text ?? "the first")", "95 %", "cases"],
            rows: rows, left: Set(factors.indices))
    }

    /// A curve where the one factor is a number, a row for each alternative otherwise.
    private func figure(_ name: String) -> Report.Figure? {
        let bars = alternatives.compactMap { alternative -> (label: String, position: Double?, bar: Chart.Bar)? in
            guard let statistic = statistic(name, of: alternative), let value = statistic["value"]?.number else {
                return nil
            }
            let unit = statistic["unit"]?.text
            let scale = unit == "ms" ? 1e-3 : unit == "share" ? 100.0 : 1
            let ends = statistic["interval"]?.interval
            let bar = Chart.Bar(
                at: 0, value: value * scale, low: (ends?.low ?? value) * scale, high: (ends?.high ?? value) * scale)
            let text = alternative["set"]?.members.first?.value.scalar ?? ""
            return (self.name(alternative), SweepPage.number(in: text), bar)
        }
        guard let unit = alternatives.first.flatMap({ statistic(name, of: $0)?["unit"]?.text }), bars.count > 1 else {
            return nil
        }
        let label = "\(name), \(unit == "ms" ? "s" : unit == "share" ? "%" : unit)"
        let positions = bars.compactMap(\.position)
        let isCurve = factors.count == 1 && positions.count == bars.count && Set(positions).count == bars.count
        let chart =
            isCurve
            ? curve(bars.map { ($0.position ?? 0, $0.bar) }, label) : rows(bars.map { ($0.label, $0.bar) }, label)
        return Report.Figure(
            title: "\(name) by \(factors.joined(separator: " and "))",
            description: "With 95 % intervals. \(answer(name))", chart: chart, numbers: table(name))
    }

    private func curve(_ bars: [(at: Double, bar: Chart.Bar)], _ label: String) -> Chart {
        let sorted = bars.sorted { $0.at < $1.at }.map {
            Chart.Bar(at: $0.at, value: $0.bar.value, low: $0.bar.low, high: $0.bar.high)
        }
        return Chart(
            x: Chart.Axis(factors[0]), y: Chart.Axis(label),
            marks: [
                .line(sorted.map { Chart.Point($0.at, $0.value) }, .first, dashed: false, name: nil),
                .verticalBars(sorted, .first, name: nil),
            ])
    }

    private func rows(_ bars: [(label: String, bar: Chart.Bar)], _ label: String) -> Chart {
        let shown = Array(bars.prefix(30).reversed())
        let placed = shown.enumerated().map {
            Chart.Bar(at: Double($0 + 1), value: $1.bar.value, low: $1.bar.low, high: $1.bar.high)
        }
        return Chart(
            height: 100 + 26 * shown.count, x: Chart.Axis(label),
            y: Chart.Axis(
                "", low: 0.4, high: Double(shown.count) + 0.6,
                ticks: shown.enumerated().map { Chart.Tick(Double($0 + 1), $1.label) }),
            marks: [.horizontalBars(placed, .first, name: nil)])
    }

    /// Of `2000` or `1.5s`, whose unit all alternatives of a factor share; in ms where it has one.
    private static func number(in text: String) -> Double? {
        if let number = Double(text) { return number }
        let units = [("us", 1e-3), ("ms", 1), ("min", 60e3), ("s", 1e3), ("h", 3600e3)]
        for (unit, scale) in units where text.hasSuffix(unit) {
            if let number = Double(text.dropLast(unit.count)) { return number * scale }
        }
        return nil
    }
}
