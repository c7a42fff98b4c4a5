import SystemModel

/// Reads the settings of one section of a demand, and writes down where each came from. A setting is a single value or
/// `{value: ..., source: ...}`; what grows has `growth` beside them.
struct QuantityReader {
    let fields: Fields?
    /// What stands before a setting's name in listings: `server.`, or nothing.
    let prefix: String
    let log: DiagnosticLog
    private(set) var provenance: [Environment.Provenance] = []

    init(_ fields: Fields?, prefix: String, log: DiagnosticLog) {
        self.fields = fields
        self.prefix = prefix
        self.log = log
    }

    /// Where a setting is left out `standard` holds, whose source is `origin`.
    mutating func quantity(
        _ key: String, _ parse: (String) -> Double?, _ expected: String, standard: Double, origin: String,
        in unit: QuantityUnit = .plain
    ) -> Double {
        if let value = optional(key, parse, expected) { return value }
        provenance.append(.init(path: prefix + key, value: unit.text(standard), source: origin))
        return standard
    }

    mutating func optional(_ key: String, _ parse: (String) -> Double?, _ expected: String) -> Double? {
        guard let node = fields?.take(key) else { return nil }
        guard let parts = parts(of: node, key, allowed: []) else { return nil }
        return parsed(parts, key, parse, expected)
    }

    mutating func amount(
        _ key: String, _ parse: (String) -> Double?, isRequired: Bool = false
    ) -> Demand.Amount {
        guard let node = fields?.take(key) else {
            if isRequired, let fields {
                log.error(
                    at: fields.node.place, "no \"\(key)\" in \(fields.noun)", "nothing can be sized without it",
                    instead: "add \(key): {value: 100000, source: guess}")
            }
            provenance.append(.init(path: prefix + key, value: "0", source: "default"))
            return Demand.Amount(0)
        }
        guard let parts = parts(of: node, key, allowed: ["growth"]),
            let value = parsed(parts, key, parse, "a number from 0 to 10^12, such as 200000 or 1.5M")
        else { return Demand.Amount(0) }
        guard let growth = parts.growth else { return Demand.Amount(value) }
        guard let rate = growth.text.flatMap(UnitText.growth) else {
            log.error(
                at: growth.place, "\(growth.spoken) as the growth of \(prefix)\(key)",
                "it is a share or a number for each day, week, month or year",
                instead: "write 5%/month, 40%/year or 2000/month")
            return Demand.Amount(value)
        }
        return Demand.Amount(value, growth: rate)
    }

    /// A size, or a distribution of sizes.
    mutating func sizes(_ key: String, standard: ByteSizes) -> ByteSizes {
        guard let node = fields?.take(key) else {
            provenance.append(.init(path: prefix + key, value: standard.text, source: "default"))
            return standard
        }
        guard let reading = ByteSizesReader(noun: prefix + key, log: log).read(node) else { return standard }
        let source = isSet(node["value"] ?? node) ? "--set" : reading.source ?? Self.sourceless
        provenance.append(.init(path: prefix + key, value: reading.sizes.text, source: source))
        return reading.sizes
    }

    mutating func flag(_ key: String, standard: Bool, origin: String) -> Bool {
        guard let node = fields?.take(key) else {
            provenance.append(.init(path: prefix + key, value: "\(standard)", source: origin))
            return standard
        }
        guard let parts = parts(of: node, key, allowed: []), let value = Scalars.boolean(parts.value, key, log) else {
            return standard
        }
        provenance.append(.init(path: prefix + key, value: "\(value)", source: parts.source))
        return value
    }

    mutating func finish() -> [Environment.Provenance] {
        fields?.finish()
        return provenance
    }

    // MARK: Parts

    private static let sourceless = "guess (the file names no source)"

    private struct Parts {
        var value: YAMLNode
        var source: String
        var growth: YAMLNode?
    }

    private func isSet(_ node: YAMLNode) -> Bool {
        if case .option = node.place { true } else { false }
    }

    private func parts(of node: YAMLNode, _ key: String, allowed: [String]) -> Parts? {
        guard node.entries != nil else {
            return Parts(value: node, source: isSet(node) ? "--set" : Self.sourceless)
        }
        guard let inner = Fields(node, prefix + key, log) else { return nil }
        let source = inner.text("source")
        let growth = allowed.contains("growth") ? inner.take("growth") : nil
        let value = inner.require("value", "the setting would have none", instead: "add value: ...")
        inner.finish()
        return value.map {
            Parts(value: $0, source: isSet($0) ? "--set" : source ?? Self.sourceless, growth: growth)
        }
    }

    private mutating func parsed(
        _ parts: Parts, _ key: String, _ parse: (String) -> Double?, _ expected: String
    ) -> Double? {
        guard let text = parts.value.text, let value = parse(text) else {
            log.error(
                at: parts.value.place, "\(parts.value.spoken) as \(prefix)\(key)", "\(expected) is needed",
                instead: "write it like that")
            return nil
        }
        let growth = parts.growth?.text.map { ", growing \($0)" } ?? ""
        provenance.append(.init(path: prefix + key, value: text + growth, source: parts.source))
        return value
    }
}
