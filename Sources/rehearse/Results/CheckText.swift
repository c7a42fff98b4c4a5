import ModelFile
import Wording

/// `check` for people: findings first, the worst of them leading.
struct CheckText {
    let report: CheckReport
    let path: String
    let isVerbose: Bool

    func write(to stream: ResultStream) {
        stream.heading(report.model)
        writeFindings(to: stream)
        section("Understood", report.understood, to: stream)
        if isVerbose {
            section("Assumed, because the files leave it open", report.assumed, to: stream)
            section("Guessed: numbers of the environment without a better source", report.guessed, to: stream)
            writeIgnored(to: stream)
        } else {
            writeCounts(to: stream)
        }
        let names = report.scenarios.map(\.name)
        if !names.isEmpty { stream.line("Scenarios: \(names.joined(separator: ", "))") }
    }

    private func writeFindings(to stream: ResultStream) {
        guard !report.findings.isEmpty else {
            stream.line("Findings: none")
            return
        }
        stream.heading("Findings")
        for finding in report.findings {
            let text = "\(finding.severity.rawValue): \(finding.object): \(finding.sentence)"
            stream.paragraph(text, width: 110, indent: 2, hanging: 2)
            stream.paragraph("-> \(finding.advice)", width: 110, indent: 4)
        }
    }

    private func section(_ title: String, _ lines: [CheckReport.Line], to stream: ResultStream) {
        guard !lines.isEmpty else { return }
        stream.heading(title)
        var table = TextTable(left: [0, 1, 2])
        for line in lines { table.add([line.subject, line.text, line.place.map { "(\($0.fileAndLine))" } ?? ""]) }
        stream.table(table)
    }

    private func writeIgnored(to stream: ResultStream) {
        guard !report.ignored.isEmpty else { return }
        stream.heading("Ignored, because nothing in the model depends on it")
        var table = TextTable(left: [0, 2])
        for field in report.ignored {
            table.add([field.path, Phrase.count(field.count, "time"), "(first \(field.first.fileAndLine))"])
        }
        stream.table(table)
    }

    private func writeCounts(to stream: ResultStream) {
        let parts = [
            Phrase.count(report.assumed.count, "assumption"), "\(report.guessed.count) guessed",
            "\(Phrase.count(report.ignored.count, "kind")) of fields ignored",
        ]
        stream.line("Not listed: \(parts.joined(separator: ", ")). See them: rehearse check \(path) --verbose")
    }
}
