import Kubernetes

/// A selector as lines of YAML.
enum SelectorText {
    /// - Parameter indent: blanks before each line.
    static func lines(of selector: LabelSelector, indent: Int) -> [String] {
        let labels = selector.matchLabels.entries.map { "\($0.key): \(quoted($0.value))" }
        var lines: [String] = []
        if !labels.isEmpty { lines.append("matchLabels: {\(labels.joined(separator: ", "))}") }
        if !selector.matchExpressions.isEmpty { lines.append("matchExpressions:") }
        for expression in selector.matchExpressions {
            var fields = ["key: \(expression.key)", "operator: \(expression.operator.rawValue)"]
            if !expression.values.isEmpty {
                fields.append("values: [\(expression.values.map(quoted).joined(separator: ", "))]")
            }
            lines.append("  - {\(fields.joined(separator: ", "))}")
        }
        // A selector without conditions matches every pod of its namespace.
        if lines.isEmpty { lines = ["matchLabels: {}"] }
        return lines.map { String(repeating: " ", count: indent) + $0 }
    }

    /// Labels are strings: what YAML would take for a number, a truth value or nothing at all is quoted.
    private static func quoted(_ value: String) -> String {
        let isPlain =
            value.first?.isLetter == true
            && !["true", "false", "null", "yes", "no", "on", "off", "y", "n"]
                .contains(value.lowercased())
        return isPlain ? value : "\"\(value)\""
    }
}
