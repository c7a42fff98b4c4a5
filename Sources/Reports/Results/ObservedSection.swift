import Wording

/// What was seen of a real case (`observed` of a forecast), beside what is forecast.
enum ObservedSection {
    /// Nil where the scenario observed nothing.
    static func of(_ root: ResultValue) -> Report.Section? {
        guard let observed = root["observed"], let values = observed["values"]?.elements, !values.isEmpty else {
            return nil
        }
        let table = Report.Table(
            header: ["", "seen", "range", "p5", "p50", "p95", "middle 98 %", "could be one of these"],
            rows: values.map(cells))
        let notes = values.compactMap { value -> Report.Block? in
            guard let name = name(of: value), let note = value["note"]?.text, !note.isEmpty else { return nil }
            return .paragraph("\(name): \(note)")
        }
        let source = observed["source"]?.text.map { " (\($0))" } ?? ""
        return Report.Section(
            "What was seen of a real case",
            [.paragraph("Observed\(source), beside the forecast."), .table(table)] + notes)
    }

    private static func name(of value: ResultValue) -> String? { value["quantity"]?.text ?? value["event"]?.text }

    private static func cells(_ value: ResultValue) -> [String] {
        let trials = value["trials"]?.number ?? 1
        let answer = value["possible"]?.scalar ?? "-"
        guard let quantity = value["quantity"]?.text else {
            let times = value["times"]?.number ?? 0
            let seen =
                trials == 1 ? (times == 1 ? "yes" : "no") : "\(Figures.grouped(times)) of \(Figures.grouped(trials))"
            return [
                value["event"]?.text ?? "-", seen, "", "", value["value"]?.number.map(Phrase.percent) ?? "-", "",
                value["interval"]?.interval.map(Figures.percents) ?? "-", answer,
            ]
        }
        let isTime = value["unit"]?.text == "ms"
        func number(_ key: String) -> String {
            value[key]?.number.map { isTime ? Figures.duration($0) : Phrase.amount($0) } ?? "-"
        }
        func range(_ key: String) -> String {
            guard let ends = value[key]?.interval else { return "-" }
            if isTime { return Figures.durations(ends) }
            return [ends.low, ends.high].map { $0.map { Phrase.amount($0) } ?? "open" }.joined(separator: " to ")
        }
        let name = trials == 1 ? quantity : "\(quantity), median of \(Figures.grouped(trials))"
        return [
            name, number("seen"), range("range"), number("p5"), number("p50"), number("p95"), range("band"), answer,
        ]
    }
}
