/// A page for people: an answer, headings, paragraphs, tables, code. As text for a terminal, or as Markdown.
struct Page {
    private enum Block {
        case answer(String)
        case heading(String)
        case paragraph(String)
        case item(String)
        case table(TextTable)
        case code([String])
    }

    private var blocks: [Block] = []

    /// The one statement that everything else carries; printed as strong as a heading.
    mutating func answer(_ text: String) { blocks.append(.answer(text)) }
    mutating func heading(_ text: String) { blocks.append(.heading(text)) }
    mutating func paragraph(_ text: String) { blocks.append(.paragraph(text)) }
    mutating func item(_ text: String) { blocks.append(.item(text)) }

    /// Without rows nothing. The first column stands left, and those named; the others right.
    mutating func table(_ header: [String], _ rows: [[String]], left: Set<Int> = [0]) {
        guard !rows.isEmpty else { return }
        var table = TextTable(header: header, left: left.union([0]))
        rows.forEach { table.add($0) }
        blocks.append(.table(table))
    }

    /// Lines to be copied as they are; without lines nothing.
    mutating func code(_ lines: [String]) { if !lines.isEmpty { blocks.append(.code(lines)) } }

    func write(to stream: ResultStream) {
        for (index, block) in blocks.enumerated() {
            if index > 0 { separate(blocks[index - 1], block, on: stream) }
            switch block {
            case .answer(let text): stream.answer(text)
            case .heading(let text): stream.heading(text)
            case .paragraph(let text): stream.paragraph(text, width: 110)
            case .item(let text): stream.item(text)
            case .table(let table): stream.table(table)
            case .code(let lines): stream.code(lines)
            }
        }
    }

    /// A terminal has a blank line between blocks, but for what belongs close together; Markdown's blocks end with one
    /// themselves, but for items.
    private func separate(_ one: Block, _ other: Block, on stream: ResultStream) {
        switch (one, other) {
        case (.item, .item): break
        case (.item, _): if stream.isMarkdown { stream.write("\n") } else { stream.line() }
        case (.heading, _), (.answer, .paragraph): break
        default: if !stream.isMarkdown { stream.line() }
        }
    }
}
