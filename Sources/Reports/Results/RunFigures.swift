import Wording

/// The charts of a forecast; nil where the result lacks their numbers.
struct RunFigures {
    let root: ResultValue

    private static let marked = ["p50", "p90", "p95", "p99"]

    private func points(_ slots: String) -> [(share: Double, seconds: Double)] {
        (root[path: "outage.\(slots).distribution"]?.elements ?? []).compactMap { pair in
            guard pair.elements.count == 2, let share = pair.elements[0].number, let ms = pair.elements[1].number
            else { return nil }
            return (share, ms / 1e3)
        }
    }

    /// Nothing to draw where no outage lasts.
    private var hasOutages: Bool { points("anySlot").count > 1 && points("anySlot").contains { $0.seconds > 0 } }

    private var worstDiffers: Bool {
        zip(points("anySlot"), points("worstSlot")).contains { ($0.seconds - $1.seconds).magnitude > 0.05 * $0.seconds }
    }

    // MARK: Outage

    var distribution: Report.Figure? {
        guard hasOutages else { return nil }
        var marks = [
            Chart.Mark.line(
                points("anySlot").map { Chart.Point($0.seconds, $0.share * 100) }, .first,
                dashed: false, name: "some slot")
        ]
        if worstDiffers {
            let worst = points("worstSlot").map { Chart.Point($0.seconds, $0.share * 100) }
            marks.append(.line(worst, .second, dashed: true, name: "the slots that fare worst"))
        }
        let bars = RunFigures.marked.compactMap { name -> Chart.Bar? in
            guard let percent = Double(name.dropFirst()), let bar = bar(name) else { return nil }
            return Chart.Bar(at: percent, value: bar.value, low: bar.low, high: bar.high)
        }
        marks.append(.horizontalBars(bars, .text, name: "p50, p90, p95, p99 with their 95 % intervals"))
        return Report.Figure(
            title: "Share of cases whose outage is over after so long",
            description: "A cumulative distribution: at each time, the share of cases in which every slot takes writes "
                + "again. \(quantilesInWords)",
            chart: Chart(
                x: Chart.Axis("outage of some slot, s"),
                y: Chart.Axis("% of the cases", low: 0, high: 100), marks: marks),
            numbers: numbers)
    }

    /// As HdrHistogram plots it: each step to the right has a tenth of the cases beyond it.
    var tail: Report.Figure? {
        guard hasOutages else { return nil }
        let beyond = points("anySlot").filter { $0.share < 1 }.map { Chart.Point(1 / (1 - $0.share), $0.seconds) }
        guard beyond.count > 1, let last = beyond.last, last.x >= 10 else { return nil }
        let bars = RunFigures.marked.compactMap { name -> Chart.Bar? in
            guard let percent = Double(name.dropFirst()), let bar = bar(name) else { return nil }
            return Chart.Bar(at: 100 / (100 - percent), value: bar.value, low: bar.low, high: bar.high)
        }
        let ticks = [
            (1.0, "0 %"), (2, "50 %"), (10, "90 %"), (100, "99 %"), (1e3, "99.9 %"), (1e4, "99.99 %"),
            (1e5, "99.999 %"), (1e6, "99.9999 %"),
        ].filter { $0.0 <= last.x * 1.01 }.map { Chart.Tick($0.0, $0.1) }
        return Report.Figure(
            title: "The tail: the longest outage but for the worst of the cases",
            description: "The outage at each percentile; the axis gives every further nine the same room. "
                + quantilesInWords,
            chart: Chart(
                x: Chart.Axis("percentile of the cases", low: 1, high: last.x * 1.2, isLogarithmic: true, ticks: ticks),
                y: Chart.Axis("outage of some slot, s", low: 0),
                marks: [
                    .line(beyond, .first, dashed: false, name: nil), .verticalBars(bars, .text, name: "95 % intervals"),
                ]),
            numbers: numbers)
    }

    /// A quantile of the outage with its interval, in s; nil where one is endless or unbounded.
    private func bar(_ name: String) -> (value: Double, low: Double, high: Double)? {
        guard let outage = root[path: "outage.anySlot"], let value = outage[name]?.number,
            let ends = outage[path: "intervals.\(name)"]?.interval, let low = ends.low, let high = ends.high
        else { return nil }
        return (value / 1e3, low / 1e3, high / 1e3)
    }

    private var quantilesInWords: String {
        let known = [("p50", "half of the cases are over"), ("p90", "90 %"), ("p99", "99 %")].compactMap {
            name, words in
            root[path: "outage.anySlot.\(name)"]?.number.map { "\(words) after \(Figures.duration($0))" }
        }
        return known.isEmpty ? "" : known.joined(separator: ", ").capitalizedFirst + "."
    }

