/// Which assumption moves the answer most: for each the change of the mean outage when it is lower and when it is
/// higher, the largest on top.
struct Tornado {
    let sensitivity: ResultValue

    /// Further ones move less than these.
    private static let shown = 12

    private struct Setting {
        var name: String
        /// Differences of the mean in s with their intervals; nil where that end was not run.
        var low: Chart.Bar?
        var high: Chart.Bar?
        var words: [String]
    }

    private var settings: [Setting] {
        (sensitivity["settings"]?.elements ?? []).compactMap { setting in
            guard let name = setting["setting"]?.text else { return nil }
            return Setting(
                name: name, low: bar(setting["low"]), high: bar(setting["high"]),
                words: [name, setting["value"]?.text ?? "-"] + words(setting["low"]) + words(setting["high"]))
        }
    }

    private func bar(_ end: ResultValue?) -> Chart.Bar? {
        guard let end, let value = end["difference"]?.number, let interval = end["interval"]?.interval else {
            return nil
        }
        return Chart.Bar(
            at: 0, value: value / 1e3, low: (interval.low ?? value) / 1e3, high: (interval.high ?? value) / 1e3)
    }

    private func words(_ end: ResultValue?) -> [String] {
        guard let end, let value = end["difference"]?.number else { return ["-", "-"] }
        let interval = end["interval"]?.interval.map { " (\(Figures.durations($0)))" } ?? ""
        return [end["value"]?.text ?? "-", (value > 0 ? "+" : "") + Figures.duration(value) + interval]
    }

    var figure: Report.Figure? {
        let settings = settings
        let drawn = Array(settings.prefix(Tornado.shown))
        guard !drawn.isEmpty else { return nil }
        var low: [Chart.Box] = []
        var high: [Chart.Box] = []
        var intervals: [Chart.Bar] = []
        for (index, setting) in drawn.enumerated() {
            let row = Double(drawn.count - index)
            for (bar, isHigh) in [(setting.low, false), (setting.high, true)] {
                guard var bar else { continue }
                // Both may lie on one side of zero, so each has its half of the row.
                let y = isHigh ? row...(row + 0.38) : (row - 0.38)...row
                let box = Chart.Box(x: min(0, bar.value)...max(0, bar.value), y: y)
                if isHigh { high.append(box) } else { low.append(box) }
                bar.at = (y.lowerBound + y.upperBound) / 2
                intervals.append(bar)
            }
        }
        let ticks = drawn.enumerated().map { Chart.Tick(Double(drawn.count - $0), Tornado.short($1.name)) }
        return Report.Figure(
            title: "How far each guess moves the mean outage",
            description: "The largest first. \(inWords(settings))",
            chart: Chart(
                height: 110 + 34 * drawn.count, x: Chart.Axis("change of the mean outage, s"),
                y: Chart.Axis("", low: 0.4, high: Double(drawn.count) + 0.6, ticks: ticks),
                marks: [
                    .boxes(low, .first, faint: false, name: "half, or the switch turned"),
                    .boxes(high, .second, faint: false, name: "double"),
                    .horizontalBars(intervals, .text, name: "95 % intervals"),
                ]),
            numbers: Report.Table(
                header: ["Guess", "is", "lower", "changes the mean by", "higher", "changes the mean by"],
                rows: settings.map(\.words), left: [0, 1, 2, 4]))
    }

    /// All of them begin alike.
    private static func short(_ name: String) -> String {
        name.hasPrefix("environment.") ? String(name.dropFirst("environment.".count)) : name
    }

    private func inWords(_ settings: [Setting]) -> String {
        guard let first = settings.first else { return "" }
        let ends = [first.low, first.high].compactMap(\.self)
        guard let most = ends.max(by: { $0.value.magnitude < $1.value.magnitude }) else { return "" }
        if most.low <= 0, most.high >= 0 { return "No guess moves it by more than chance does." }
        let change = Figures.duration(most.value.magnitude * 1e3)
        return "\(first.name) moves it most: \(change) \(most.value > 0 ? "longer" : "shorter")."
    }
}
