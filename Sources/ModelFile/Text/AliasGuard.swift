/// Refuses the uses of YAML aliases that would make the parser itself expand them.
///
/// The parser compares mapping keys by their whole content, so an alias inside a key lets a small file ask for
/// exponential work before any bound on the expanded tree can act. Aliases as values share their storage and cost
/// nothing. No manifest needs the former, so they are refused from the text, line by line. What stands in scripts and
/// sentences is left alone.
struct AliasGuard {
    private let characters: [Unicode.Scalar]

    init(line: YAMLStructure.Line) { characters = line }

    /// The first offending column of a text, as (line, column), both from 1; nil where all aliases are plain values.
    static func firstRefused(in text: String) -> (line: Int, column: Int)? {
        guard text.utf8.contains(UInt8(ascii: "&")), text.utf8.contains(UInt8(ascii: "*")) else { return nil }
        var structure = YAMLStructure()
        let lines = YAMLStructure.lines(of: text).map { structure.next($0) }
        guard lines.contains(where: { AliasGuard(line: $0).marks("&") }),
            lines.contains(where: { AliasGuard(line: $0).marks("*") })
        else { return nil }
        for (index, line) in lines.enumerated() {
            if let column = AliasGuard(line: line).refusedColumn() { return (index + 1, column + 1) }
        }
        return nil
    }

    /// True where the line has a token that may be an anchor or an alias.
    private func marks(_ indicator: Unicode.Scalar) -> Bool {
        characters.indices.contains { startsToken(at: $0, indicator) }
    }

    private func startsToken(at index: Int, _ indicator: Unicode.Scalar) -> Bool {
        guard characters[index] == indicator, index + 1 < characters.count, isName(characters[index + 1]) else {
            return false
        }
        return index == 0 || !isName(characters[index - 1])
    }

    private func refusedColumn() -> Int? {
        for index in characters.indices {
            if startsToken(at: index, "*"), !isWholeValue(at: index) { return index }
            if isComplexKey(at: index) { return index }
        }
        return nil
    }

    /// An alias that is all of a value: after `key: ` or `- `, and nothing behind it.
    private func isWholeValue(at index: Int) -> Bool {
        guard let before = characters[..<index].lastIndex(where: { !isSpace($0) }),
            characters[before] == ":" || characters[before] == "-"
        else { return false }
        var end = index + 1
        while end < characters.count, isName(characters[end]) { end += 1 }
        guard let after = characters[end...].firstIndex(where: { !isSpace($0) }) else { return true }
        return [",", "}", "]", "#", "\r"].contains(characters[after])
    }

    /// `? key`, or a flow collection used as a key.
    private func isComplexKey(at index: Int) -> Bool {
        switch characters[index] {
        case "?":
            return index == 0 || isSpace(characters[index - 1]) || ["[", "{", ","].contains(characters[index - 1])
        case "]", "}":
            guard let after = characters[(index + 1)...].firstIndex(where: { !isSpace($0) }) else { return false }
            return characters[after] == ":"
        default: return false
        }
    }

    private func isSpace(_ character: Unicode.Scalar) -> Bool {
        character == " " || character == "\t" || character == "\r"
    }

    private func isName(_ character: Unicode.Scalar) -> Bool {
        character.properties.isAlphabetic || character.properties.numericType != nil || character == "_"
            || character == "-"
    }
}
