import Experiments
import ModelFile
import Statistics
import SystemModel
import Wording

/// A sweep with everything that repeats it.
struct SweepReport {
    let request: SweepRequest
    let result: SweepResult

    var sweep: Sweep { request.sweep }
    var baselineName: String { sweep.alternatives[result.baseline].name }

    func write(as format: OutputFormat) {
        let stream = ResultStream(isMarkdown: format == .markdown)
        switch format {
        case .table, .wide, .markdown: writeText(isWide: format == .wide, to: stream)
        case .json, .yaml: format.write(document, to: stream)
        case .csv:
            for finding in result.findings {
                VerdictReport.complain(finding.verdicts, about: finding.alternative.name)
            }
            writeCSV(to: stream)
        }
        stream.flush()
    }
}

// MARK: For people

extension SweepReport {
    private func writeText(isWide: Bool, to stream: ResultStream) {
        writeVerdicts(to: stream)
        let keys = request.factors.map(\.key).joined(separator: " and ")
        stream.heading("\(request.modelName), \(request.scenario): \(keys)")
        stream.line(
            "\(Phrase.count(result.findings.count, "alternative")), \(replicationsText), seed \(sweep.seed), "
                + "\(request.engine)")
        stream.paragraph(request.question)
        if !request.overrides.isEmpty { stream.line("With " + request.overrides.joined(separator: ", ")) }
        stream.line(
            "Beside \(baselineName): the difference of replications that shared their dice, with its 95 % interval.")
        for (index, statistic) in result.statistics.enumerated() {
            stream.line()
            if request.factors.count == 2, result.isComplete {
                writeGrid(index, statistic, isWide: isWide, to: stream)
            } else {
                writeList(index, statistic, to: stream)
            }
        }
        writePrecision(to: stream)
    }

    private var replicationsText: String {
        let counts = result.findings.map(\.replications)
        let (least, most) = (counts.min() ?? 0, counts.max() ?? 0)
        return least == most
            ? "\(Phrase.count(most, "replication")) each"
            : "\(Digits.grouped(least)) to \(Phrase.count(most, "replication"))"
    }

    private func writeVerdicts(to stream: ResultStream) {
        guard !result.verdicts.isEmpty else { return }
        var table = TextTable(left: [0, 1, 2, 3, 4])
        for finding in result.findings {
            for verdict in finding.verdicts { table.add([finding.alternative.name] + VerdictReport.cells(verdict)) }
        }
        stream.table(table, indent: 0)
        stream.line()
    }

    /// One row an alternative.
    private func writeList(_ index: Int, _ statistic: Statistic, to stream: ResultStream) {
        stream.heading("\(statistic)")
        let columns = request.factors.count
        var table = TextTable(
            header: request.factors.map(\.key) + ["value", "95 %", "beside \(baselineName)"],
            left: Set(0..<columns).union([columns + 1, columns + 2]))
        for (number, finding) in result.findings.enumerated() {
            let estimate = finding.estimates[index]
            table.add(
                finding.alternative.values
                    + [
                        statistic.kind.phrase(estimate.value), statistic.kind.phrase(estimate.interval),
                        number == result.baseline ? "-" : difference(finding.differences[index], statistic),
                    ])
        }
        stream.table(table)
    }

    private func difference(_ difference: SweepResult.Difference?, _ statistic: Statistic) -> String {
        DifferencePhrase.sentence(difference, statistic.kind)
    }

    /// The first factor downwards, the second to the right.
    private func writeGrid(_ index: Int, _ statistic: Statistic, isWide: Bool, to stream: ResultStream) {
        let (rows, columns) = (request.factors[0], request.factors[1])
        stream.heading("\(statistic)")
        stream.line("\(rows.key) downwards, \(columns.key) to the right")
        var table = TextTable(header: [""] + columns.values)
        var hasEqual = false
        for (row, value) in rows.values.enumerated() {
            var cells = [value]
            for column in columns.values.indices {
                let number = row * columns.values.count + column
                let finding = result.findings[number]
                let isEqual = number != result.baseline && finding.differences[index].map { !$0.isVisible } ?? false
                hasEqual = hasEqual || isEqual
                let estimate = finding.estimates[index]
                cells.append(
                    (isEqual ? "~ " : "") + statistic.kind.phrase(estimate.value)
                        + (isWide ? " (\(statistic.kind.phrase(estimate.interval)))" : ""))
            }
            table.add(cells)
        }
        stream.table(table)
        if hasEqual { stream.line("~ no difference to \(baselineName) is visible") }
    }

