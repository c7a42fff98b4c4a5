/// Texts from files, made safe to print: a file must not be able to move a terminal's cursor, change its title or turn
/// the direction of writing.
package enum PrintableText {
    /// On one line: line breaks and tabs are blanks, and other signs that control a terminal are replaced by U+FFFD.
    package static func line(of text: String) -> String { replacing(in: text) { $0 == "\n" ? " " : nil } }

    /// The same with its lines.
    package static func lines(of text: String) -> String { replacing(in: text) { $0 == "\n" ? "\n" : nil } }

    private static func replacing(in text: String, _ kept: (Unicode.Scalar) -> Unicode.Scalar?) -> String {
        guard text.unicodeScalars.contains(where: isControl) else { return text }
        var printable = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if let kept = kept(scalar) {
                printable.append(kept)
            } else if scalar == "\t" || scalar == "\r" {
                printable.append(" ")
            } else {
                printable.append(isControl(scalar) ? "\u{FFFD}" : scalar)
            }
        }
        return String(printable)
    }

    /// Control characters of Unicode, separators of lines, and marks that embed, override or isolate a direction.
    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "\u{2028}", "\u{2029}", "\u{202A}"..."\u{202E}", "\u{2066}"..."\u{2069}": true
        default: scalar.properties.generalCategory == .control
        }
    }
}
