import Experiments
import Statistics
import SystemModel
import Wording

/// Expectations with their verdicts: the first thing that is printed.
enum VerdictReport {
    /// A mark that needs no colour, and the word.
    static func mark(_ answer: Verdict.Answer) -> String {
        switch answer {
        case .met: "[+] met"
        case .missed: "[x] missed"
        case .undecided: "[?] undecided"
        }
    }

    /// - Parameter source: what the verdicts are about, where it isn't obvious.
    static func write(_ verdicts: [Verdict], about source: String = "", to stream: ResultStream) {
        guard !verdicts.isEmpty else { return }
        var table = TextTable(left: [0, 1, 2, 3, 4])
        for verdict in verdicts { table.add((source.isEmpty ? [] : [source]) + cells(verdict)) }
        stream.table(table, indent: 0)
        stream.line()
    }

    /// Mark, expectation, what was found, and its interval.
    static func cells(_ verdict: Verdict) -> [String] {
        let kind = verdict.expectation.statistic.kind
        return [
            mark(verdict.answer), "\(verdict.expectation)",
            verdict.estimate.map { kind.phrase($0.value) } ?? "-",
            verdict.estimate.map { "(95 %: \(kind.phrase($0.interval)))" } ?? "",
        ]
    }

    /// One line each on standard error, for results that have no room for them.
    static func complain(_ verdicts: [Verdict], about source: String = "") {
        for verdict in verdicts {
            let cells = cells(verdict)
            let text = "\(cells[0]): \(cells[1]): \(cells[2]) \(cells[3])".withoutTrailingBlanks
            Console.error(source.isEmpty ? text : "\(source): \(text)")
        }
    }

    static func document(_ verdict: Verdict) -> Document {
        let kind = verdict.expectation.statistic.kind
        return .object([
            ("expectation", .text("\(verdict.expectation)")), ("verdict", .text(verdict.answer.rawValue)),
            ("value", verdict.estimate.map { kind.document($0.value) } ?? .null),
            ("interval", verdict.estimate.map { kind.document($0.interval) } ?? .null), ("unit", .text(kind.unit)),
        ])
    }
}

/// What a precision came to.
enum PrecisionReport {
    static func sentence(_ reached: ReplicationPlan.Reached, replications: Int) -> String {
        let kind = reached.goal.statistic.kind
        let half =
            !reached.halfWidth.isFinite
            ? "the interval has no end yet"
            : kind == .event
                ? "within \(Digits.fixed(reached.halfWidth * 100, 2)) points"
                : "within \(kind.phrase(reached.halfWidth))"
        let share = reached.relative.map { kind == .event ? "" : " (\(Digits.fixed($0 * 100, 1)) %)" } ?? ""
        return "Precision \(reached.isReached ? "reached" : "not reached") after "
            + "\(Phrase.count(replications, "replication")): \(reached.goal.statistic) \(half)\(share); "
            + "asked was \(reached.goal)"
    }

    static func document(_ reached: ReplicationPlan.Reached) -> Document {
        let kind = reached.goal.statistic.kind
        return .object([
            ("goal", .text("\(reached.goal)")), ("reached", .boolean(reached.isReached)),
            ("halfWidth", kind.document(reached.halfWidth)),
            ("relative", reached.relative.map { .number($0, decimals: 6) } ?? .null),
        ])
    }
}
