import Wording

/// Recordings held against the simulation (`rehearse.replay/v1`) as a report.
struct ReplayPage {
    let result: ResultFile

    private var root: ResultValue { result.root }
    private var recordings: [ResultValue] { root["recordings"]?.elements ?? [] }

    var report: Report {
        let engines = distinct(recordings.compactMap { $0["engine"]?.text })
        var report = Report(
            title: "Simulated against live: \(directory.map { "\($0), " } ?? "")"
                + "\(counted(recordings.count, "recording")) of \(engines)",
            question: "Does the simulation agree with what was recorded of real clusters?", answer: answer)
        Envelope(root: root).fill(&report)
        if report.reproduction.isEmpty || root["command"] == nil {
            let paths = recordings.compactMap { $0["path"]?.text }
            report.reproduction.append(Report.Fact("Recordings", paths.joined(separator: ", ")))
        }
        if let environment = root["environment"]?.text {
            report.reproduction.append(Report.Fact("Latencies", environment))
        }
        report.validation = [statement]
        report.sections = [
            Report.Section("Stage by stage", [stageFigure].compact + [.table(stages)]),
            Report.Section("Does a predicted range hold what it should?", [bandFigure].compact + [.table(bands)]),
            Report.Section("Kinds of transitions", [.table(transitions)]),
            Report.Section("Each recording", [.table(each)]),
        ]
        return report
    }

    /// The last name of the directory that all recordings lie in: a lab's is its scenario's.
    private var directory: String? {
        let folders = recordings.compactMap { $0["path"]?.text?.split(separator: "/").dropLast().last }
        guard let first = folders.first, folders.count == recordings.count, folders.allSatisfy({ $0 == first }) else {
            return nil
        }
        return String(first)
    }

    // MARK: The answer

    /// The verdict with its evidence in one sentence; also the validation status of results beside it.
    var statement: String {
        let verdict = root["verdict"]?.text ?? "no verdict"
        let engines = distinct(recordings.compactMap { $0["engine"]?.text })
        let what = directory.map { " (\($0))" } ?? ""
        return "Held against \(counted(recordings.count, "recording")) of \(engines)\(what): \(verdict). \(coverage)"
    }

    private var coverage: String {
        guard let band = root["bands"]?.elements.first(where: { $0["nominal"]?.number == 0.9 }),
            let covered = band["covered"]?.number
        else { return "" }
        let interval = band["interval"]?.interval.map { ", 95 %: \(Figures.percents($0))" } ?? ""
        let count = band["count"]?.number.map { " \(Figures.grouped($0))" } ?? ""
        return "Of\(count) transitions \(Phrase.percent(covered)) came within the predicted 90 % range\(interval)."
    }

    private var answer: [String] {
        let reasons = root["reasons"]?.texts ?? []
        var statements = [statement] + reasons.map { $0.capitalizedFirst }
        if let change = root[path: "pointsTo.ifOnly"]?.text {
            statements.append("The simulation would fit better if only \(change).")
        }
        if let unreadable = root["unreadable"]?.number, unreadable > 0 {
            statements.append("\(Figures.grouped(unreadable)) recordings could not be read or replayed.")
        }
        return statements
    }

    // MARK: Stages

    private var stageRows: [ResultValue] { root["stages"]?.elements ?? [] }

    /// How much later or earlier than predicted each stage came, with its interval.
    private var stageFigure: Report.Figure? {
        let known = stageRows.compactMap { stage -> (name: String, bar: Chart.Bar)? in
            guard let name = stage["stage"]?.text, let median = stage[path: "error.median"]?.number else { return nil }
            let ends = stage[path: "error.interval"]?.interval
            return (
                name, Chart.Bar(at: 0, value: median, low: ends?.low ?? median, high: ends?.high ?? median)
            )
        }
        guard !known.isEmpty else { return nil }
        let bars = known.enumerated().map { index, stage in
            Chart.Bar(
                at: Double(known.count - index), value: stage.bar.value, low: stage.bar.low, high: stage.bar.high)
        }
        let ticks = known.enumerated().map { Chart.Tick(Double(known.count - $0), Milestones.words(for: $1.name)) }
        return Report.Figure(
            title: "How much later than predicted each stage came",
            description: "The median over the recordings, with its 95 % interval; at zero the simulation is right.",
            chart: Chart(
                height: 110 + 34 * known.count, x: Chart.Axis("observed minus predicted, ms"),
                y: Chart.Axis("", low: 0.4, high: Double(known.count) + 0.6, ticks: ticks),
                marks: [.verticalRule(0, "", .muted), .horizontalBars(bars, .first, name: nil)]),
            numbers: stages)
    }

