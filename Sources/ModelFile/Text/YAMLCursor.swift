extension YAMLStructure {
    /// A place in a line, and what can be told of what follows it.
    struct Cursor {
        private(set) var line: Line
        private(set) var position: Int

        init(line: Line, at position: Int) {
            self.line = line
            self.position = position
        }

        var here: Unicode.Scalar? { position < line.count ? line[position] : nil }
        var next: Unicode.Scalar? { position + 1 < line.count ? line[position + 1] : nil }

        /// Nothing follows, or a comment, which ends the line.
        var isDone: Bool {
            guard let here else { return true }
            return here == "#" && (position == 0 || Self.isBlank(line[position - 1]))
        }

        /// `---` or `...` alone.
        var isDocumentMark: Bool {
            position == 0 && line.count == 3 && (line == ["-", "-", "-"] || line == [".", ".", "."])
        }

        /// A plain scalar begins with no sign of YAML's, of which it keeps some for itself.
        var beginsPlain: Bool {
            guard let here else { return false }
            if here == "-" || here == "?" || here == ":" { return !isBlank(after: 1) && here != "?" }
            return !"\"'{}[],#&*!|>%@`\t".unicodeScalars.contains(here)
        }

        /// The colon behind a plain key.
        var keyEnd: Int? {
            for index in position..<line.count {
                if line[index] == "#", index > 0, Self.isBlank(line[index - 1]) { return nil }
                if line[index] == ":", index + 1 == line.count || Self.isBlank(line[index + 1]) { return index }
            }
            return nil
        }

        var hasKey: Bool { keyEnd != nil }

        func isBlank(after count: Int) -> Bool {
            position + count >= line.count || Self.isBlank(line[position + count])
        }

        private static func isBlank(_ scalar: Unicode.Scalar) -> Bool { scalar == " " || scalar == "\t" }

        mutating func skip(_ count: Int, blanks: Bool = true) {
            position += count
            while blanks, let here, Self.isBlank(here) { position += 1 }
        }

        /// Over an anchor, a tag or an alias and the blanks behind it; false where it holds anything unusual.
        mutating func skipName() -> Bool {
            position += 1
            while let here, here.isASCII,
                here.properties.isAlphabetic || here.properties.numericType != nil
                    || ["_", "-", "!", "/", "."].contains(here)
            {
                position += 1
            }
            guard let here, !Self.isBlank(here) else {
                skip(0)
                return true
            }
            return [",", "]", "}"].contains(here)
        }

        /// Blanks out what a text holds.
        mutating func blank(_ count: Int) {
            let end = min(position + count, line.count)
            for index in position..<end { line[index] = " " }
            position = end
        }

        mutating func blankRest() { blank(line.count - position) }

        /// Reads `|`, `>-`, `|2+` to the end of the line: the digit, if any. Nil where it is no header.
        mutating func blockHeader() -> Int?? {
            var digit: Int?
            skip(1, blanks: false)
            while let here, !Self.isBlank(here) {
                if digit == nil, let value = Int(String(here)), value > 0 {
                    digit = value
                } else if here != "+", here != "-" {
                    return .none
                }
                position += 1
            }
            skip(0)
            return isDone ? .some(digit) : .none
        }
    }
}
