import Advice
import Statistics
import Wording

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

    func write(_ format: OutputFormat, to stream: ResultStream) {
        if format.isText { page.write(to: stream) } else { format.write(document, to: stream) }
        stream.flush()
    }

    private var page: Page {
        var page = Page()
        page.answer(answer)
        page.paragraph(title)
        for section in sections {
            page.heading(section.heading)
            for text in section.text { page.paragraph(text) }
            page.table(section.header, section.rows, left: section.left)
            page.code(section.code)
        }
        for note in notes { page.paragraph(note) }
        return page
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
