import DiscreteEvent

/// Reads a distribution of durations, with its source.
///
/// As a mapping (`{lognormal: {p50: 4ms, p99: 90ms}, source: ...}`), as text (`lognormal(p50 4ms, p99 90ms)`, which
/// `--set` takes too), or as one duration, which is a constant.
struct DistributionReader {
    /// A kind of distribution and the names of its arguments, in the order in which text may give them unnamed.
    private static let kinds: [(name: String, arguments: [String])] = [
        ("constant", ["value"]), ("uniform", ["min", "max"]), ("exponential", ["mean"]), ("lognormal", ["p50", "p99"]),
        ("gamma", ["mean", "cv"]), ("weibull", ["shape", "mean"]), ("quantiles", []),
    ]
    private static let example =
        "write 4ms, or lognormal(p50 4ms, p99 90ms), or {lognormal: {p50: 4ms, p99: 90ms}, source: guess}"

    struct Argument {
        var name: String
        var value: YAMLNode
    }

    struct Reading {
        var distribution: Distribution
        /// Nil where the file names none.
        var source: String?
    }

    /// Longest duration an environment may state, ns: a day. Nothing that a failover waits for takes as long, and
    /// sums of such waits stay far from the edge of Int64.
    static let longest: Int64 = 86_400_000_000_000
    /// What all but one draw in a million must stay below, ns: 30 days.
    static let longestDraw = 30.0 * 86_400e9

    let noun: String
    let log: DiagnosticLog

    func read(_ node: YAMLNode) -> Reading? {
        if let text = node.text { return readText(text, node).map { Reading(distribution: $0) } }
        guard let fields = Fields(node, "\(noun), a distribution", log) else { return nil }
        let source = fields.text("source")
        let entry = fields.firstKey(among: Self.kinds.map(\.name))
        fields.finish()
        guard let entry else {
            if fields.keys.allSatisfy({ $0 == "source" }) { refuse(node, "it names no distribution") }
            return nil
        }
        guard fields.keys.filter({ $0 != "source" }).count == 1 else {
            refuse(node, "it names several distributions")
            return nil
        }
        guard let distribution = distribution(entry.key, arguments(of: entry), at: entry.value) else { return nil }
        return Reading(distribution: distribution, source: source)
    }

    private func arguments(of entry: YAMLNode.Entry) -> [Argument]? {
        if entry.key == "constant" { return [Argument(name: "value", value: entry.value)] }
        guard let entries = entry.value.entries else {
            refuse(entry.value, "\(entry.key) needs named arguments")
            return nil
        }
        return entries.map { Argument(name: $0.key, value: $0.value) }
    }

    private func readText(_ text: String, _ node: YAMLNode) -> Distribution? {
        guard let open = text.firstIndex(of: "("), text.hasSuffix(")") else {
            return duration(node, noun).flatMap { make(.constant($0), at: node) }
        }
        let kind = text[..<open].trimmed
        let inside = text[text.index(after: open)...].dropLast()
        let names = Self.kinds.first { $0.name == kind }?.arguments ?? []
        let arguments = inside.split(separator: ",").enumerated().map { index, part in
            let words = part.split(whereSeparator: \.isWhitespace).map(String.init)
            let isNamed = words.count > 1
            let name = isNamed ? words[0] : (index < names.count ? names[index] : "")
            let value = YAMLNode(
                content: .scalar(words.dropFirst(isNamed ? 1 : 0).joined(separator: " "), .plain), place: node.place)
            return Argument(name: name, value: value)
        }
        return distribution(kind, arguments, at: node)
    }

