/// Text in HTML and SVG.
enum Markup {
    /// For element content and for attributes in double quotes. What XML cannot hold becomes a question mark.
    static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "\u{0}"..<"\u{9}", "\u{b}"..<"\u{d}", "\u{e}"..<"\u{20}", "\u{7f}"..<"\u{a0}": escaped += "?"
            // Marks that turn the direction of what follows would let a name rewrite the page around it.
            case "\u{202a}"..."\u{202e}", "\u{2066}"..."\u{2069}": escaped += "?"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