    private var numbers: Report.Table {
        let worst = points("worstSlot")
        let rows = points("anySlot").enumerated().map { index, point in
            [
                "\(Digits.shortest(point.share * 100, 3)) %", Figures.duration(point.seconds * 1e3),
                index < worst.count ? Figures.duration(worst[index].seconds * 1e3) : "-",
            ]
        }
        return Report.Table(header: ["Cases", "some slot, at most", "worst slots, at most"], rows: rows)
    }

    // MARK: Cases

    /// What goes on between two milestones, in their order.
    private static let phases: [(from: String?, to: String, words: String)] = [
        (nil, "firstSuspected", "nobody notices"), ("firstSuspected", "failed", "suspected"),
        ("failed", "electionScheduled", "failed"), ("electionScheduled", "electionStarted", "waits to stand"),
        ("electionStarted", "promoted", "votes"), ("promoted", "healed", "the news spreads"),
    ]

    var cases: Report.Figure? {
        let cases = (root["cases"]?.elements ?? []).filter { $0["milestones"] != nil }
        guard !cases.isEmpty else { return nil }
        var boxes = [[Chart.Box]](repeating: [], count: RunFigures.phases.count)
        var rows: [[String]] = []
        var marks: [Chart.Mark] = []
        for (index, example) in cases.enumerated() {
            let row = Double(cases.count - index)
            for (phase, step) in RunFigures.phases.enumerated() {
                let start = step.from.map { time(of: $0, in: example) } ?? 0
                guard let start, let end = time(of: step.to, in: example), end >= start else { continue }
                boxes[phase].append(Chart.Box(x: start...end, y: (row - 0.3)...(row + 0.3)))
            }
            marks += end(of: example, row: row)
            rows += table(of: example)
        }
        marks =
            boxes.enumerated().map { phase, boxes in
                .boxes(boxes, .series(phase), faint: false, name: RunFigures.phases[phase].words)
            } + marks
        guard boxes.contains(where: { !$0.isEmpty }) else { return nil }
        let ticks = cases.enumerated().map { Chart.Tick(Double(cases.count - $0), title(of: $1)) }
        return Report.Figure(
            title: "Two cases, stage by stage",
            description: "The case whose outage is the median and the one at the 99th percentile, from the fault on: "
                + "each stretch is the wait for the next stage.",
            chart: Chart(
                height: 110 + 60 * cases.count, x: Chart.Axis("time after the fault, s", low: 0),
                y: Chart.Axis("", low: 0.4, high: Double(cases.count) + 0.6, ticks: ticks), marks: marks,
                rightMargin: 0.1),
            numbers: Report.Table(header: ["Case", "Stage", "after the fault"], rows: rows, left: [0, 1]))
    }

    private func time(of milestone: String, in example: ResultValue) -> Double? {
        example["milestones"]?[milestone]?.number.map { $0 / 1e3 }
    }

    private func title(of example: ResultValue) -> String {
        "\(example["case"]?.text ?? "?"), case \(example["replication"]?.scalar ?? "?")"
    }

    /// How long its outage was, beside the last stage that it reached.
    private func end(of example: ResultValue, row: Double) -> [Chart.Mark] {
        let last = RunFigures.phases.compactMap { time(of: $0.to, in: example) }.max() ?? 0
        let outage = example["anySlotUnserved"]?.number.map { Figures.duration($0) } ?? "-"
        let text = example["unended"]?.boolean == true ? "no end" : outage
        return [.text(" \(text)", at: Chart.Point(last, row), .left, .text)]
    }

    private func table(of example: ResultValue) -> [[String]] {
        let milestones = (example["milestones"]?.members ?? []).map { name, value in
            [title(of: example), Milestones.words(for: name), value.number.map(Figures.duration) ?? "-"]
        }
        let outage = example["anySlotUnserved"]?.number.map(Figures.duration) ?? "-"
        let unended = example["unended"]?.boolean == true
        return milestones + [[title(of: example), "some slot took no writes for", unended ? "no end" : outage]]
    }

    // MARK: Placement

    var placement: Report.Figure? {
        guard let placement = root["placement"] else { return nil }
        return PlacementMap(placement: placement).figure
    }

    // MARK: Sensitivity

    var sensitivity: Report.Figure? {
        guard let sensitivity = root["sensitivity"] else { return nil }
        return Tornado(sensitivity: sensitivity).figure
    }
}

extension String {
    var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
