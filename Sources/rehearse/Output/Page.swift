/// A page for people: headings, paragraphs, tables. As text for a terminal, or as Markdown.
struct Page {
    private enum Block {
        case heading(String)
        case paragraph(String)
        case item(String)
        case table(header: [String], rows: [[String]], left: Set<Int>)
    }

    private var blocks: [Block] = []

    mutating func heading(_ text: String) { blocks.append(.heading(text)) }
    mutating func paragraph(_ text: String) { blocks.append(.paragraph(text)) }
    mutating func item(_ text: String) { blocks.append(.item(text)) }

    /// Without rows nothing. The first column stands left, and those named; the others right.
    mutating func table(_ header: [String], _ rows: [[String]], left: Set<Int> = [0]) {
        if !rows.isEmpty { blocks.append(.table(header: header, rows: rows, left: left)) }
    }

    func writeText(to stream: ResultStream) {
        var lastWasItem = false
        for (index, block) in blocks.enumerated() {
            let isItem = if case .item = block { true } else { false }
            if index > 0, !(isItem && lastWasItem) { stream.line() }
            lastWasItem = isItem
            switch block {
            case .heading(let text): stream.line(Console.heading(text))
            case .paragraph(let text): Phrase.wrapped(text, width: 110).forEach { stream.line($0) }
            case .item(let text):
                for (number, line) in Phrase.wrapped(text, width: 106).enumerated() {
                    stream.line((number == 0 ? "  - " : "    ") + line)
                }
            case .table(let header, let rows, let left):
                var table = TextTable(header: header, left: left)
                rows.forEach { table.add($0) }
                table.lines().forEach { stream.line($0) }
            }
        }
    }

    /// The first heading is the title.
    func writeMarkdown(to stream: ResultStream) {
        var hasTitle = false
        var lastWasItem = false
        for (index, block) in blocks.enumerated() {
            let isItem = if case .item = block { true } else { false }
            if index > 0, !(isItem && lastWasItem) { stream.write("\n") }
            lastWasItem = isItem
            switch block {
            case .heading(let text):
                stream.write("\(hasTitle ? "##" : "#") \(Page.escaped(text))\n")
                hasTitle = true
            case .paragraph(let text): stream.write(Page.escaped(text) + "\n")
            case .item(let text): stream.write("- " + Page.escaped(text) + "\n")
            case .table(let header, let rows, let left):
                stream.write(Page.row(header))
                stream.write(Page.row(header.indices.map { left.contains($0) ? ":---" : "---:" }, isRule: true))
                rows.forEach { stream.write(Page.row($0)) }
            }
        }
    }

    private static func row(_ cells: [String], isRule: Bool = false) -> String {
        "| " + cells.map { isRule ? $0 : escaped($0) }.joined(separator: " | ") + " |\n"
    }

    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for character in text {
            if "\\|*_`<>".contains(character) { escaped.append("\\") }
            escaped.append(character)
        }
        return escaped
    }
}
