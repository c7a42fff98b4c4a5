/// One value of a YAML or JSON document, with its place. Anchors are expanded and merge keys applied.
struct YAMLNode {
    indirect enum Content {
        case scalar(String, Style)
        case mapping([Entry])
        case sequence([YAMLNode])
    }

    /// How a scalar was written: only a plain one can be null, and only a literal block has lines of its own.
    enum Style { case plain, quoted, block }

    struct Entry {
        var key: String
        var keyPlace: Place
        var value: YAMLNode
    }

    var content: Content
    var place: Place

    /// The text of a scalar; nil for a mapping, a sequence or null.
    var text: String? {
        guard case .scalar(let text, _) = content, !isNull else { return nil }
        return text
    }

    var isNull: Bool {
        guard case .scalar(let text, .plain) = content else { return false }
        return ["", "~", "null", "Null", "NULL"].contains(text)
    }

    var entries: [Entry]? {
        guard case .mapping(let entries) = content else { return nil }
        return entries
    }

    var elements: [YAMLNode]? {
        guard case .sequence(let elements) = content else { return nil }
        return elements
    }

    /// The value under a key of a mapping.
    subscript(key: String) -> YAMLNode? {
        entries?.first { $0.key == key }?.value
    }

    /// What a message calls this value: "5s", "a list", "a mapping", "nothing".
    var spoken: String {
        switch content {
        case .scalar(let text, _): isNull ? "nothing" : "\"\(Self.shortened(text))\""
        case .mapping: "a mapping"
        case .sequence: "a list"
        }
    }

    /// One line of at most 60 characters, without what would disturb a terminal.
    static func shortened(_ text: String) -> String {
        let oneLine = PrintableText.line(of: String(text.prefix(61)))
        return oneLine.count > 60 ? String(oneLine.prefix(57)) + "..." : oneLine
    }
}