    private var stages: Report.Table {
        Report.Table(
            header: [
                "Stage", "recordings", "expected", "observed median", "predicted median", "error", "95 %", "distance",
                "limit",
            ],
            rows: stageRows.map { stage in
                let ends = stage[path: "error.interval"]?.interval
                return [
                    Milestones.words(for: stage["stage"]?.text ?? "?"), stage["reached"]?.scalar ?? "-",
                    stage["expected"]?.number.map { Digits.shortest($0, 1) } ?? "-",
                    duration(stage["observedMedian"]), duration(stage["predictedMedian"]),
                    duration(stage[path: "error.median"]), ends.map(Figures.durations) ?? "-",
                    number(stage["distance"]), number(stage["limit"]),
                ]
            })
    }

    // MARK: Ranges

    private var bandFigure: Report.Figure? {
        let bars = (root["bands"]?.elements ?? []).compactMap { band -> Chart.Bar? in
            guard let nominal = band["nominal"]?.number, let covered = band["covered"]?.number else { return nil }
            let ends = band["interval"]?.interval
            return Chart.Bar(
                at: nominal * 100, value: covered * 100, low: (ends?.low ?? covered) * 100,
                high: (ends?.high ?? covered) * 100)
        }
        guard !bars.isEmpty else { return nil }
        return Report.Figure(
            title: "Coverage of the predicted ranges",
            description: "How many of the observed transitions came within the middle so many percent of what was "
                + "predicted. On the line the ranges are right, above it too wide, below it too narrow.",
            chart: Chart(
                x: Chart.Axis("predicted range, middle % of the prediction", low: 0, high: 100),
                y: Chart.Axis("% observed within it", low: 0, high: 105),
                marks: [
                    .line([Chart.Point(0, 0), Chart.Point(100, 100)], .muted, dashed: true, name: "as it should be"),
                    .verticalBars(bars, .first, name: "observed, with 95 % intervals"),
                ]),
            numbers: bands)
    }

    private var bands: Report.Table {
        Report.Table(
            header: ["Predicted range", "transitions", "within it", "95 %"],
            rows: (root["bands"]?.elements ?? []).map { band in
                [
                    band["nominal"]?.number.map(Phrase.percent) ?? "-", band["count"]?.scalar ?? "-",
                    band["covered"]?.number.map(Phrase.percent) ?? "-",
                    band["interval"]?.interval.map(Figures.percents) ?? "-",
                ]
            })
    }

    private var transitions: Report.Table {
        Report.Table(
            header: ["Kind", "count", "error", "95 %", "distance", "limit"],
            rows: (root["transitions"]?.elements ?? []).map { kind in
                [
                    PlainPage.words(kind["kind"]?.text ?? "?"), kind["count"]?.scalar ?? "-",
                    duration(kind[path: "error.median"]),
                    kind[path: "error.interval"]?.interval.map(Figures.durations) ?? "-", number(kind["distance"]),
                    number(kind["limit"]),
                ]
            })
    }

    private var each: Report.Table {
        Report.Table(
            header: ["Recording", "Servers", "node timeout", "What was done", "Against the rules", "timing"],
            rows: recordings.map { recording in
                [
                    recording["path"]?.text ?? "?", recording["engine"]?.text ?? "-",
                    recording["nodeTimeout"]?.number.map(Figures.setting) ?? "-",
                    recording["done"]?.texts.joined(separator: ", ") ?? "-",
                    recording[path: "violation.seen"]?.text ?? "nothing", number(recording["timingSurprise"]),
                ]
            }, left: [0, 1, 3, 4])
    }

    private func duration(_ value: ResultValue?) -> String { value?.number.map(Figures.duration) ?? "-" }

    private func number(_ value: ResultValue?) -> String {
        value?.number.map { Digits.shortest($0, 3) } ?? "-"
    }

    private func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

    private func distinct(_ texts: [String]) -> String {
        let sorted = Set(texts).sorted()
        return sorted.isEmpty ? "unknown servers" : sorted.joined(separator: ", ")
    }
}
