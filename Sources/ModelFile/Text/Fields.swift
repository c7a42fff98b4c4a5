/// Reads one mapping of a file of ours, strictly: what was not asked for is an error with a suggestion.
final class Fields {
    let node: YAMLNode
    /// What messages call the mapping: "spec", "the network section".
    let noun: String
    let log: DiagnosticLog
    private let entries: [YAMLNode.Entry]
    private var asked: [String] = []

    /// Nil, with an error logged, where the node is not a mapping.
    init?(_ node: YAMLNode, _ noun: String, _ log: DiagnosticLog) {
        guard let entries = node.entries else {
            log.error(
                at: node.place, "\(node.spoken) as \(noun)", "a mapping of keys and values is needed",
                instead: "write key: value lines under it")
            return nil
        }
        self.node = node
        self.noun = noun
        self.log = log
        self.entries = entries
    }

    /// The value under a key; null counts as absent.
    func take(_ key: String) -> YAMLNode? {
        if !asked.contains(key) { asked.append(key) }
        return entries.first { $0.key == key && !$0.value.isNull }?.value
    }

    /// The value under a key that must be there.
    func require(_ key: String, _ why: String, instead: String) -> YAMLNode? {
        if let value = take(key) { return value }
        log.error(at: node.place, "no \"\(key)\" in \(noun)", why, instead: instead)
        return nil
    }

    func section(_ key: String, _ noun: String) -> Fields? {
        take(key).flatMap { Fields($0, noun, log) }
    }

    /// The first key of the mapping that is one of `keys`; all of them count as asked for.
    func firstKey(among keys: [String]) -> YAMLNode.Entry? {
        for key in keys where !asked.contains(key) { asked.append(key) }
        return entries.first { keys.contains($0.key) }
    }

    var keys: [String] { entries.map(\.key) }

    /// Logs every key that nobody asked for.
    func finish() {
        for entry in entries where !asked.contains(entry.key) {
            // What to write instead is dear to find out.
            guard !log.isFull else {
                log.omit()
                continue
            }
            log.error(
                at: entry.keyPlace, "unknown key \"\(YAMLNode.shortened(entry.key))\" in \(noun)",
                "a misspelt key would silently change nothing",
                instead: Suggestion.sentence(for: entry.key, among: asked, noun: "key"))
        }
    }
}

/// Scalars of files of ours.
extension Fields {
    func text(_ key: String) -> String? {
        guard let node = take(key) else { return nil }
        return Scalars.text(node, key, log)
    }

    func boolean(_ key: String) -> Bool? {
        guard let node = take(key) else { return nil }
        return Scalars.boolean(node, key, log)
    }

    func count(_ key: String, in range: ClosedRange<Int>) -> Int? {
        guard let node = take(key) else { return nil }
        return Scalars.count(node, key, in: range, log)
    }

    func choice<Value: RawRepresentable & CaseIterable>(_ key: String, _ type: Value.Type) -> Value?
    where Value.RawValue == String {
        guard let node = take(key) else { return nil }
        return Scalars.choice(node, key, type, log)
    }

    /// The choice with its place, for what may turn out not to fit the rest of the model.
    func placedChoice<Value: RawRepresentable & CaseIterable>(
        _ key: String, _ type: Value.Type
    ) -> (value: Value, place: Place)? where Value.RawValue == String {
        guard let node = take(key), let value = Scalars.choice(node, key, type, log) else { return nil }
        return (value, node.place)
    }

    /// A mapping of names to single values, in its order; empty, with an error logged, where it is something else.
    func texts(_ key: String, _ why: String, instead: String) -> [(key: String, text: String, place: Place)] {
        guard let node = take(key) else { return [] }
        guard let entries = node.entries else {
            log.error(at: node.place, "\(node.spoken) as \(key)", why, instead: instead)
            return []
        }
        return entries.compactMap { entry in
            Scalars.text(entry.value, entry.key, log).map { (entry.key, $0, entry.value.place) }
        }
    }
}

/// Conversions of single values, each logging what is wrong and answering nil.
enum Scalars {
    static func text(_ node: YAMLNode, _ noun: String, _ log: DiagnosticLog) -> String? {
        if let text = node.text { return text }
        log.error(at: node.place, "\(node.spoken) as \(noun)", "a single value is needed", instead: "write one value")
        return nil
    }

    static func boolean(_ node: YAMLNode, _ noun: String, _ log: DiagnosticLog) -> Bool? {
        switch node.text {
        case "true", "yes", "on": return true
        case "false", "no", "off": return false
        default:
            log.error(
                at: node.place, "\(node.spoken) as \(noun)", "it is either true or false",
                instead: "write true or false")
            return nil
        }
    }

    static func count(_ node: YAMLNode, _ noun: String, in range: ClosedRange<Int>, _ log: DiagnosticLog) -> Int? {
        if let text = node.text, let value = Int(text), range.contains(value) { return value }
        log.error(
            at: node.place, "\(node.spoken) as \(noun)",
            "a whole number from \(range.lowerBound) to \(range.upperBound) is needed",
            instead: "write a number such as \(range.lowerBound)")
        return nil
    }

    static func choice<Value: RawRepresentable & CaseIterable>(
        _ node: YAMLNode, _ noun: String, _ type: Value.Type, _ log: DiagnosticLog
    ) -> Value? where Value.RawValue == String {
        if let text = node.text, let value = Value(rawValue: text) { return value }
        let legal = Value.allCases.map(\.rawValue)
        log.error(
            at: node.place, "\(node.spoken) as \(noun)", "it must be one of \(legal.joined(separator: ", "))",
            instead: Suggestion.sentence(for: node.text ?? "", among: legal, noun: "value"))
        return nil
    }

    /// Nanoseconds.
    static func duration(_ node: YAMLNode, _ noun: String, _ log: DiagnosticLog) -> Int64? {
        guard let text = node.text else {
            log.error(
                at: node.place, "\(node.spoken) as \(noun)", "a duration is needed",
                instead: "write a number with its unit, such as 4ms, 1.5s, 2min or 1h")
            return nil
        }
        do {
            return try DurationText.parse(text)
        } catch {
            log.error(at: node.place, "\(node.spoken) as \(noun)", error.why, instead: error.instead)
            return nil
        }
    }
}
