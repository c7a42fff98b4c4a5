/// Tells, line by line, the structure of a YAML text from the texts in it, so that signs of structure are not looked
/// for in a script or a sentence.
///
/// It follows what manifests are written in: block mappings and lists, plain, quoted and block scalars, flow
/// collections. Where a line is anything else it is lost, and takes all that follows for structure: it must never take
/// structure for text, because whoever wants to hide structure writes what it does not follow.
struct YAMLStructure {
    typealias Line = [Unicode.Scalar]

    /// A block scalar, or a plain scalar that may go on: lines deeper than `parent` belong to it. A block scalar's
    /// first line says how deep the others are.
    private struct Text {
        var isBlock: Bool
        var parent: Int
        var indentation: Int?
    }

    private var isLost = false
    private var text: Text?
    private var quote: Unicode.Scalar?
    private var depth = 0
    /// In a flow collection: a scalar may begin here, and the last one was quoted.
    private var mayBegin = true
    private var wasQuoted = false

    /// The lines of a text: YAML knows more line breaks than one.
    static func lines(of text: String) -> [Line] {
        var lines: [Line] = [[]]
        var last: Unicode.Scalar = " "
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n" where last == "\r": break
            case "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}": lines.append([])
            default: lines[lines.count - 1].append(scalar)
            }
            last = scalar
        }
        return lines
    }

    /// The next line with its texts blanked out: what is left is structure, or may be.
    mutating func next(_ line: Line) -> Line {
        guard !isLost else { return line }
        let indentation = line.firstIndex { $0 != " " } ?? line.count
        if let kept = continued(line, indentation) { return kept }
        var cursor = Cursor(line: line, at: indentation)
        if quote != nil || depth > 0 { finishFlow(&cursor) } else { readBlock(&cursor) }
        if cursor.isDone { cursor.blankRest() }
        return isLost ? line : cursor.line
    }

    // MARK: Texts of several lines

    /// What is left of a line that belongs to the scalar above it; nil where it does not.
    private mutating func continued(_ line: Line, _ indentation: Int) -> Line? {
        guard var text else { return nil }
        if line.allSatisfy({ $0 == " " || $0 == "\t" }) { return [] }
        if text.isBlock, text.indentation == nil, indentation > text.parent { text.indentation = indentation }
        guard indentation > text.parent, indentation >= text.indentation ?? 0 else {
            self.text = nil
            return nil
        }
        self.text = text
        if text.isBlock { return [] }
        let rest = Cursor(line: line, at: indentation)
        guard rest.here != "#", !rest.hasKey else {
            isLost = true
            return line
        }
        return []
    }

    // MARK: Block collections

    private mutating func readBlock(_ cursor: inout Cursor) {
        if cursor.isDone { return }
        guard !cursor.isDocumentMark else { return }
        var parent: Int?
        while cursor.here == "-", cursor.isBlank(after: 1) {
            parent = cursor.position
            cursor.skip(1)
        }
        if cursor.isDone { return }
        let start = cursor.position
        if cursor.here == "\"" || cursor.here == "'" {
            readQuoted(&cursor)
            guard quote == nil, !cursor.isDone else { return }
            guard cursor.here == ":", cursor.isBlank(after: 1) else { return lose() }
            cursor.skip(1)
            parent = start
        } else if cursor.beginsPlain, let colon = cursor.keyEnd {
            cursor.skip(colon + 1 - cursor.position)
            parent = start
        }
        readValue(&cursor, parent)
    }

    private mutating func readValue(_ cursor: inout Cursor, _ parent: Int?) {
        while cursor.here == "&" || cursor.here == "!" {
            guard cursor.skipName() else { return lose() }
        }
        guard let here = cursor.here, !cursor.isDone else { return }
        guard let parent else {
            if here == "{" || here == "[" { return finishFlow(&cursor) }
            return lose()
        }
        switch here {
        case "|", ">":
            guard let digit = cursor.blockHeader() else { return lose() }
            text = Text(isBlock: true, parent: parent, indentation: digit.map { parent + $0 })
        case "\"", "'":
            readQuoted(&cursor)
            if quote == nil, !cursor.isDone { lose() }
        case "{", "[": finishFlow(&cursor)
        case "*":
            if !cursor.skipName() || !cursor.isDone { lose() }
        default:
            guard cursor.beginsPlain, !cursor.hasKey else { return lose() }
            cursor.blankRest()
            text = Text(isBlock: false, parent: parent)
        }
    }

    // MARK: Quotes and flow collections

    /// From an opening quote, or the middle of a quoted text, to its end or that of the line.
    private mutating func readQuoted(_ cursor: inout Cursor) {
        if quote == nil {
            quote = cursor.here
            cursor.skip(1, blanks: false)
        }
        while let here = cursor.here {
            if here == "\\", quote == "\"" {
                cursor.blank(2)
            } else if here == "'", quote == "'", cursor.next == "'" {
                cursor.blank(2)
            } else if here == quote {
                quote = nil
                cursor.skip(1)
                return
            } else {
                cursor.blank(1)
            }
        }
    }

    /// From anywhere in a quoted text or a flow collection to the end of both, or that of the line.
    private mutating func finishFlow(_ cursor: inout Cursor) {
        if quote != nil {
            readQuoted(&cursor)
            (mayBegin, wasQuoted) = (false, true)
        }
        while quote == nil, depth > 0 || cursor.here == "{" || cursor.here == "[", !cursor.isDone {
            guard readFlow(&cursor) else { return lose() }
        }
        if quote == nil, depth == 0, !cursor.isDone { lose() }
    }

    /// One sign of a flow collection; false where it can't be told what it is.
    private mutating func readFlow(_ cursor: inout Cursor) -> Bool {
        guard let here = cursor.here else { return true }
        let begins = mayBegin
        let followsQuote = wasQuoted
        (mayBegin, wasQuoted) = (false, false)
        switch here {
        case "{", "[":
            depth += 1
            mayBegin = true
        case "}", "]": depth -= 1
        case ",": mayBegin = true
        case ":": mayBegin = followsQuote || cursor.isBlank(after: 1)
        case "\"", "'":
            guard begins else { return false }
            readQuoted(&cursor)
            wasQuoted = quote == nil
            return true
        case "&", "!":
            guard begins else { break }
            mayBegin = true
            return cursor.skipName()
        default: break
        }
        cursor.skip(1)
        return true
    }

    private mutating func lose() { isLost = true }
}
