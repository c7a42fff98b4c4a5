import ModelFile
import SystemModel

/// A demand in which numbers are replaced one by one, except for those that the user has set.
struct DemandDraft {
    private var demand: Demand
    private var told: [Environment.Provenance] = []
    private let source: String

    /// - Parameter source: what is written beside a number that names no other.
    init(_ base: Demand, source: String) {
        demand = base
        self.source = source
    }

    /// Whether the user has set one of these, or something below them.
    func isSet(_ paths: String...) -> Bool {
        demand.provenance.contains { line in
            line.source == "--set" && paths.contains { line.path == $0 || line.path.hasPrefix("\($0)[") }
        }
    }

    mutating func tell(
        _ path: String, _ setting: WritableKeyPath<Demand, Double>, _ value: Double, _ unit: QuantityUnit = .plain
    ) {
        tell(path, text: unit.text(value)) { $0[keyPath: setting] = value }
    }

    mutating func tell(_ path: String, _ setting: WritableKeyPath<Demand, Double?>, _ value: Double) {
        tell(path, text: QuantityUnit.plain.text(value)) { $0[keyPath: setting] = value }
    }

    mutating func tell(_ path: String, text: String, source other: String? = nil, _ change: (inout Demand) -> Void) {
        guard !isSet(path) else { return }
        change(&demand)
        told.append(.init(path: path, value: text, source: other ?? source))
    }

    /// Each number has the source that it came from last.
    var finished: Demand {
        var finished = demand
        finished.provenance.removeAll { line in
            told.contains { line.path == $0.path || line.path.hasPrefix("\($0.path)[") }
        }
        finished.provenance += told
        return finished
    }
}
