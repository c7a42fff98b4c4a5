import Experiments
import Statistics
import SystemModel
import Wording

/// What was observed of a real case, beside the forecast.
struct ObservedReport {
    let source: String
    let checks: [ObservedCheck]
    /// `--set` has made the forecast one of another system than the observed one.
    let isChanged: Bool

    /// Nil where the scenario observed nothing.
    init?(_ scenario: Scenario, in table: OutcomeTable, isChanged: Bool) {
        guard let observed = scenario.observed else { return nil }
        source = observed.source
        checks = ObservedCheck.all(observed, in: table)
        self.isChanged = isChanged
    }

    /// - Parameter withNotes: why each range is what it is, too.
    func write(withNotes: Bool, to stream: ResultStream) {
        stream.line()
        for line in Phrase.wrapped("Observed (\(source)), beside the forecast") { stream.line(line) }
        var table = TextTable(
            header: ["", "observed", "range", "p5", "p50", "p95", "middle 98 %", "could be one of these"],
            left: [0, 7])
        for check in checks { table.add(Self.cells(check)) }
        stream.table(table, indent: 0)
        if withNotes {
            for check in checks {
                for line in Phrase.wrapped("\(check.fact): \(check.fact.note)") { stream.line(line) }
            }
        }
        if isChanged { stream.line("It was seen under the files' own settings, which --set has changed here.") }
    }

    private static func cells(_ check: ObservedCheck) -> [String] {
        let kind = check.fact.quantity.kind
        let label = "\(check.fact)"
        let answer = check.isPossible ? "[+] yes" : "[x] no"
        switch (check.fact.finding, check.prediction) {
        case (.measured(_, let seen, let low, let high, let trials), .quantiles(let p5, let p50, let p95, let band)):
            let name = trials == 1 ? label : "\(label), median of \(trials)"
            let range = Interval(low: low, high: high)
            return [name, kind.phrase(seen), kind.phrase(range)] + [p5, p50, p95].map(kind.phrase)
                + [kind.phrase(band), answer]
        case (.counted(_, let times, let trials), .probability(let estimate)):
            let share = Quantity.Kind.event
            return [
                label, trials == 1 ? (times == 1 ? "yes" : "no") : "\(times) of \(trials)", "", "",
                share.phrase(estimate.value), "", share.phrase(estimate.interval), answer,
            ]
        default: return [label]
        }
    }

    var document: Document {
        .object([("source", .text(source)), ("values", .list(checks.map(Self.document)))])
    }

    private static func document(_ check: ObservedCheck) -> Document {
        let kind = check.fact.quantity.kind
        let end: [(key: String, value: Document)] = [
            ("possible", .boolean(check.isPossible)), ("note", .text(check.fact.note)),
        ]
        switch (check.fact.finding, check.prediction) {
        case (.measured(_, let seen, let low, let high, let trials), .quantiles(let p5, let p50, let p95, let band)):
            return .object(
                [
                    ("quantity", .text("\(check.fact)")), ("seen", kind.document(seen)),
                    ("range", kind.document(Interval(low: low, high: high))), ("trials", .integer(trials)),
                    ("unit", .text(kind.unit)), ("p5", kind.document(p5)), ("p50", kind.document(p50)),
                    ("p95", kind.document(p95)), ("band", kind.document(band)),
                ] + end)
        case (.counted(_, let times, let trials), .probability(let estimate)):
            let share = Quantity.Kind.event
            return .object(
                [
                    ("event", .text("\(check.fact)")), ("times", .integer(times)), ("trials", .integer(trials)),
                    ("value", share.document(estimate.value)), ("interval", share.document(estimate.interval)),
                ] + end)
        default: return .object([("quantity", .text("\(check.fact)"))] + end)
        }
    }
}
