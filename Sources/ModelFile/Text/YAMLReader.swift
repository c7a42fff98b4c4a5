import Yams

/// Reads the documents of a YAML or JSON file into trees with places, within bounds that no input can exceed.
struct YAMLReader {
    /// Deeper nesting than any manifest has.
    static let depthLimit = 100
    /// Values of all documents of a file, or of all files of a model, together, after the expansion of aliases.
    static let nodeLimit = 1_000_000
    static let documentLimit = 20_000

    private let file: SourceFile
    private var nodes: Int

    /// All documents of the file that are not empty.
    static func documents(of file: SourceFile) throws(Diagnostic) -> [YAMLNode] {
        var nodes = 0
        return try documents(of: file, counting: &nodes)
    }

    /// The same for one of several files, whose values are counted together.
    static func documents(of file: SourceFile, counting nodes: inout Int) throws(Diagnostic) -> [YAMLNode] {
        if let position = AliasGuard.firstRefused(in: file.text) {
            throw Diagnostic(
                at: .file(file.path, line: position.line, column: position.column),
                "an alias or a key that can't be used",
                "an alias may only be the whole value of a key or of a list's item",
                instead: "write the value out where it is needed")
        }
        var reader = YAMLReader(file: file, nodes: nodes)
        defer { nodes = reader.nodes }
        return try reader.readAll()
    }

    private init(file: SourceFile, nodes: Int) {
        self.file = file
        self.nodes = nodes
    }

    private mutating func readAll() throws(Diagnostic) -> [YAMLNode] {
        var documents: [YAMLNode] = []
        do {
            let parser = try Parser(yaml: file.text, resolver: .basic, encoding: .utf8)
            while let root = try parser.nextRoot() {
                let document = try convert(root, depth: 0)
                if !document.isNull { documents.append(document) }
                guard documents.count <= Self.documentLimit else {
                    throw tooLarge(at: document.place, "more than \(Self.documentLimit) documents")
                }
            }
        } catch let diagnostic as Diagnostic {
            throw diagnostic
        } catch {
            throw YAMLFault.diagnostic(of: error, in: file)
        }
        return documents
    }

    private mutating func convert(_ node: Node, depth: Int) throws(Diagnostic) -> YAMLNode {
        let place = place(of: node)
        nodes += 1
        guard nodes <= Self.nodeLimit else {
            throw tooLarge(at: place, "more than \(Self.nodeLimit) values, counting what aliases repeat")
        }
        guard depth <= Self.depthLimit else {
            throw tooLarge(at: place, "nesting deeper than \(Self.depthLimit) levels")
        }
        if let tag = foreignTag(of: node) {
            throw Diagnostic(
                at: place, "the tag \(YAMLNode.shortened(tag))", "it asks for a conversion that is not made here",
                instead: "write the value without a tag")
        }
        switch node {
        case .scalar(let scalar):
            return YAMLNode(content: .scalar(scalar.string, style(of: scalar)), place: place)
        case .sequence(let sequence):
            var elements: [YAMLNode] = []
            for element in sequence { elements.append(try convert(element, depth: depth + 1)) }
            return YAMLNode(content: .sequence(elements), place: place)
        case .mapping(let mapping):
            return YAMLNode(content: .mapping(try entries(of: mapping, depth: depth)), place: place)
        case .alias(let alias):
            throw Diagnostic(
                at: place, "the alias \(alias.anchor.rawValue)", "it can't be resolved", instead: "write the value out")
        }
    }

    private mutating func entries(of mapping: Node.Mapping, depth: Int) throws(Diagnostic) -> [YAMLNode.Entry] {
        var written: [YAMLNode.Entry] = []
        var merged: [YAMLNode.Entry] = []
        var seen: Set<String> = []
        for (keyNode, valueNode) in mapping {
            let keyPlace = place(of: keyNode)
            guard case .scalar(let key) = keyNode else {
                throw Diagnostic(
                    at: keyPlace, "a key that is a list or a mapping", "keys are names",
                    instead: "write a name as the key")
            }
            guard seen.insert(key.string).inserted else {
                throw YAMLFault.duplicate(key.string, at: keyPlace)
            }
            let value = try convert(valueNode, depth: depth + 1)
            // By how it is written: the parser itself has given keys their tags by now.
            if key.string == "<<", key.style == .plain || key.style == .any {
                merged += try mergedEntries(of: value)
            } else {
                written.append(YAMLNode.Entry(key: key.string, keyPlace: keyPlace, value: value))
            }
        }
        for entry in merged where seen.insert(entry.key).inserted { written.append(entry) }
        return written
    }

    /// What `<<: *base` brings in: the mapping's entries, or those of a list of mappings, the first ones winning.
    private func mergedEntries(of value: YAMLNode) throws(Diagnostic) -> [YAMLNode.Entry] {
        if let entries = value.entries { return entries }
        guard let elements = value.elements, elements.allSatisfy({ $0.entries != nil }) else {
            throw Diagnostic(
                at: value.place, "\(value.spoken) under <<", "only mappings can be merged",
                instead: "write <<: *name, where &name marks a mapping")
        }
        return elements.flatMap { $0.entries ?? [] }
    }

    /// A tag that says something else than what the value looks like; nil where it has none, or one of YAML's own that
    /// changes nothing (`!!str 5s`, `!!map {}`). Numbers stay texts until somebody asks for them.
    private func foreignTag(of node: Node) -> String? {
        let (tag, harmless): (Tag, [String])
        switch node {
        case .scalar(let scalar): (tag, harmless) = (scalar.tag, ["str", "int", "float", "bool", "timestamp", "null"])
        case .mapping(let mapping): (tag, harmless) = (mapping.tag, ["map"])
        case .sequence(let sequence): (tag, harmless) = (sequence.tag, ["seq"])
        case .alias: return nil
        }
        let name = tag.description
        if name.isEmpty || name == "!" || harmless.contains(where: { name == "tag:yaml.org,2002:" + $0 }) { return nil }
        return name
    }

    private func style(of scalar: Node.Scalar) -> YAMLNode.Style {
        switch scalar.style {
        case .literal: .block
        case .singleQuoted, .doubleQuoted, .folded: .quoted
        case .any, .plain: scalar.tag.description == "tag:yaml.org,2002:str" ? .quoted : .plain
        }
    }

    private func place(of node: Node) -> Place {
        guard let mark = node.mark else { return .start(of: file.path) }
        return .file(file.path, line: mark.line, column: mark.column)
    }

    private func tooLarge(at place: Place, _ what: String) -> Diagnostic {
        Diagnostic(at: place, what, "no system needs as much", instead: "keep only the objects that Redis needs")
    }
}
