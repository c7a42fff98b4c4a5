import Wording

/// What results for people are made of, beside lines.
extension ResultStream {
    /// A statement that leads, over as many lines as it needs.
    func answer(_ text: String) {
        if isMarkdown {
            write("**\(MarkdownText.escaped(Console.unstyled(text)))**\n\n")
        } else {
            for words in Phrase.wrapped(text) { line(Console.heading(words)) }
        }
    }

    func item(_ text: String) {
        if isMarkdown {
            write("- \(MarkdownText.escaped(Console.unstyled(text)))\n")
        } else {
            paragraph("- \(text)", width: 106, indent: 2, hanging: 2)
        }
    }

    func heading(_ text: String) {
        if isMarkdown {
            write("## \(MarkdownText.escaped(Console.unstyled(text)))\n\n")
        } else {
            line(Console.heading(text))
        }
    }

    /// Words over as many lines as they need.
    ///
    /// - Parameter hanging: how much further the second line and those after it are indented.
    func paragraph(_ text: String, width: Int = 100, indent: Int = 0, hanging: Int = 0) {
        guard !isMarkdown else { return line(text) }
        for (index, words) in Phrase.wrapped(text, width: width).enumerated() {
            line(String(repeating: " ", count: indent + (index == 0 ? 0 : hanging)) + words)
        }
    }

    func table(_ table: TextTable, indent: Int = 2) {
        if isMarkdown {
            for line in table.markdown() { write(Console.unstyled(line) + "\n") }
            write("\n")
        } else {
            for (index, text) in table.lines(indent: indent).enumerated() {
                line(index == 0 && table.hasHeader ? Console.heading(text) : text)
            }
        }
    }

    /// Lines to be copied: commands, YAML.
    func code(_ lines: [String]) {
        if isMarkdown {
            for line in MarkdownText.block(lines.map(Console.unstyled)) { write(line + "\n") }
            write("\n")
        } else {
            for text in lines { line("      \(text)") }
        }
    }
}
