import Experiments
import ModelFile
import Statistics
import SystemModel
import Wording

/// One scenario under two models.
struct ModelComparison {
    let scenario: String
    let question: String
    let differences: [ModelDifference]
    let result: SweepResult
}

/// What two models have otherwise, and what that does.
struct ModelComparisonReport {
    let first: String
    let second: String
    let differences: [ModelDifference]
    let comparisons: [ModelComparison]
    let seed: Int
    let envelope: ResultEnvelope

    func write(as format: OutputFormat) {
        let stream = ResultStream(isMarkdown: format == .markdown)
        if format.isText { writeText(to: stream) } else { format.write(document, to: stream) }
        stream.flush()
    }

    private func writeText(to stream: ResultStream) {
        stream.heading("\(first) and \(second)")
        if differences.isEmpty {
            stream.line("Topology, redis.conf and environment are the same.")
        } else {
            write(differences, to: stream)
        }
        if comparisons.isEmpty { stream.line("They have no scenario in common.") }
        for comparison in comparisons { write(comparison, to: stream) }
    }

    private func write(_ differences: [ModelDifference], to stream: ResultStream) {
        var table = TextTable(header: ["", "what differs", first, second], left: [0, 1, 2, 3])
        for difference in differences {
            table.add([
                difference.section.rawValue, difference.name, ModelComparisonReport.shown(difference.first),
                ModelComparisonReport.shown(difference.second),
            ])
        }
        stream.table(table)
    }

    /// A table's cell; `-o json` has the whole text.
    private static func shown(_ text: String?) -> String {
        guard let text else { return "-" }
        return text.count > 60 ? text.prefix(57) + "..." : text
    }

    private func write(_ comparison: ModelComparison, to stream: ResultStream) {
        let result = comparison.result
        stream.line()
        stream.heading(comparison.scenario)
        stream.paragraph(comparison.question)
        let counts = result.findings.map { Digits.grouped($0.replications) }
        stream.line(
            counts[0] == counts[1]
                ? "\(counts[0]) replications each, seed \(seed)"
                : "\(counts[0]) and \(counts[1]) replications, seed \(seed)")
        if !comparison.differences.isEmpty { write(comparison.differences, to: stream) }
        var table = TextTable(header: ["", first, second, "the second beside the first"], left: [0, 3])
        for (index, statistic) in result.statistics.enumerated() {
            let (one, other) = (result.findings[0], result.findings[1])
            table.add([
                "\(statistic)", statistic.kind.phrase(one.estimates[index].value),
                statistic.kind.phrase(other.estimates[index].value),
                DifferencePhrase.sentence(other.differences[index], statistic.kind),
            ])
        }
        stream.table(table)
        for finding in result.findings {
            guard let reached = finding.reached else { continue }
            let sentence = PrecisionReport.sentence(reached, replications: finding.replications)
            stream.line("\(finding.alternative.name): \(sentence)")
        }
    }

    private var document: Document {
        envelope.document([
            ("first", .text(first)), ("second", .text(second)), ("seed", .integer(seed)),
            ("differences", .list(differences.map(ModelComparisonReport.document))),
            ("scenarios", .list(comparisons.map(document))),
        ])
    }

    private static func document(_ difference: ModelDifference) -> Document {
        .object([
            ("section", .text(difference.section.rawValue)), ("name", .text(difference.name)),
            ("first", difference.first.map { .text($0) } ?? .null),
            ("second", difference.second.map { .text($0) } ?? .null),
        ])
    }

    private func document(_ comparison: ModelComparison) -> Document {
        let result = comparison.result
        let statistics = result.statistics.indices.map { index -> (key: String, value: Document) in
            let kind = result.statistics[index].kind
            let sides = result.findings.map { finding in
                Document.object([
                    ("value", kind.document(finding.estimates[index].value)),
                    ("interval", kind.document(finding.estimates[index].interval)),
                ])
            }
            return (
                "\(result.statistics[index])",
                .object([
                    ("first", sides[0]), ("second", sides[1]), ("unit", .text(kind.unit)),
                    ("difference", DifferenceDocument.document(result.findings[1].differences[index], kind)),
                ])
            )
        }
        return .object([
            ("scenario", .text(comparison.scenario)), ("question", .text(comparison.question)),
            ("replications", .list(result.findings.map { .integer($0.replications) })),
            ("differences", .list(comparison.differences.map(ModelComparisonReport.document))),
            ("statistics", .object(statistics)),
        ])
    }
}
