/// Reports as one HTML file that needs nothing else: no script, no request, styles and drawings inside.
package struct HTMLPage {
    private let reports: [Report]
    /// Nil leaves the charts out; their numbers are there all the same.
    private let gnuplot: Gnuplot?

    package init(_ reports: [Report], gnuplot: Gnuplot?) {
        self.reports = reports
        self.gnuplot = gnuplot
    }

    package func text() throws(Gnuplot.Failure) -> String {
        let title = reports.first?.title ?? "Rehearse"
        var body: [String] = []
        var figures = 0
        if reports.count > 1 { body.append(contents) }
        for (index, report) in reports.enumerated() { body.append(try article(report, index, &figures)) }
        // The policy is the promise kept by the browser: nothing is fetched and nothing is executed.
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; \
            img-src data:">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="referrer" content="no-referrer">
            <meta name="generator" content="rehearse">
            <link rel="icon" href="data:,">
            <title>\(Markup.escaped(title))</title>
            <style>
            \(Palette.variables)
            \(HTMLPage.style)
            </style>
            </head>
            <body>
            <main>
            \(body.joined(separator: "\n"))
            </main>
            </body>
            </html>

            """
    }

    private var contents: String {
        let items = reports.enumerated().map { index, report in
            "<li><a href=\"#report-\(index + 1)\">\(Markup.escaped(report.title))</a>: "
                + "\(Markup.escaped(report.answer.first ?? ""))</li>"
        }
        return "<nav aria-label=\"Reports\"><ol>\n\(items.joined(separator: "\n"))\n</ol></nav>"
    }

    private func article(_ report: Report, _ index: Int, _ figures: inout Int) throws(Gnuplot.Failure) -> String {
        var parts = ["<article id=\"report-\(index + 1)\">", "<h1>\(Markup.escaped(report.title))</h1>"]
        if let question = report.question { parts.append("<p class=\"question\">\(Markup.escaped(question))</p>") }
        parts.append("<div class=\"answer\">")
        parts += report.answer.map { "<p>\(Markup.escaped($0))</p>" }
        parts.append("</div>")
        parts += [reproduction(report), assumptions(report)]
        parts.append(folded("What is not modelled", report.notModelled))
        parts.append(list("How far this was validated", report.validation))
        for section in report.sections {
            parts.append("<section>\n<h2>\(Markup.escaped(section.heading))</h2>")
            for block in section.blocks { parts.append(try markup(block, &figures)) }
            parts.append("</section>")
        }
        parts.append("</article>")
        return parts.filter { !$0.isEmpty }.joined(separator: "\n")
    }

    private func reproduction(_ report: Report) -> String {
        guard !report.reproduction.isEmpty else { return "" }
        let facts = report.reproduction.map { fact in
            let value = Markup.escaped(fact.value)
            return "<dt>\(Markup.escaped(fact.name))</dt><dd>\(fact.isCode ? "<code>\(value)</code>" : value)</dd>"
        }
        return "<section>\n<h2>What repeats it</h2>\n<dl>\n\(facts.joined(separator: "\n"))\n</dl>\n</section>"
    }

    private func assumptions(_ report: Report) -> String {
        guard !report.assumptions.isEmpty else { return "" }
        let guesses = report.assumptions.filter(\.isGuess)
        let others = report.assumptions.filter { !$0.isGuess }
        var parts = ["<section>", "<h2>What is assumed</h2>"]
        if guesses.isEmpty {
            parts.append("<p>No number behind this is a guess.</p>")
        } else {
            let count = guesses.count == 1 ? "One number" : "\(guesses.count) numbers"
            let noun = guesses.count == 1 ? "is a guess: nobody measured it" : "are guesses: nobody measured them"
            parts.append("<details><summary>\(count) behind this \(noun) here.</summary>")
            parts.append(markup(AssumptionTable.of(guesses)))
            parts.append("</details>")
        }
        if !others.isEmpty {
            parts.append("<details><summary>\(others.count) more, with their sources</summary>")
            parts.append(markup(AssumptionTable.of(others)))
            parts.append("</details>")
        }
        return (parts + ["</section>"]).joined(separator: "\n")
    }

    private func list(_ heading: String, _ statements: [String]) -> String {
        guard !statements.isEmpty else { return "" }
        return "<section>\n<h2>\(Markup.escaped(heading))</h2>\n\(list(statements))\n</section>"
    }

    /// Long and much the same in every report: what was found is to be seen without a scroll past it.
    private func folded(_ heading: String, _ statements: [String]) -> String {
        guard !statements.isEmpty else { return "" }
        return
            "<section>\n<h2>\(Markup.escaped(heading))</h2>\n<details><summary>\(statements.count) things</summary>\n"
            + "\(list(statements))\n</details>\n</section>"
    }

    private func list(_ statements: [String]) -> String {
        let items = statements.map { "<li>\(Markup.escaped($0))</li>" }
        return "<ul>\n\(items.joined(separator: "\n"))\n</ul>"
    }

    private func markup(_ block: Report.Block, _ figures: inout Int) throws(Gnuplot.Failure) -> String {
        switch block {
        case .paragraph(let text): return "<p>\(Markup.escaped(text))</p>"
        case .list(let items): return list(items)
        case .code(let lines):
            // Keyboards must reach what scrolls.
            return "<pre tabindex=\"0\"><code>\(lines.map(Markup.escaped).joined(separator: "\n"))</code></pre>"
        case .table(let table): return markup(table)
        case .figure(let figure):
            figures += 1
            return try markup(figure, number: figures)
        }
    }

    private func markup(_ figure: Report.Figure, number: Int) throws(Gnuplot.Failure) -> String {
        var parts = ["<figure>", "<figcaption><b>\(Markup.escaped(figure.title))</b>"]
        parts.append("<span>\(Markup.escaped(figure.description))</span></figcaption>")
        if let gnuplot {
            let drawing = ThemedDrawing(
                identifier: "figure-\(number)", title: figure.title, description: figure.description,
                height: figure.chart.height)
            let legend = figure.chart.legend.map { ink, name in
                "<li style=\"--ink:var(--\(ink.rawValue))\">\(Markup.escaped(name))</li>"
            }
            if !legend.isEmpty { parts.append("<ul class=\"legend\">\(legend.joined())</ul>") }
            parts.append(drawing.markup(of: try gnuplot.draw(ChartScript(chart: figure.chart).text)))
        }
        parts.append("<details\(gnuplot == nil ? " open" : "")><summary>The numbers</summary>")
        parts += [markup(figure.numbers), "</details>", "</figure>"]
        return parts.joined(separator: "\n")
    }

    private func markup(_ table: Report.Table) -> String {
        func row(_ cells: [String], _ tag: String) -> String {
            let marked = cells.enumerated().map { column, cell in
                let element = column == 0 && tag == "td" ? "th scope=\"row\"" : tag == "th" ? "th scope=\"col\"" : "td"
                let name = element.prefix { $0 != " " }
                let alignment = table.left.contains(column) ? "" : " class=\"n\""
                return "<\(element)\(alignment)>\(Markup.escaped(cell))</\(name)>"
            }
            return "<tr>\(marked.joined())</tr>"
        }
        let head = table.header.isEmpty ? "" : "<thead>\(row(table.header, "th"))</thead>\n"
        let body = table.rows.map { row($0, "td") }.joined(separator: "\n")
        // Keyboards must reach what scrolls.
        return "<div class=\"table\" tabindex=\"0\"><table>\n\(head)<tbody>\n\(body)\n</tbody></table></div>"
    }
}

/// Assumptions as rows.
enum AssumptionTable {
    static func of(_ assumptions: [Report.Assumption]) -> Report.Table {
        Report.Table(
            header: ["Setting", "Value", "Source"], rows: assumptions.map { [$0.subject, $0.value, $0.source] },
            left: [0, 1, 2])
    }
}
