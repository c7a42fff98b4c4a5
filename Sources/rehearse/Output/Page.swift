/// A page for people: headings, paragraphs, tables. As text for a terminal, or as Markdown.
struct Page {
    private enum Block {
        case heading(String)
        case paragraph(String)
        case item(String)
        case table(TextTable)
    }

    private var blocks: [Block] = []

    mutating func heading(_ text: String) { blocks.append(.heading(text)) }
    mutating func paragraph(_ text: String) { blocks.append(.paragraph(text)) }
    mutating func item(_ text: String) { blocks.append(.item(text)) }

    /// Without rows nothing. The first column stands left, and those named; the others right.
    mutating func table(_ header: [String], _ rows: [[String]], left: Set<Int> = [0]) {
        guard !rows.isEmpty else { return }
        var table = TextTable(header: header, left: left)
        rows.forEach { table.add($0) }
        blocks.append(.table(table))
    }

    func write(to stream: ResultStream) {
        for (index, block) in blocks.enumerated() {
            if index > 0, !stream.isMarkdown, !areItems(block, blocks[index - 1]) { stream.line() }
            switch block {
            case .heading(let text): stream.heading(text)
            case .paragraph(let text): stream.paragraph(text, width: 110)
            case .item(let text) where stream.isMarkdown: stream.write("- \(MarkdownText.escaped(text))\n")
            case .item(let text): stream.paragraph("- \(text)", width: 106, indent: 2, hanging: 2)
            case .table(let table): stream.table(table)
            }
        }
    }

    /// Items stand close to each other.
    private func areItems(_ one: Block, _ other: Block) -> Bool {
        if case .item = one, case .item = other { true } else { false }
    }
}