    private func writePrecision(to stream: ResultStream) {
        let reached = result.findings.filter { $0.reached != nil }
        guard !reached.isEmpty else { return }
        stream.line()
        for finding in reached {
            guard let precision = finding.reached else { continue }
            stream.line(
                "\(finding.alternative.name): "
                    + PrecisionReport.sentence(precision, replications: finding.replications))
        }
    }
}

/// A paired difference in words.
enum DifferencePhrase {
    static func sentence(_ difference: SweepResult.Difference?, _ kind: Quantity.Kind) -> String {
        guard let difference else { return "both endless" }
        if difference.isIdentical { return "the same in every replication" }
        let interval = "(95 %: \(kind.signed(difference.estimate.interval)))"
        let bounds = difference.estimate.interval
        if !difference.isVisible, !bounds.low.isFinite || !bounds.high.isFinite {
            return "unknown: too few replications"
        }
        return difference.isVisible
            ? "\(kind.signed(difference.estimate.value)) \(interval)" : "no difference visible \(interval)"
    }
}

// MARK: For programs

extension SweepReport {
    /// Described in models/README.md. Names and units here are a promise.
    private var document: Document {
        let factors = request.factors.map { factor in (key: factor.key, value: Document.texts(factor.values)) }
        return request.envelope.document([
            ("model", .text(request.modelName)), ("scenario", .text(request.scenario)),
            ("seed", .integer(Int(clamping: sweep.seed))), ("engine", .text(request.engine)),
            ("question", .text(request.question)), ("set", .texts(request.overrides)), ("vary", .object(factors)),
            ("digest", .text(request.digest)), ("complete", .boolean(result.isComplete)),
            ("baseline", .text(baselineName)), ("alternatives", .list(result.findings.map(alternative))),
        ])
    }

    private func alternative(_ finding: SweepResult.Finding) -> Document {
        let settings = zip(request.factors, finding.alternative.values).map { (key: $0.key, value: Document.text($1)) }
        let statistics = result.statistics.indices.map { index in
            (key: "\(result.statistics[index])", value: statistic(index, of: finding))
        }
        return .object([
            ("set", .object(settings)), ("replications", .integer(finding.replications)),
            ("complete", .boolean(finding.isComplete)),
            ("precision", finding.reached.map(PrecisionReport.document) ?? .null),
            ("expectations", .list(finding.verdicts.map(VerdictReport.document))),
            ("statistics", .object(statistics)),
        ])
    }

    private func statistic(_ index: Int, of finding: SweepResult.Finding) -> Document {
        let kind = result.statistics[index].kind
        let estimate = finding.estimates[index]
        return .object([
            ("value", kind.document(estimate.value)), ("interval", kind.document(estimate.interval)),
            ("unit", .text(kind.unit)),
            ("difference", DifferenceDocument.document(finding.differences[index], kind)),
        ])
    }

    private func writeCSV(to stream: ResultStream) {
        let header =
            request.factors.map(\.key) + [
                "replications", "statistic", "unit", "value", "low", "high", "difference", "difference_low",
                "difference_high", "visible",
            ]
        let width = result.statistics.count
        CSVWriter(output: stream).write(header: header, rows: result.findings.count * width) { row in
            let finding = result.findings[row / width]
            let (statistic, estimate) = (result.statistics[row % width], finding.estimates[row % width])
            let kind = statistic.kind
            let difference = finding.differences[row % width]
            return finding.alternative.values.map { .text($0) }
                + [.integer(finding.replications), .text("\(statistic)"), .text(kind.unit)]
                + [estimate.value, estimate.interval.low, estimate.interval.high].map(kind.document)
                + (difference.map { [$0.estimate.value, $0.estimate.interval.low, $0.estimate.interval.high] }
                    .map { $0.map(kind.document) } ?? [.null, .null, .null])
                + [difference.map { .boolean($0.isVisible) } ?? .null]
        }
    }
}

/// A paired difference for programs.
enum DifferenceDocument {
    static func document(_ difference: SweepResult.Difference?, _ kind: Quantity.Kind) -> Document {
        guard let difference else { return .null }
        return .object([
            ("value", kind.document(difference.estimate.value)),
            ("interval", kind.document(difference.estimate.interval)), ("visible", .boolean(difference.isVisible)),
        ])
    }
}
