import Wording

/// A list of reports in Markdown: each with its answer in a line.
package struct ReportIndex {
    private let results: [ResultFile]

    package init(_ results: [ResultFile]) { self.results = results }

    package var text: String {
        let reports = ReportBuilder.reports(of: results)
        let rows = zip(results, reports).map { result, report in
            let name = ReportIndex.stem(result.name)
            let title = MarkdownText.escaped(report.title)
            return "| [\(title)](\(name).html) | \(MarkdownText.escaped(report.answer.first ?? "")) | "
                + "[\(name).json](\(name).json) |"
        }
        return """
            # Reports

            Each report answers one question. It opens with the question, then the answer with its interval, then what
            repeats it, then what was assumed, guesses first, what is not modelled, and what it was held against. The
            pages need nothing else: open them in any browser. They, and this list, are made of the
            results beside them.

            | Report | Its answer | Result |
            | --- | --- | --- |
            \(rows.joined(separator: "\n"))

            """
    }

    /// `reports/failover.json` as `failover`, fit for a link.
    private static func stem(_ path: String) -> String {
        let file = path.split(separator: "/").last.map(String.init) ?? path
        let stem = file.hasSuffix(".json") ? String(file.dropLast(5)) : file
        return String(stem.map { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) ? $0 : "-" })
    }
}
