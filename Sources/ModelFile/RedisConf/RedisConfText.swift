/// The lines of a redis.conf, each with its place, wherever the text came from.
struct RedisConfText {
    struct Line {
        var text: String
        /// Where the line's first character stands.
        var start: Place
        /// False where all lines share one place, as in a quoted JSON string.
        var hasColumns: Bool

        func place(column: Int) -> Place {
            guard hasColumns, case .file(let path, let line, let first) = start else { return start }
            return .file(path, line: line, column: first + column)
        }
    }

    var lines: [Line]

    /// A file of its own.
    init(file: SourceFile) {
        lines = Self.split(file.text).enumerated().map { index, text in
            Line(text: text, start: .file(file.path, line: index + 1, column: 1), hasColumns: true)
        }
    }

    /// A value of a ConfigMap. The lines of a literal block are those of the file, indented.
    init(value: YAMLNode, in file: SourceFile?) {
        let text = value.text ?? ""
        guard case .scalar(_, .block) = value.content, case .file(let path, let first, _) = value.place, let file else {
            lines = Self.split(text).map { Line(text: $0, start: value.place, hasColumns: false) }
            return
        }
        let raw = Self.split(file.text)
        lines = Self.split(text).enumerated().map { index, content in
            let line = first + index
            let written = line < raw.count ? raw[line] : content
            let indentation = max(0, written.unicodeScalars.count - content.unicodeScalars.count)
            return Line(text: content, start: .file(path, line: line + 1, column: indentation + 1), hasColumns: true)
        }
    }

    private static func split(_ text: String) -> [String] {
        text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }.map(String.init)
    }

    /// Splits a line into words as redis-server does (sds.c, sdssplitargs): double quotes with escapes, single quotes
    /// with only \', and white space. Nil where a quote is not closed or runs into another word.
    static func words(of line: String) -> [(text: String, column: Int)]? {
        var words: [(text: String, column: Int)] = []
        let characters = Array(line.unicodeScalars)
        var index = 0
        while true {
            while index < characters.count, characters[index].properties.isWhitespace { index += 1 }
            guard index < characters.count else { return words }
            let column = index
            guard let word = word(in: characters, from: &index) else { return nil }
            words.append((word, column))
        }
    }

    private static func word(in characters: [Unicode.Scalar], from index: inout Int) -> String? {
        var word = String.UnicodeScalarView()
        while index < characters.count, !characters[index].properties.isWhitespace {
            switch characters[index] {
            case "\"", "'":
                guard let quoted = quoted(in: characters, from: &index) else { return nil }
                word += quoted.unicodeScalars
                // The closing quote ends the word; anything attached to it is an error of the user's.
                if index < characters.count, !characters[index].properties.isWhitespace { return nil }
                return String(word)
            default:
                word.append(characters[index])
                index += 1
            }
        }
        return String(word)
    }

    private static func quoted(in characters: [Unicode.Scalar], from index: inout Int) -> String? {
        let quote = characters[index]
        var text = String.UnicodeScalarView()
        index += 1
        while index < characters.count {
            let character = characters[index]
            index += 1
            if character == quote { return String(text) }
            guard character == "\\", index < characters.count else {
                text.append(character)
                continue
            }
            let escaped = characters[index]
            if quote == "'" {
                guard escaped == "'" else {
                    text.append(character)
                    continue
                }
                text.append(escaped)
                index += 1
            } else {
                index += 1
                text.append(unescaped(escaped, in: characters, from: &index))
            }
        }
        return nil
    }

    private static func unescaped(
        _ escaped: Unicode.Scalar, in characters: [Unicode.Scalar], from index: inout Int
    ) -> Unicode.Scalar {
        switch escaped {
        case "n": return "\n"
        case "r": return "\r"
        case "t": return "\t"
        case "b": return "\u{8}"
        case "a": return "\u{7}"
        case "x":
            guard index + 1 < characters.count,
                let byte = UInt8(String(String.UnicodeScalarView(characters[index...(index + 1)])), radix: 16)
            else { return escaped }
            index += 2
            return Unicode.Scalar(byte)
        default: return escaped
        }
    }
}
