import Wording

/// Reports as Markdown (GitHub's dialect): the same in words and tables, a chart as its numbers.
package struct MarkdownPage {
    private let reports: [Report]

    package init(_ reports: [Report]) { self.reports = reports }

    package var text: String { reports.map(text).joined(separator: "\n") }

    private func text(of report: Report) -> String {
        var parts = ["# \(escaped(report.title))"]
        if let question = report.question { parts.append("*\(escaped(question))*") }
        for (index, statement) in report.answer.enumerated() {
            parts.append(index == 0 ? "**\(escaped(statement))**" : escaped(statement))
        }
        if !report.reproduction.isEmpty {
            parts.append("## What repeats it")
            parts.append(
                report.reproduction.map { fact in
                    "- \(escaped(fact.name)): \(fact.isCode ? MarkdownText.code(fact.value) : escaped(fact.value))"
                }.joined(separator: "\n"))
        }
        if !report.assumptions.isEmpty {
            parts += ["## What is assumed", "Guesses first.", table(AssumptionTable.of(report.assumptions))]
        }
        if !report.notModelled.isEmpty { parts += ["## What is not modelled", list(report.notModelled)] }
        if !report.validation.isEmpty { parts += ["## How far this was validated", list(report.validation)] }
        for section in report.sections {
            parts.append("## \(escaped(section.heading))")
            parts += section.blocks.flatMap(blocks)
        }
        return parts.joined(separator: "\n\n") + "\n"
    }

    private func blocks(_ block: Report.Block) -> [String] {
        switch block {
        case .paragraph(let text): [escaped(text)]
        case .list(let items): [list(items)]
        case .code(let lines): [MarkdownText.block(lines).joined(separator: "\n")]
        case .table(let rows): [table(rows)]
        case .figure(let figure):
            ["### \(escaped(figure.title))", escaped(figure.description), table(figure.numbers)]
        }
    }

    private func list(_ items: [String]) -> String { items.map { "- \(escaped($0))" }.joined(separator: "\n") }

    private func escaped(_ text: String) -> String { MarkdownText.escaped(text) }

    private func table(_ table: Report.Table) -> String {
        MarkdownText.table(header: table.header, rows: table.rows, left: table.left).joined(separator: "\n")
    }
}
