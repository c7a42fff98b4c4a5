/// Reports as Markdown (GitHub's dialect): the same in words and tables, a chart as its numbers.
package struct MarkdownPage {
    private let reports: [Report]

    package init(_ reports: [Report]) { self.reports = reports }

    package var text: String { reports.map(text).joined(separator: "\n") }

    private func text(of report: Report) -> String {
        var parts = ["# \(Self.escaped(report.title))"]
        if let question = report.question { parts.append("*\(Self.escaped(question))*") }
        for (index, statement) in report.answer.enumerated() {
            parts.append(index == 0 ? "**\(Self.escaped(statement))**" : Self.escaped(statement))
        }
        if !report.reproduction.isEmpty {
            parts.append("## What repeats it")
            parts.append(
                report.reproduction.map { fact in
                    "- \(Self.escaped(fact.name)): \(fact.isCode ? code(fact.value) : Self.escaped(fact.value))"
                }.joined(separator: "\n"))
        }
        if !report.assumptions.isEmpty {
            parts += ["## What is assumed", "Guesses first.", table(AssumptionTable.of(report.assumptions))]
        }
        if !report.notModelled.isEmpty { parts += ["## What is not modelled", list(report.notModelled)] }
        if !report.validation.isEmpty { parts += ["## How far this was validated", list(report.validation)] }
        for section in report.sections {
            parts.append("## \(Self.escaped(section.heading))")
            parts += section.blocks.flatMap(blocks)
        }
        return parts.joined(separator: "\n\n") + "\n"
    }

    private func blocks(_ block: Report.Block) -> [String] {
        switch block {
        case .paragraph(let text): [Self.escaped(text)]
        case .list(let items): [list(items)]
        case .table(let rows): [table(rows)]
        case .figure(let figure):
            ["### \(Self.escaped(figure.title))", Self.escaped(figure.description), table(figure.numbers)]
        }
    }

    private func list(_ items: [String]) -> String { items.map { "- \(Self.escaped($0))" }.joined(separator: "\n") }

    private func table(_ table: Report.Table) -> String {
        func row(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |" }
        let columns = max(table.header.count, table.rows.map(\.count).max() ?? 0)
        let header = table.header.isEmpty ? [String](repeating: "", count: columns) : table.header
        let rule = (0..<columns).map { table.left.contains($0) ? "---" : "---:" }
        return ([row(header.map(Self.escaped)), row(rule)] + table.rows.map { row($0.map(Self.escaped)) })
            .joined(separator: "\n")
    }

    /// Text in which nothing is markup, on one line.
    static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\", "`", "*", "_", "[", "]", "#", "|", "~": escaped += "\\\(scalar)"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "&": escaped += "&amp;"
            case "\u{0}"..<"\u{20}", "\u{7f}"..<"\u{a0}", "\u{2028}", "\u{2029}": escaped += " "
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    /// A code span whose fence is longer than any run of backquotes in it.
    private func code(_ text: String) -> String {
        let longest = text.split(whereSeparator: { $0 != "`" }).map(\.count).max() ?? 0
        let fence = String(repeating: "`", count: longest + 1)
        let padding = longest > 0 ? " " : ""
        let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
        return "\(fence)\(padding)\(line)\(padding)\(fence)"
    }
}
