import Kubernetes

/// What reading manifests leaves behind besides the objects.
final class ManifestNotes {
    let log: DiagnosticLog
    /// Fields that mean nothing to the model, by kind and path, each with how often and where first.
    private(set) var ignored: [IgnoredField] = []
    private var positions: [String: Int] = [:]

    init(log: DiagnosticLog) { self.log = log }

    func ignore(_ path: String, at place: Place) {
        if let position = positions[path] {
            ignored[position].count += 1
        } else {
            positions[path] = ignored.count
            ignored.append(IgnoredField(path: path, count: 1, first: place))
        }
    }
}

/// A field, or a whole kind of object, that the model doesn't read.
package struct IgnoredField: Sendable, Equatable {
    /// Such as `Pod.spec.containers[].securityContext`.
    package var path: String
    package var count: Int
    package var first: Place
}

/// Reads one mapping of a manifest leniently: unknown fields are noted, values of the wrong type are errors.
final class ManifestFields {
    let node: YAMLNode
    let path: String
    let notes: ManifestNotes
    private let entries: [YAMLNode.Entry]
    private var asked: Set<String> = []

    /// Nil, with an error logged, where the node is not a mapping.
    init?(_ node: YAMLNode, _ path: String, _ notes: ManifestNotes) {
        guard let entries = node.entries else {
            notes.log.error(
                at: node.place, "\(path) is \(node.spoken)", "Kubernetes has a mapping here",
                instead: "write fields with their values under it")
            return nil
        }
        self.node = node
        self.path = path
        self.notes = notes
        self.entries = entries
    }

    private func take(_ key: String) -> YAMLNode? {
        asked.insert(key)
        return entries.first { $0.key == key && !$0.value.isNull }?.value
    }

    /// Marks fields as known although nothing depends on them.
    func skip(_ keys: String...) { asked.formUnion(keys) }

    /// Notes every field that nobody asked for.
    func finish() {
        for entry in entries where !asked.contains(entry.key) {
            notes.ignore("\(path).\(entry.key)", at: entry.keyPlace)
        }
    }

    func has(_ key: String) -> Bool { take(key) != nil }

    func child(_ key: String) -> ManifestFields? {
        take(key).flatMap { ManifestFields($0, "\(path).\(key)", notes) }
    }

    /// The mappings of a list.
    func children(_ key: String) -> [ManifestFields] {
        elements(key).compactMap { ManifestFields($0, "\(path).\(key)[]", notes) }
    }

    /// The values of a list; none, with an error logged, where it isn't one.
    func elements(_ key: String) -> [YAMLNode] {
        guard let node = take(key) else { return [] }
        if let elements = node.elements { return elements }
        refuse(node, key, "a list is needed", "write each item on a line of its own, after \"- \"")
        return []
    }

    func refuse(_ node: YAMLNode, _ key: String, _ why: String, _ instead: String) {
        notes.log.error(at: node.place, "\(path).\(key) is \(node.spoken)", why, instead: instead)
    }
}

/// Values of manifests.
extension ManifestFields {
    func text(_ key: String) -> String? {
        guard let node = take(key) else { return nil }
        if let text = node.text { return text }
        refuse(node, key, "a single value is needed", "write one value")
        return nil
    }

    /// A name that an object can't do without.
    func name(_ key: String = "name") -> String {
        if let text = text(key), !text.isEmpty { return text }
        if take(key) == nil {
            notes.log.error(
                at: node.place, "\(path) has no \(key)", "everything refers to it by its name",
                instead: "add \(key): NAME")
        }
        return ""
    }

    func texts(_ key: String) -> [String] {
        elements(key).compactMap { element in
            if let text = element.text { return text }
            if element.isNull { return nil }
            refuse(element, key + "[]", "a single value is needed", "write one value after each \"- \"")
            return nil
        }
    }

    func boolean(_ key: String) -> Bool {
        guard let node = take(key) else { return false }
        switch node.text {
        case "true": return true
        case "false": return false
        default:
            refuse(node, key, "it is either true or false", "write true or false")
            return false
        }
    }

    /// A whole number from 0 (or `range`), nil where absent.
    func integer(_ key: String, in range: ClosedRange<Int> = 0...Int(Int32.max)) -> Int? {
        guard let node = take(key) else { return nil }
        if let text = node.text, let value = Int(text), range.contains(value) { return value }
        refuse(
            node, key, "a whole number from \(range.lowerBound) to \(range.upperBound) is needed", "write such a number"
        )
        return nil
    }

    func quantity(_ key: String) -> Quantity? {
        guard let node = take(key) else { return nil }
        guard let text = node.text else {
            refuse(node, key, "a quantity is needed", "write a number with a suffix, such as 100m or 200Mi")
            return nil
        }
        do {
            return try Quantity(parsing: text)
        } catch {
            refuse(node, key, Self.why(error), "write a number with a suffix, such as 100m, 200M or 200Mi")
            return nil
        }
    }

    private static func why(_ error: Quantity.ParseError) -> String {
        switch error {
        case .empty: "a quantity can't be empty"
        case .malformedNumber: "that is not a number"
        case .unknownSuffix(let suffix): "there is no suffix \"\(YAMLNode.shortened(suffix))\""
        case .tooLarge: "that is more than any machine has"
        case .negative: "a quantity can't be negative"
        }
    }

    /// One of the values of an enumeration that Kubernetes defines, nil where absent or empty.
    func value<Value: RawRepresentable & CaseIterable>(_ key: String, _ type: Value.Type) -> Value?
    where Value.RawValue == String {
        guard let node = take(key), node.text != "" else { return nil }
        if let text = node.text, let value = Value(rawValue: text) { return value }
        let legal = Value.allCases.map(\.rawValue)
        refuse(
            node, key, "Kubernetes knows \(legal.joined(separator: ", "))",
            Suggestion.sentence(for: node.text ?? "", among: legal, noun: "value"))
        return nil
    }

    /// Labels, annotations, ConfigMap data: keys with texts.
    func labels(_ key: String) -> Labels? {
        guard let node = take(key) else { return nil }
        guard let entries = node.entries else {
            refuse(node, key, "a mapping of names to texts is needed", "write name: text lines under it")
            return nil
        }
        var labels: [(key: String, value: String)] = []
        for entry in entries {
            if let text = entry.value.text {
                labels.append((entry.key, text))
            } else if entry.value.isNull {
                labels.append((entry.key, ""))
            } else {
                refuse(entry.value, "\(key).\(entry.key)", "a text is needed", "quote the text")
            }
        }
        return Labels(labels)
    }

    /// The value node itself, where its place matters.
    func value(_ key: String) -> YAMLNode? { take(key) }
}
