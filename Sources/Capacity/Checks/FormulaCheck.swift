package import SystemModel

/// A formula held against a real server: what was set up, what was measured, and what the formula says of it.
package struct FormulaCheck: Sendable {
    package let name: String
    /// `keys`, bytes of a value, or what else tells the cases of one formula apart.
    package let setting: String
    package let unit: String
    package let measured: Double
    package let formula: Double

    /// (formula - measured) / measured.
    package var error: Double { measured == 0 ? 0 : (formula - measured) / measured }

    package init(name: String, setting: String, unit: String, measured: Double, formula: Double) {
        self.name = name
        self.setting = setting
        self.unit = unit
        self.measured = measured
        self.formula = formula
    }

    /// What was measured by `measure-capacity`, with what today's formulas say of it.
    package static var server: String { MeasuredOn.server }
    package static var recorded: [FormulaCheck] { MeasuredOn.cases.map(\.check) }
}

/// One measurement, by what was set up; its formula is computed when it is asked for.
package enum Measurement: Sendable {
    /// Bytes of memory for each of so many keys of so many bytes.
    case memory(kind: Demand.ValueClass.Kind, elements: Int, size: Int, keySize: Int, keys: Int, expiring: Bool)
    /// Bytes of the AOF for a SET.
    case appendOnly(keySize: Int, size: Int)
    /// Bytes of a snapshot for each key.
    case snapshot(keySize: Int, size: Int)
    /// Messages a second that a node sends on the bus; their size is not measured.
    case bus(nodes: Int, nodeTimeout: Double)
    /// fsyncs a second under `everysec` at so many writes a second, which come at random or at even distances.
    case commits(writes: Double, atRandom: Bool)
    /// Bytes copied while a snapshot is taken of so many strings, with writes to random ones meanwhile.
    case copied(keys: Int, writes: Int, size: Int)
    /// Bytes of memory of a connection in use.
    case connection

    package func check(measured: Double, quantum: Double) -> FormulaCheck {
        let (name, setting, unit, formula) = prediction(Allocator(quantum: quantum))
        return FormulaCheck(name: name, setting: setting, unit: unit, measured: measured, formula: formula)
    }

    private func prediction(_ allocator: Allocator) -> (String, String, String, Double) {
        switch self {
        case .memory(let kind, let elements, let size, let keySize, let keys, let expiring):
            let text = kind == .string ? "" : " of \(elements) elements"
            return (
                "memory of a key", "\(kind.rawValue)\(text), \(size) B\(expiring ? ", with TTL" : "")", "B",
                Self.perKey(kind, elements, size, keySize, keys, expiring, allocator)
            )
        case .appendOnly(let keySize, let size):
            return (
                "AOF of a write", "SET, \(size) B", "B", CommandBytes(Self.demand(.string, 1, size, keySize)).stream
            )
        case .snapshot(let keySize, let size):
            let demand = Self.demand(.string, 1, size, keySize)
            return ("snapshot of a key", "string, \(size) B", "B", SnapshotBytes.perKey(demand))
        case .bus(let nodes, let timeout):
            let bus = ClusterBus(nodes: nodes, nodeTimeout: timeout)
            return (
                "cluster bus of a node", "\(nodes) nodes, timeout \(Int(timeout)) s", "messages/s sent",
                bus.packetsPerSecond
            )
        case .commits(let writes, let atRandom):
            return (
                "commits", "everysec, \(Self.decimal(writes)) writes/s \(atRandom ? "at random" : "evenly")", "1/s",
                atRandom
                    ? AppendOnlyCommits.everySecond(atRandom: writes) : AppendOnlyCommits.everySecond(evenly: writes)
            )
        case .copied(let keys, let writes, let size):
            var demand = Self.demand(.string, 1, size, 12)
            demand.server.bundledAllocator = allocator == .bundled
            let pages = CopyOnWrite(demand, directives: SizingDirectives())
            return (
                "copy on write", "\(writes) writes to \(keys) strings of \(size) B", "B",
                pages.duplicated(keys: Double(keys), writes: Double(writes))
            )
        case .connection: return ("memory of a connection", "in use", "B", ServerMemory.activeConnection)
        }
    }

    /// With a digit after the point, where it is not 0.
    private static func decimal(_ value: Double) -> String {
        let tenths = (value * 10).rounded() / 10
        return tenths == tenths.rounded() ? "\(Int(tenths))" : "\(tenths)"
    }

    private static func demand(
        _ kind: Demand.ValueClass.Kind, _ elements: Int, _ size: Int, _ keySize: Int
    ) -> Demand {
        var demand = Demand()
        demand.keySize = ByteSizes(constant: Double(keySize))
        demand.values[0].kind = kind
        demand.values[0].elements = Double(elements)
        demand.values[0].size = ByteSizes(constant: Double(size))
        demand.values[0].fieldSize = ByteSizes(constant: fieldSize)
        return demand
    }

    /// Bytes of a measured hash's field names.
    package static let fieldSize = 8.0

    private static func perKey(
        _ kind: Demand.ValueClass.Kind, _ elements: Int, _ size: Int, _ keySize: Int, _ keys: Int, _ expiring: Bool,
        _ allocator: Allocator
    ) -> Double {
        var demand = demand(kind, elements, size, keySize)
        demand.expiring = expiring ? 1 : 0
        demand.server.bundledAllocator = allocator == .bundled
        let costs = KeyCosts(demand, directives: SizingDirectives())
        return costs.keyspace(of: Double(keys)).total / Double(keys)
    }
}

/// A measurement with its result.
package struct MeasuredCase: Sendable {
    package let measurement: Measurement
    package let value: Double
    /// Of the server's allocator, bytes.
    package let quantum: Double

    package init(_ measurement: Measurement, _ value: Double, quantum: Double) {
        self.measurement = measurement
        self.value = value
        self.quantum = quantum
    }

    package var check: FormulaCheck { measurement.check(measured: value, quantum: quantum) }
}
