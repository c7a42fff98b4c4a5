import Wording

/// Reports as Markdown (GitHub's dialect): the same in words and tables, a chart as its numbers.
package struct MarkdownPage {
    private let reports: [Report]

    package init(_ reports: [Report]) { self.reports = reports }

    package var text: String { reports.map(text).joined(separator: "\n") }

    private func text(of report: Report) -> String {
        var parts = ["# \(MarkdownText.escaped(report.title))"]
        if let question = report.question { parts.append("*\(MarkdownText.escaped(question))*") }
        for (index, statement) in report.answer.enumerated() {
            parts.append(index == 0 ? "**\(MarkdownText.escaped(statement))**" : MarkdownText.escaped(statement))
        }
        if !report.reproduction.isEmpty {
            parts.append("## What repeats it")
            parts.append(
                report.reproduction.map { fact in
                    "- \(MarkdownText.escaped(fact.name)): \(fact.isCode ? MarkdownText.code(fact.value) : MarkdownText.escaped(fact.value))"
                }.joined(separator: "\n"))
        }
        if !report.assumptions.isEmpty {
            parts += ["## What is assumed", "Guesses first.", table(AssumptionTable.of(report.assumptions))]
        }
        if !report.notModelled.isEmpty { parts += ["## What is not modelled", list(report.notModelled)] }
        if !report.validation.isEmpty { parts += ["## How far this was validated", list(report.validation)] }
        for section in report.sections {
            parts.append("## \(MarkdownText.escaped(section.heading))")
            parts += section.blocks.flatMap(blocks)
        }
        return parts.joined(separator: "\n\n") + "\n"
    }

    private func blocks(_ block: Report.Block) -> [String] {
        switch block {
        case .paragraph(let text): [MarkdownText.escaped(text)]
        case .list(let items): [list(items)]
        case .code(let lines): [MarkdownText.block(lines).joined(separator: "\n")]
        case .table(let rows): [table(rows)]
        case .figure(let figure):
            ["### \(MarkdownText.escaped(figure.title))", MarkdownText.escaped(figure.description), table(figure.numbers)]
        }
    }

    private func list(_ items: [String]) -> String { items.map { "- \(MarkdownText.escaped($0))" }.joined(separator: "\n") }

    private func table(_ table: Report.Table) -> String {
        MarkdownText.table(header: table.header, rows: table.rows, left: table.left).joined(separator: "\n")
    }
}
