import SystemModel

/// One `--set KEY=VALUE`.
struct Override {
    /// What a key reaches.
    enum Reach: Equatable {
        /// A path below `spec` of environment.yaml.
        case environment([String])
        /// A directive of redis.conf.
        case directive(String)
        /// A parameter of the scenario.
        case parameter(String)
    }

    var reach: Reach
    var value: String
    /// As the user wrote it.
    var text: String

    var place: Place { .option(text) }

    /// The value as if it stood in the file.
    var node: YAMLNode { YAMLNode(content: .scalar(value, value.isEmpty ? .quoted : .plain), place: place) }

    private static let shortcuts: [(key: String, path: [String])] = [
        ("engine", ["engine"]), ("kubernetes", ["kubernetes", "version"]), ("cluster.masters", ["cluster", "masters"]),
        ("cluster.replicas-per-master", ["cluster", "replicasPerMaster"]),
    ]

    /// Nil, with an error logged, where the text is no `KEY=VALUE` or the key reaches nothing.
    init?(_ text: String, log: DiagnosticLog) {
        self.text = text
        guard let equals = text.firstIndex(of: "="), equals != text.startIndex else {
            log.error(
                at: .option(text), "no KEY=VALUE", "a key, an equals sign and a value are needed",
                instead: "write --set cluster-node-timeout=2000")
            return nil
        }
        let key = text[..<equals].trimmed
        value = text[text.index(after: equals)...].trimmed
        guard let reach = Self.reach(of: key) else {
            let known = Self.shortcuts.map(\.key) + Engine.allCases.flatMap(RedisDirectives.allNames)
            log.error(
                at: .option(text), "unknown key \"\(YAMLNode.shortened(key))\"",
                "a key is engine, kubernetes, cluster.masters, cluster.replicas-per-master, environment.PATH, "
                    + "scenario.NAME "
                    + "or a directive of redis.conf",
                instead: Suggestion.nearest(to: key, among: known).map { "did you mean \"\($0)\"?" }
                    ?? "write one of these")
            return nil
        }
        self.reach = reach
    }

    private static func reach(of key: String) -> Reach? {
        if let shortcut = shortcuts.first(where: { $0.key == key }) { return .environment(shortcut.path) }
        let parts = key.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard !parts.contains("") else { return nil }
        if parts.count > 1, parts[0] == "environment" { return .environment(Array(parts.dropFirst())) }
        if parts.count == 2, parts[0] == "scenario" { return .parameter(parts[1]) }
        let name = key.lowercased()
        // Which of them the model's own servers know is looked at when its engine is known.
        return Engine.allCases.contains { RedisDirectives.isKnown(name, $0) } ? .directive(name) : nil
    }
}

extension YAMLNode {
    /// This mapping with the value at a path of keys replaced or added; nil where the path runs through a value that
    /// is no mapping.
    func replacing(_ path: ArraySlice<String>, by value: YAMLNode) -> YAMLNode? {
        guard let key = path.first else { return value }
        guard var entries = isNull ? [] : entries else { return nil }
        let position = entries.firstIndex { $0.key == key }
        let below = position.map { entries[$0].value } ?? YAMLNode(content: .mapping([]), place: value.place)
        guard let replaced = below.replacing(path.dropFirst(), by: value) else { return nil }
        if let position {
            entries[position].value = replaced
        } else {
            entries.append(Entry(key: key, keyPlace: value.place, value: replaced))
        }
        return YAMLNode(content: .mapping(entries), place: place)
    }
}
