import DiscreteEvent
import SystemModel

/// Reads a size in bytes, or a distribution of sizes: `100`, `{quantiles: {p50: 100B, p99: 4KiB}, source: ...}`,
/// `{lognormal: {p50: 100B, p99: 4KiB}}`, `{uniform: {min: 10B, max: 1KiB}}`, `{value: 100, source: ...}`.
struct ByteSizesReader {
    struct Reading {
        var sizes: ByteSizes
        var source: String?
    }

    /// The largest value that redis-server takes: `proto-max-bulk-len`, 512 MiB.
    static let largest = 536_870_912.0

    let noun: String
    let log: DiagnosticLog

    func read(_ node: YAMLNode) -> Reading? {
        if node.entries == nil { return size(node).map { Reading(sizes: ByteSizes(constant: $0)) } }
        guard let fields = Fields(node, noun, log) else { return nil }
        let source = fields.text("source")
        let entry = fields.firstKey(among: ["value", "quantiles", "lognormal", "uniform"])
        fields.finish()
        guard let entry else {
            log.error(
                at: node.place, "\(noun) without a size", "nothing can be sized without it",
                instead: "write {value: 100, source: guess} or {quantiles: {p50: 100B, p99: 4KiB}}")
            return nil
        }
        if entry.key == "value" {
            return size(entry.value).map { Reading(sizes: ByteSizes(constant: $0), source: source) }
        }
        guard let arguments = arguments(of: entry) else { return nil }
        guard let form = form(entry.key, arguments), let distribution = try? Distribution(form),
            distribution.quantile(1 - 0x1p-20) <= Self.largest * 2
        else {
            log.error(
                at: entry.value.place, "\(noun): these arguments of \(entry.key)",
                "sizes rise with their quantiles and are 512 MiB at most",
                instead: "write {quantiles: {p50: 100B, p99: 4KiB}}")
            return nil
        }
        let words = arguments.map { "\($0.name) \($0.text)" }.joined(separator: ", ")
        return Reading(sizes: ByteSizes(distribution, text: "\(entry.key)(\(words))"), source: source)
    }

    private struct Argument {
        var name: String
        var text: String
        var value: Double
    }

    private func arguments(of entry: YAMLNode.Entry) -> [Argument]? {
        guard let entries = entry.value.entries, !entries.isEmpty else {
            log.error(
                at: entry.value.place, "\(entry.value.spoken) as \(entry.key)", "it needs named sizes",
                instead: "write {p50: 100B, p99: 4KiB}")
            return nil
        }
        var arguments: [Argument] = []
        for entry in entries {
            guard let value = size(entry.value) else { return nil }
            arguments.append(Argument(name: entry.key, text: entry.value.text ?? "", value: value))
        }
        return arguments
    }

    private func form(_ kind: String, _ arguments: [Argument]) -> Distribution.Form? {
        func argument(_ name: String) -> Double? { arguments.first { $0.name == name }?.value }
        switch kind {
        case "quantiles":
            let points = arguments.compactMap { argument in
                argument.name.first == "p"
                    ? Double(argument.name.dropFirst()).map {
                        Distribution.Quantile(p: $0 / 100, value: argument.value)
                    }
                    : nil
            }
            return points.count == arguments.count ? .quantiles(points) : nil
        case "lognormal" where arguments.count == 2:
            guard let p50 = argument("p50"), let p99 = argument("p99") else { return nil }
            return .lognormal(p50: p50, p99: p99)
        case "uniform" where arguments.count == 2:
            guard let low = argument("min"), let high = argument("max") else { return nil }
            return .uniform(low: low, high: high)
        default: return nil
        }
    }

    private func size(_ node: YAMLNode) -> Double? {
        if let bytes = node.text.flatMap(UnitText.bytes), bytes <= Self.largest { return bytes }
        log.error(
            at: node.place, "\(node.spoken) as \(noun)", "a size of at most 512 MiB is needed",
            instead: "write a number of bytes, such as 100, 100B or 4KiB")
        return nil
    }
}
