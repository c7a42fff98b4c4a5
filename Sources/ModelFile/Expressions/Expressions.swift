package import SystemModel

/// Statistics, events, expectations and precisions as people write them. See `ExpressionParser` for the language.
package enum Expressions {
    /// Expectations after an option of the command line; throws everything that is wrong with them.
    package static func expectations(
        _ texts: [String], option: String
    ) throws(ModelError) -> [ForecastExpectation] {
        try all(texts, option) { (parser) throws(Diagnostic) in try parser.expectation() }
    }

    package static func statistics(_ texts: [String], option: String) throws(ModelError) -> [Statistic] {
        try all(texts, option) { (parser) throws(Diagnostic) in try parser.statisticAlone() }
    }

    package static func precision(_ text: String?, option: String) throws(ModelError) -> PrecisionGoal? {
        try all(text.map { [$0] } ?? [], option) { (parser) throws(Diagnostic) in try parser.precision() }.first
    }

    package static func event(_ text: String, option: String) throws(ModelError) -> ReplicationEvent {
        let found = try all([text], option) { (parser) throws(Diagnostic) in try parser.eventAlone() }
        return found[0]
    }

    private static func all<Value>(
        _ texts: [String], _ option: String, _ parse: (inout ExpressionParser) throws(Diagnostic) -> Value
    ) throws(ModelError) -> [Value] {
        let log = DiagnosticLog()
        var values: [Value] = []
        for text in texts {
            var parser = ExpressionParser(text) { .argument(option: option, text: text, column: $0) }
            do { values.append(try parse(&parser)) } catch { log.add(error) }
        }
        try log.throwIfFailed()
        return values
    }
}

/// Expressions in files of ours.
enum ExpressionList {
    static let limit = 100

    /// The list under `expect`; what is wrong goes to the log.
    static func expectations(_ node: YAMLNode?, _ log: DiagnosticLog) -> [ForecastExpectation] {
        read(node, "expect", "probabilities.recovered >= 99%", log) { (parser) throws(Diagnostic) in
            try parser.expectation()
        }
    }

    /// The list under `statistics`.
    static func statistics(_ node: YAMLNode?, _ log: DiagnosticLog) -> [Statistic] {
        read(node, "statistics", "outage.anySlot p99", log) { (parser) throws(Diagnostic) in
            try parser.statisticAlone()
        }
    }

    /// The one text under `precision`.
    static func precision(_ node: YAMLNode?, _ log: DiagnosticLog) -> PrecisionGoal? {
        guard let node, let text = Scalars.text(node, "precision", log) else { return nil }
        var parser = ExpressionParser(text) { place(of: $0, in: node) }
        do { return try parser.precision() } catch {
            log.add(error)
            return nil
        }
    }

    private static func read<Value>(
        _ node: YAMLNode?, _ key: String, _ example: String, _ log: DiagnosticLog,
        _ parse: (inout ExpressionParser) throws(Diagnostic) -> Value
    ) -> [Value] {
        guard let node else { return [] }
        guard let elements = node.elements, elements.count <= limit else {
            log.error(
                at: node.place, "\(node.spoken) as \(key)", "a list of at most \(limit) expressions is needed",
                instead: "write - \(example) under it")
            return []
        }
        var values: [Value] = []
        for element in elements {
            guard let text = Scalars.text(element, key, log) else { continue }
            var parser = ExpressionParser(text) { place(of: $0, in: element) }
            do { values.append(try parse(&parser)) } catch { log.add(error) }
        }
        return values
    }

    /// Where a column of a scalar's text stands; of one that may span lines, its start.
    static func place(of column: Int, in node: YAMLNode) -> Place {
        guard case .scalar(_, let style) = node.content, case .file(let path, let line, let start) = node.place,
            style != .block
        else { return node.place }
        return .file(path, line: line, column: start + column - 1 + (style == .quoted ? 1 : 0))
    }
}
