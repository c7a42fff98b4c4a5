import Advice
import Statistics

/// The answer to one question: a line that says it, tables that carry it, and the same for programs.
struct StudyReport {
    struct Section {
        var heading: String
        /// Paragraphs above the table.
        var text: [String] = []
        var header: [String] = []
        var rows: [[String]] = []
        /// Columns that stand left, beside the first.
        var left: Set<Int> = []
        /// Commands or YAML below it.
        var code: [String] = []
    }

    let title: String
    /// One line, first.
    let answer: String
    var sections: [Section]
    var notes: [String]
    let document: Document

    func write(_ format: StudyFormat, to stream: ResultStream) {
        switch format {
        case .table: writeText(to: stream)
        case .markdown: writeMarkdown(to: stream)
        case .json: JSONWriter(output: stream).write(document)
        case .yaml: YAMLWriter(output: stream).write(document)
        }
        stream.flush()
    }

    private func writeText(to stream: ResultStream) {
        for line in Phrase.wrapped(answer) { stream.line(Console.heading(line)) }
        stream.line(title)
        for section in sections {
            stream.line()
            stream.line(Console.heading(section.heading))
            for text in section.text { for line in Phrase.wrapped(text, width: 98) { stream.line("  \(line)") } }
            if !section.rows.isEmpty {
                var table = TextTable(header: section.header, left: section.left.union([0]))
                for row in section.rows { table.add(row) }
                for line in table.lines() { stream.line(line) }
            }
            for line in section.code { stream.line("      \(line)") }
        }
        if !notes.isEmpty { stream.line() }
        for note in notes { for line in Phrase.wrapped(note) { stream.line(line) } }
    }

    private func writeMarkdown(to stream: ResultStream) {
        stream.line("**\(StudyReport.escaped(answer))**")
        stream.line()
        stream.line(StudyReport.escaped(title))
        for section in sections {
            stream.line()
            stream.line("## \(StudyReport.escaped(section.heading))")
            for text in section.text {
                stream.line()
                stream.line(StudyReport.escaped(text))
            }
            if !section.rows.isEmpty {
                stream.line()
                writeMarkdownTable(section, to: stream)
            }
            if !section.code.isEmpty {
                stream.line()
                stream.line("```")
                for line in section.code { stream.line(line) }
                stream.line("```")
            }
        }
        for note in notes {
            stream.line()
            stream.line(StudyReport.escaped(note))
        }
    }

    private func writeMarkdownTable(_ section: Section, to stream: ResultStream) {
        let columns = section.rows.map(\.count).max() ?? 0
        func line(_ cells: [String]) -> String {
            "| " + (0..<columns).map { $0 < cells.count ? StudyReport.escaped(cells[$0]) : "" }.joined(separator: " | ")
                + " |"
        }
        stream.line(line(section.header))
        let rules = (0..<columns).map { $0 == 0 || section.left.contains($0) ? "---" : "---:" }
        stream.line("| " + rules.joined(separator: " | ") + " |")
        for row in section.rows { stream.line(line(row)) }
    }

    private static func escaped(_ text: String) -> String {
        String(text.flatMap { "|*_<>`".contains($0) ? ["\\", $0] : [$0] })
    }
}

/// Figures of studies as people read them.
extension Phrase {
    static func share(_ share: Share) -> String { "\(percent(share.value)) (\(percentInterval(share.interval)))" }

    static func estimate(ofDuration estimate: Estimate) -> String {
        let interval = estimate.interval
        guard interval.low.isFinite || interval.high.isFinite else { return duration(estimate.value) }
        if interval.low == interval.high { return duration(estimate.value) }
        return "\(duration(estimate.value)) (\(Phrase.interval(interval)))"
    }

    static func estimate(ofAmount estimate: Estimate) -> String {
        let interval = estimate.interval
        guard interval.isBounded, interval.low < interval.high else { return small(estimate.value) }
        return "\(small(estimate.value)) (\(small(max(0, interval.low))) to \(small(interval.high)))"
    }

    /// A number of which small ones matter too: three digits at least.
    static func small(_ value: Double) -> String {
        guard value.isFinite else { return "unbounded" }
        if value == 0 || value >= 1 { return amount(value) }
        if value < 0.0005 { return "under 0.001" }
        return Decimal.shortest(value, 3)
    }
}

/// Figures of studies for programs: times are ms.
extension Document {
    static func interval(_ interval: Interval, scale: Double, decimals: Int) -> Document {
        .list([.number(interval.low * scale, decimals: decimals), .number(interval.high * scale, decimals: decimals)])
    }

    static func share(_ share: Share) -> Document {
        .object([
            ("count", .integer(share.count)), ("of", .integer(share.trials)),
            ("value", .number(share.value, decimals: 6)), ("interval", interval(share.interval, scale: 1, decimals: 6)),
        ])
    }

    static func estimate(_ estimate: Estimate, scale: Double = 1, decimals: Int = 6) -> Document {
        .object([
            ("value", .number(estimate.value * scale, decimals: decimals)),
            ("interval", interval(estimate.interval, scale: scale, decimals: decimals)),
        ])
    }

    static func durations(_ durations: Durations) -> Document {
        let values = durations.quantiles.map { (key: $0.name, value: milliseconds($0.estimate.value)) }
        let mean = durations.mean.map { [(key: "mean", value: milliseconds($0.value))] } ?? []
        let named = durations.quantiles + (durations.mean.map { [(name: "mean", estimate: $0)] } ?? [])
        let intervals = named.map {
            (key: $0.name, value: interval($0.estimate.interval, scale: 1e-6, decimals: 3))
        }
        return .object(
            [("count", .integer(durations.count)), ("unended", .integer(durations.unended))] + mean + values
                + [("intervals", .object(intervals))])
    }
}
