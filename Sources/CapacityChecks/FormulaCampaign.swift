package import Capacity
import LiveCapacity
import SystemModel

/// Everything that is measured to know the formulas' errors: about five minutes on an idle machine.
package struct FormulaCampaign: Sendable {
    private let measurements: FormulaMeasurements
    /// Called with each case as it is measured.
    private let onCase: @Sendable (MeasuredCase) -> Void

    package init(_ measurements: FormulaMeasurements, onCase: @escaping @Sendable (MeasuredCase) -> Void) {
        self.measurements = measurements
        self.onCase = onCase
    }

    /// The server's version and the cases, in a fixed order.
    package func run() async throws -> (version: String, cases: [MeasuredCase]) {
        var cases: [MeasuredCase] = []
        func keep(_ measured: MeasuredCase) {
            onCase(measured)
            cases.append(measured)
        }
        let server = try await measurements.server()
        defer { server.stop() }
        for measured in try await memory(server) { keep(measured) }
        keep(try await measurements.connection(server))
        for size in [10, 1000] { keep(try await measurements.snapshot(server, size: size, keys: 20_000)) }
        for (size, keys, writes) in [(100, 200_000, 5000), (100, 200_000, 50_000), (10_000, 10_000, 2000)] {
            keep(try await measurements.copied(server, size: size, keys: keys, writes: writes, seconds: 20))
        }
        let writer = try await measurements.server(["--appendonly", "yes", "--appendfsync", "everysec"])
        defer { writer.stop() }
        for size in [10, 1000] { keep(try await measurements.appendOnly(writer, size: size, writes: 2000)) }
        for (writes, atRandom, seconds) in [(1, false, 20), (1, true, 120), (50, false, 20)] {
            keep(try await measurements.commits(writes: writes, atRandom: atRandom, seconds: seconds))
        }
        for timeout in [5000, 2000] {
            keep(try await measurements.bus(nodes: 6, nodeTimeout: timeout, seconds: 20))
        }
        return (try await server.info()["redis_version"] ?? "unknown", cases)
    }

    private func memory(_ server: MeasuredServer) async throws -> [MeasuredCase] {
        var cases: [MeasuredCase] = []
        let strings = [(10, 50_000), (44, 50_000), (45, 50_000), (100, 50_000), (1000, 20_000), (10_000, 4000)]
        for (size, keys) in strings {
            cases.append(try await measurements.memory(server, .string, size: size, keys: keys))
        }
        cases.append(try await measurements.memory(server, .string, size: 100, keys: 50_000, expiring: true))
        for (elements, keys) in [(8, 10_000), (600, 500)] {
            for kind in [Demand.ValueClass.Kind.hash, .set, .list, .zset] {
                cases.append(
                    try await measurements.memory(server, kind, elements: elements, size: 40, keys: keys))
            }
        }
        return cases
    }
}

extension MeasuredCase {
    /// As the file that keeps it has it: an element of an array, in lines of at most 120 columns.
    package var source: String {
        let result = "\((value * 1000).rounded() / 1000), quantum: \(Int(quantum))),"
        let indent = String(repeating: " ", count: 8)
        let line = "\(indent)MeasuredCase(\(measurement.source), \(result)"
        if line.count <= 120 { return line }
        return "\(indent)MeasuredCase(\n\(indent)    \(measurement.source),\n\(indent)    \(result)"
    }
}

extension Measurement {
    fileprivate var source: String {
        switch self {
        case .memory(let kind, let elements, let size, let keySize, let keys, let expiring):
            ".memory(kind: .\(kind.rawValue), elements: \(elements), size: \(size), keySize: \(keySize), "
                + "keys: \(keys), expiring: \(expiring))"
        case .appendOnly(let keySize, let size): ".appendOnly(keySize: \(keySize), size: \(size))"
        case .snapshot(let keySize, let size): ".snapshot(keySize: \(keySize), size: \(size))"
        case .bus(let nodes, let timeout): ".bus(nodes: \(nodes), nodeTimeout: \(timeout))"
        case .commits(let writes, let atRandom): ".commits(writes: \(writes), atRandom: \(atRandom))"
        case .copied(let keys, let writes, let size): ".copied(keys: \(keys), writes: \(writes), size: \(size))"
        case .connection: ".connection"
        }
    }
}