    private func distribution(_ kind: String, _ given: [Argument]?, at node: YAMLNode) -> Distribution? {
        guard let given else { return nil }
        guard let known = Self.kinds.first(where: { $0.name == kind }) else {
            refuse(
                node, "there is no distribution \"\(YAMLNode.shortened(kind))\"",
                Suggestion.sentence(for: kind, among: Self.kinds.map(\.name), noun: "distribution"))
            return nil
        }
        if kind == "quantiles" { return quantiles(given, at: node) }
        for (index, argument) in given.enumerated()
        where given[..<index].contains(where: { $0.name == argument.name }) {
            refuse(argument.value, "\(kind) has \(argument.name) twice", "write each argument once")
            return nil
        }
        for argument in given where !known.arguments.contains(argument.name) {
            refuse(
                argument.value, "\(kind) has no argument \"\(YAMLNode.shortened(argument.name))\"",
                "write its arguments: \(known.arguments.joined(separator: ", "))")
            return nil
        }
        var values: [Double] = []
        for name in known.arguments {
            guard let argument = given.first(where: { $0.name == name }) else {
                refuse(node, "\(kind) needs \(known.arguments.joined(separator: " and "))")
                return nil
            }
            guard let value = value(of: argument) else { return nil }
            values.append(value)
        }
        return form(kind, values).flatMap { make($0, at: node) }
    }

    private func form(_ kind: String, _ values: [Double]) -> Distribution.Form? {
        switch (kind, values.count) {
        case ("constant", 1): .constant(values[0])
        case ("uniform", 2): .uniform(low: values[0], high: values[1])
        case ("exponential", 1): .exponential(mean: values[0])
        case ("lognormal", 2): .lognormal(p50: values[0], p99: values[1])
        case ("gamma", 2): .gamma(mean: values[0], cv: values[1])
        case ("weibull", 2): .weibull(shape: values[0], mean: values[1])
        default: nil
        }
    }

    private func quantiles(_ given: [Argument], at node: YAMLNode) -> Distribution? {
        var points: [Distribution.Quantile] = []
        for argument in given {
            guard argument.name.first == "p", let percent = Double(argument.name.dropFirst()),
                (0...100).contains(percent)
            else {
                refuse(
                    argument.value, "\"\(YAMLNode.shortened(argument.name))\" is no quantile",
                    "name quantiles from p0 to p100, such as p50 or p99.9")
                return nil
            }
            guard let value = duration(argument.value, "\(noun) \(argument.name)") else { return nil }
            points.append(Distribution.Quantile(p: percent / 100, value: value))
        }
        return make(.quantiles(points), at: node)
    }

    /// Nanoseconds; or a plain number where the argument is a ratio.
    private func value(of argument: Argument) -> Double? {
        guard ["cv", "shape"].contains(argument.name) else {
            return duration(argument.value, "\(noun) \(argument.name)")
        }
        if let text = argument.value.text, let value = Double(text), value.isFinite { return value }
        refuse(argument.value, "\(argument.name) is a number without a unit", "write a number such as 1.5")
        return nil
    }

    /// Nanoseconds, at most a day.
    private func duration(_ node: YAMLNode, _ noun: String) -> Double? {
        guard let duration = Scalars.duration(node, noun, log) else { return nil }
        if duration <= Self.longest { return Double(duration) }
        log.error(
            at: node.place, "\(node.spoken) as \(noun)", "durations of an environment are a day at most",
            instead: "write 24h or less")
        return nil
    }

    private func make(_ form: Distribution.Form, at node: YAMLNode) -> Distribution? {
        do {
            let distribution = try Distribution(form)
            if distribution.quantile(0.999999) <= Self.longestDraw { return distribution }
            log.error(
                at: node.place, "\(noun): \(distribution)", "one in a million would be longer than 30 days",
                instead: "write a distribution with a lighter tail")
            return nil
        } catch {
            log.error(
                at: node.place, "\(noun): \(error.what)", error.why,
                instead: "write arguments that fit the distribution")
            return nil
        }
    }

    private func refuse(_ node: YAMLNode, _ why: String, _ instead: String = Self.example) {
        log.error(at: node.place, "\(node.spoken) as \(noun)", why, instead: instead)
    }
}
