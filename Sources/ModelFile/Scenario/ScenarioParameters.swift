import SystemModel

/// The declared parameters of a scenario, with the values in force, and their use in its steps.
struct ScenarioParameters {
    enum Kind: String, CaseIterable { case duration, count, choice, boolean, pod, node, process }

    struct Parameter {
        var name: String
        var kind: Kind
        var description: String
        /// The default, or what `--set scenario.NAME=VALUE` put in its place.
        var value: YAMLNode
        /// Where the file declares it.
        var place: Place
    }

    private(set) var parameters: [Parameter] = []
    private var used: Set<String> = []
    private let names: SystemNames
    private let log: DiagnosticLog

    init(_ node: YAMLNode?, _ overrides: [Override], names: SystemNames, log: DiagnosticLog) {
        self.names = names
        self.log = log
        if let node { declare(node) }
        for override in overrides { apply(override) }
        for parameter in parameters { check(parameter) }
    }

    private mutating func declare(_ node: YAMLNode) {
        guard let entries = node.entries else {
            log.error(
                at: node.place, "\(node.spoken) as parameters", "names with their declarations are needed",
                instead: "write for: {type: duration, default: 10s, description: ...}")
            return
        }
        for entry in entries {
            guard let fields = Fields(entry.value, "the parameter \(entry.key)", log) else { continue }
            let kind = fields.require("type", "its values are checked by it", instead: "add type: duration")
                .flatMap { Scalars.choice($0, "type", Kind.self, log) }
            let value = fields.require("default", "a scenario runs without --set", instead: "add default: ...")
            let description = fields.require("description", "users choose by it", instead: "add description: ...")
                .flatMap { Scalars.text($0, "description", log) }
            let choices = fields.take("choices")
            fields.finish()
            guard let kind, let value, let description else { continue }
            if kind == .choice { legal[entry.key] = texts(choices, entry) }
            if !entry.key.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "-" }) || entry.key.isEmpty {
                log.error(
                    at: entry.keyPlace, "the parameter name \"\(YAMLNode.shortened(entry.key))\"",
                    "--set scenario.NAME must be able to write it", instead: "use letters, digits and dashes")
            }
            parameters.append(
                Parameter(name: entry.key, kind: kind, description: description, value: value, place: entry.keyPlace))
        }
    }

    /// The legal values of each choice.
    private var legal: [String: [String]] = [:]

    private func texts(_ node: YAMLNode?, _ entry: YAMLNode.Entry) -> [String] {
        let texts = node?.elements?.compactMap(\.text) ?? []
        if texts.isEmpty {
            log.error(
                at: entry.keyPlace, "the choice \(entry.key) without choices", "any value would do",
                instead: "add choices: [one, all]")
        }
        return texts
    }

    /// The values that it may have, where they can be listed.
    func choices(of parameter: Parameter) -> [String] {
        switch parameter.kind {
        case .choice: legal[parameter.name] ?? []
        case .boolean: ["true", "false"]
        case .pod: names.pods
        case .node: names.nodes
        case .process: (0..<names.processCount).map(String.init)
        case .duration, .count: []
        }
    }

    private mutating func apply(_ override: Override) {
        guard case .parameter(let name) = override.reach else { return }
        guard let index = parameters.firstIndex(where: { $0.name == name }) else {
            let known = parameters.map(\.name)
            log.error(
                at: override.place, "no parameter \"\(YAMLNode.shortened(name))\"",
                "the scenario declares \(known.isEmpty ? "none" : known.joined(separator: ", "))",
                instead: known.isEmpty
                    ? "leave it out" : Suggestion.sentence(for: name, among: known, noun: "parameter"))
            return
        }
        parameters[index].value = override.node
    }

    private func check(_ parameter: Parameter) {
        let (value, name) = (parameter.value, parameter.name)
        switch parameter.kind {
        case .duration:
            if value.text != "forever" { _ = Scalars.duration(value, name, log) }
        case .count: _ = Scalars.count(value, name, in: 0...20_000, log)
        case .boolean: _ = Scalars.boolean(value, name, log)
        case .pod: names.checkPod(value, log)
        case .node: names.checkNode(value, log)
        case .process: _ = names.process(value, log)
        case .choice:
            let choices = legal[name] ?? []
            guard let text = Scalars.text(value, name, log), !choices.contains(text), !choices.isEmpty else { return }
            log.error(
                at: value.place, "\(value.spoken) as \(name)", "it must be one of \(choices.joined(separator: ", "))",
                instead: Suggestion.sentence(for: text, among: choices, noun: "value"))
        }
    }

    /// The tree with every `$name` replaced by the parameter's value.
    mutating func substitute(in node: YAMLNode) -> YAMLNode {
        switch node.content {
        case .scalar(let text, _):
            guard text.first == "$" else { return node }
            let name = String(text.dropFirst())
            guard let parameter = parameters.first(where: { $0.name == name }) else {
                log.error(
                    at: node.place, "\"\(YAMLNode.shortened(text))\"", "no parameter of that name is declared",
                    instead: Suggestion.sentence(for: name, among: parameters.map(\.name), noun: "parameter"))
                return node
            }
            used.insert(name)
            return parameter.value
        case .sequence(let elements):
            return YAMLNode(content: .sequence(elements.map { substitute(in: $0) }), place: node.place)
        case .mapping(let entries):
            let replaced = entries.map { entry in
                YAMLNode.Entry(key: entry.key, keyPlace: entry.keyPlace, value: substitute(in: entry.value))
            }
            return YAMLNode(content: .mapping(replaced), place: node.place)
        }
    }

    /// A parameter that no step uses would be set in vain.
    func refuseUnused() {
        for parameter in parameters where !used.contains(parameter.name) {
            log.error(
                at: parameter.place, "the parameter \(parameter.name) is never used", "setting it would change nothing",
                instead: "write $\(parameter.name) where it belongs, or delete it")
        }
    }
}
