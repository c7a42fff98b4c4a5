import DiscreteEvent
import ModelFile
package import SystemModel

/// A live cluster's numbers in place of a demand's.
package struct LiveDemand: Sendable {
    package let reading: ClusterReading
    private let source: String

    package init(_ reading: ClusterReading) {
        self.reading = reading
        let seconds = Int((reading.servers.first?.seconds ?? 0).rounded())
        source = "live: \(reading.servers.count) servers, watched for \(seconds) s"
    }

    /// Directives that the servers agree on, as `--set` options of the model.
    package var directives: [String] {
        guard let first = reading.servers.first?.configuration else { return [] }
        return ServerQuestions.directives.compactMap { name in
            guard let value = first[name],
                reading.servers.allSatisfy({ $0.configuration[name] == value })
            else { return nil }
            return "\(name)=\(value)"
        }
    }

    /// The demand with everything replaced that the servers told; growth, expectations and machines stay.
    package func replacing(_ base: Demand) -> Demand {
        var demand = base
        var told: [Environment.Provenance] = []
        func tell(_ path: String, _ value: Double, _ unit: QuantityUnit) {
            told.append(.init(path: path, value: unit.text(value), source: source))
        }
        readKeys(&demand, tell)
        readTraffic(&demand, tell)
        readServers(&demand, tell)
        if reading.servers.first?.after["mem_allocator"] != nil {
            let value = "\(demand.server.bundledAllocator)"
            told.append(.init(path: "server.bundledAllocator", value: value, source: source))
        }
        readSample(&demand, &told)
        for (path, setting) in Self.settings where base.isSet(path) {
            demand[keyPath: setting] = base[keyPath: setting]
            told.removeAll { $0.path == path }
        }
        demand.provenance.removeAll { line in
            told.contains { $0.path == line.path || $0.path == "values" && line.path.hasPrefix("values[") }
        }
        demand.provenance += told
        return demand
    }

    /// What the user may set against the live cluster.
    private static var settings: [(String, WritableKeyPath<Demand, Double>)] {
        [
            ("keys", \.keys.value), ("reads", \.reads.value), ("writes", \.writes.value),
            ("connections", \.connections.value), ("expiring", \.expiring), ("hottestShard", \.hottestShard),
            ("server.commandTime", \.server.commandTime), ("server.requestTime", \.server.requestTime),
            ("server.fragmentation", \.server.fragmentation), ("server.forkPerGiB", \.server.forkPerGibibyte),
        ]
    }

    private typealias Tell = (String, Double, QuantityUnit) -> Void

    private func readKeys(_ demand: inout Demand, _ tell: Tell) {
        let masters = reading.masters
        let keys = masters.map { $0.after.part("keys", of: "db0") ?? 0 }
        let total = keys.reduce(0, +)
        demand.keys.value = total
        tell("keys", total, .plain)
        guard total > 0 else { return }
        let expiring = masters.reduce(0) { $0 + ($1.after.part("expires", of: "db0") ?? 0) } / total
        demand.expiring = min(1, expiring)
        tell("expiring", expiring, .share)
        let rates = masters.map { $0.rate("total_commands_processed") ?? 0 }
        let shares = [keys, rates].compactMap { values in
            let sum = values.reduce(0, +)
            return sum > 0 ? (values.max() ?? 0) / sum * Double(values.count) : nil
        }
        demand.hottestShard = max(1, shares.max() ?? 1)
        tell("hottestShard", demand.hottestShard, .plain)
        let perKey = masters.reduce(0) { $0 + keyspaceBytes($1.after) } / total
        // Below, what else changes in a server would count as keys.
        if total >= 1000 {
            demand.server.bytesPerKey = max(0, perKey)
            tell("server.bytesPerKey", perKey, .plain)
        }
    }

    /// What is neither there at the start nor buffers.
    private func keyspaceBytes(_ info: InfoReading) -> Double {
        let others = [
            "used_memory_startup", "mem_clients_normal", "mem_clients_slaves", "mem_replication_backlog",
            "mem_cluster_links", "mem_aof_buffer",
        ]
        return (info.number("used_memory") ?? 0) - others.reduce(0) { $0 + (info.number($1) ?? 0) }
    }

    private func readTraffic(_ demand: inout Demand, _ tell: Tell) {
        let masters = reading.masters
        func perSecond(_ names: Set<String>) -> Double {
            masters.reduce(0) { $0 + ($1.seconds > 0 ? $1.calls(of: names).calls / $1.seconds : 0) }
        }
        demand.reads.value = perSecond(CommandNames.reads.subtracting(CommandNames.ours))
        demand.writes.value = perSecond(CommandNames.writes)
        tell("reads", demand.reads.value, .plain)
        tell("writes", demand.writes.value, .plain)
        let connections = reading.servers.compactMap { $0.after.number("connected_clients") }
        if !connections.isEmpty {
            // One of them is this reading's own.
            demand.connections.value = max(0, connections.reduce(0, +) / Double(connections.count) - 1)
            tell("connections", demand.connections.value, .plain)
        }
        let written = masters.reduce(0) { $0 + $1.calls(of: CommandNames.writes).calls }
        let stream = masters.reduce(0) { $0 + ($1.rate("master_repl_offset") ?? 0) * $1.seconds }
        if written >= 100, stream > 0 {
            demand.server.bytesPerWrite = stream / written
            tell("server.bytesPerWrite", stream / written, .plain)
        }
        let known = masters.map { $0.calls(of: CommandNames.reads.union(CommandNames.writes)) }
        let calls = known.reduce(0) { $0 + $1.calls }
        guard calls >= 1000 else { return }
        let command = known.reduce(0) { $0 + $1.microseconds } / calls * 1e-6
        demand.server.commandTime = command
        tell("server.commandTime", command, .seconds)
        let busy = masters.reduce(0) { sum, server in
            sum + ["used_cpu_user", "used_cpu_sys"].reduce(0) { $0 + (server.rate($1) ?? 0) * server.seconds }
        }
        demand.server.requestTime = max(0, busy / calls - command)
        tell("server.requestTime", demand.server.requestTime, .seconds)
    }

    private func readServers(_ demand: inout Demand, _ tell: Tell) {
        // In smaller servers the program itself is most of it.
        let large = reading.servers.map(\.after).filter { ($0.number("used_memory") ?? 0) > 50e6 }
        let fragmentation = large.compactMap { info in
            info.number("used_memory_rss").flatMap { resident in
                info.number("used_memory").map { (resident - 5.8e6) / $0 }
            }
        }
        if let worst = fragmentation.max() {
            demand.server.fragmentation = max(1, worst)
            tell("server.fragmentation", demand.server.fragmentation, .plain)
        }
        let forks = large.compactMap { info in
            info.number("latest_fork_usec").flatMap { pause in
                info.number("used_memory_rss").map { pause / 1e6 / ($0 / 1_073_741_824) }
            }
        }
        if let slowest = forks.max(), slowest > 0 {
            demand.server.forkPerGibibyte = slowest
            tell("server.forkPerGiB", slowest, .seconds)
        }
        if let info = reading.servers.first?.after, let allocator = info["mem_allocator"],
            let version = info["redis_version"]
        {
            // The build's own jemalloc was 5.2.1 until 7.0.
            let isOlder = version.hasPrefix("6.") || version.hasPrefix("7.0")
            demand.server.bundledAllocator = !isOlder || allocator == "jemalloc-5.2.1"
        }
    }

    // MARK: The sample of keys

    private func readSample(_ demand: inout Demand, _ told: inout [Environment.Provenance]) {
        let keys = reading.masters.flatMap(\.keys)
        guard keys.count >= 10 else { return }
        let sampled = "live: \(keys.count) random keys"
        if let names = sizes(keys.map(\.nameLength)) {
            demand.keySize = names
            told.append(.init(path: "keySize", value: names.text, source: sampled))
        }
        demand.values = Demand.ValueClass.Kind.allCases.compactMap { kind in
            let same = keys.filter { $0.type == kind.rawValue }
            guard !same.isEmpty else { return nil }
            var value = Demand.ValueClass()
            value.kind = kind
            value.share = Double(same.count) / Double(keys.count)
            // Of other types only the whole is known; it counts as one element.
            value.size = sizes(same.compactMap { kind == .string ? $0.length : $0.bytes }) ?? value.size
            value.fieldSize = ByteSizes(constant: 1)
            return value
        }
        if demand.values.isEmpty { demand.values = [Demand.ValueClass()] }
        // Types that are not modelled count as the first.
        demand.values[0].share += 1 - demand.values.reduce(0) { $0 + $1.share }
        let words = demand.values.map { "\($0.kind.rawValue) \(Int(($0.share * 100).rounded())) %: \($0.size.text)" }
        told.append(.init(path: "values", value: words.joined(separator: ", "), source: sampled))
    }

    private func sizes(_ values: [Double]) -> ByteSizes? {
        let sorted = values.sorted()
        guard let first = sorted.first, let last = sorted.last else { return nil }
        let levels = [0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 1]
        let points = levels.map { level in
            Distribution.Quantile(p: level, value: sorted[Int((level * Double(sorted.count - 1)).rounded())])
        }
        guard let distribution = try? Distribution(.quantiles(points)) else { return nil }
        let median = sorted[(sorted.count - 1) / 2]
        let range = "\(Int(first)) to \(Int(last)) B, half up to \(Int(median)) B"
        return ByteSizes(distribution, text: first == last ? "\(Int(first)) B" : range)
    }
}

extension Demand {
    fileprivate func isSet(_ path: String) -> Bool {
        provenance.contains { $0.path == path && $0.source == "--set" }
    }
}
