/// What manifests say of how many replicas each master has: the command that created the cluster, in a Job or in a
/// script of a ConfigMap, or the variable by which the Bitnami charts pass it on.
struct ShapeHint {
    var replicasPerMaster: Int
    var place: Place

    private static let option = "--cluster-replicas"
    private static let variable = "REDIS_CLUSTER_REPLICAS"

    /// The first such statement in the documents' order; nil where there is none.
    static func find(in documents: [YAMLNode]) -> ShapeHint? {
        for document in documents {
            if let hint = search(document) { return hint }
        }
        return nil
    }

    private static func search(_ node: YAMLNode) -> ShapeHint? {
        if let text = node.text {
            guard let found = text.firstRange(of: option) else { return nil }
            let words = text[found.upperBound...].split(whereSeparator: { $0.isWhitespace || $0 == "=" })
            return words.first.flatMap { hint(String($0.prefix { $0.isNumber }), node.place) }
        }
        if let entries = node.entries {
            if node["name"]?.text == variable, let value = node["value"], let text = value.text {
                return hint(text, value.place)
            }
            for entry in entries {
                if let hint = search(entry.value) { return hint }
            }
        }
        let elements = node.elements ?? []
        for (index, element) in elements.enumerated() {
            // As words of a command line.
            if element.text == option, elements.indices.contains(index + 1), let next = elements[index + 1].text {
                return hint(next, elements[index + 1].place)
            }
            if let hint = search(element) { return hint }
        }
        return nil
    }

    private static func hint(_ text: String, _ place: Place) -> ShapeHint? {
        guard let count = Int(text), (0...20).contains(count) else { return nil }
        return ShapeHint(replicasPerMaster: count, place: place)
    }
}
