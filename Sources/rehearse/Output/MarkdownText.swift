/// Markdown as GitHub has it (GFM 0.29).
enum MarkdownText {
    /// A text in which nothing is markup.
    static func escaped(_ text: String) -> String {
        var escaped = ""
        for character in text.withoutTrailingBlanks.drop(while: { $0 == " " }) {
            if "\\`*_[]<>|#".contains(character) { escaped += "\\" }
            escaped.append(character)
        }
        return escaped
    }
}

/// What reports for people are made of, beside lines.
extension ResultStream {
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
}
