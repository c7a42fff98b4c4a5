import Wording

/// Columns of text, aligned by their widest cell. The first column stands left, the others right.
struct TextTable {
    private var rows: [[String]] = []
    /// Columns that stand left as well.
    private let leftColumns: Set<Int>
    /// The first row names the columns.
    let hasHeader: Bool

    init(header: [String] = [], left: Set<Int> = [0]) {
        leftColumns = left
        hasHeader = !header.isEmpty
        if hasHeader { rows.append(header) }
    }

    mutating func add(_ cells: [String]) { rows.append(cells) }

    private var columns: Int { rows.map(\.count).max() ?? 0 }

    /// Lines without blanks at their ends, each after `indent` blanks.
    func lines(indent: Int = 2) -> [String] {
        let widths = (0..<columns).map { column in rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0 }
        return rows.map { row in
            var line = String(repeating: " ", count: indent)
            for (column, cell) in row.enumerated() {
                if column > 0 { line += "  " }
                let padding = String(repeating: " ", count: widths[column] - cell.count)
                line += leftColumns.contains(column) ? cell + padding : padding + cell
            }
            while line.last == " " { line.removeLast() }
            return line
        }
    }

    /// The same as a table of Markdown.
    func markdown() -> [String] {
        MarkdownText.table(
            header: hasHeader ? rows[0] : [], rows: Array(rows.dropFirst(hasHeader ? 1 : 0)), left: leftColumns)
    }
}
