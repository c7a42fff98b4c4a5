import Capacity
import Foundation
import LiveCapacity
import SystemModel

/// Measures what the formulas of sizing predict on real servers, and prints the Swift file that keeps it:
/// `make capacity-checks`. Two minutes; `measure-capacity [REDIS-SERVER]`.
let binary = CommandLine.arguments.dropFirst().first ?? MeasuredServer.binary
let measurements = FormulaMeasurements(binary: binary)

let server = try await measurements.server()
let version = try await server.info()["redis_version"] ?? "unknown"
var lines: [String] = []

@MainActor func keep(_ text: String, _ measured: MeasuredCase) {
    let value = (measured.value * 1000).rounded() / 1000
    lines.append("        MeasuredCase(\(text), \(value), quantum: \(Int(measured.quantum))),")
    let error = (measured.check.error * 1000).rounded() / 10
    FileHandle.standardError.write(Data("\(measured.check.name), \(measured.check.setting): \(error) %\n".utf8))
}

func memory(_ kind: String, _ elements: Int, _ size: Int, _ keys: Int, _ expiring: Bool) -> String {
    ".memory(kind: .\(kind), elements: \(elements), size: \(size), keySize: 12, keys: \(keys), expiring: \(expiring))"
}

for (size, keys) in [(10, 50_000), (44, 50_000), (45, 50_000), (100, 50_000), (1000, 20_000), (10_000, 4000)] {
    keep(memory("string", 1, size, keys, false), try await measurements.memory(server, .string, size: size, keys: keys))
}
keep(
    memory("string", 1, 100, 50_000, true),
    try await measurements.memory(server, .string, size: 100, keys: 50_000, expiring: true))
for elements in [8, 200] {
    let keys = elements > 100 ? 1000 : 10_000
    for kind in [Demand.ValueClass.Kind.hash, .set, .list, .zset] {
        keep(
            memory(kind.rawValue, elements, 40, keys, false),
            try await measurements.memory(server, kind, elements: elements, size: 40, keys: keys))
    }
}
keep(".connection", try await measurements.connection(server))
for size in [10, 1000] {
    keep(".snapshot(keySize: 12, size: \(size))", try await measurements.snapshot(server, size: size, keys: 20_000))
}
for (size, keys, writes) in [(100, 200_000, 5000), (100, 200_000, 50_000), (10_000, 10_000, 2000)] {
    let measured = try await measurements.copied(server, size: size, keys: keys, writes: writes, seconds: 20)
    keep(".copied(keys: \(keys), writes: \(writes), size: \(size))", measured)
}
server.stop()

let writer = try await measurements.server(["--appendonly", "yes", "--appendfsync", "everysec"])
for size in [10, 1000] {
    keep(".appendOnly(keySize: 12, size: \(size))", try await measurements.appendOnly(writer, size: size, writes: 2000))
}
writer.stop()
for writes in [1, 50] {
    keep(".commits(writes: \(writes))", try await measurements.commits(writes: writes, seconds: 20))
}

for (nodes, timeout) in [(6, 5000), (6, 2000)] {
    keep(
        ".bus(nodes: \(nodes), nodeTimeout: \(timeout / 1000))",
        try await measurements.bus(nodes: nodes, nodeTimeout: timeout, seconds: 20))
}

print(
    """
    // Written by `make capacity-checks`; measure again instead of editing.

    /// What a real server did.
    enum MeasuredOn {
        static let server = "redis \(version)"
        static let cases: [MeasuredCase] = [
    \(lines.joined(separator: "\n"))
        ]
    }
    """)
