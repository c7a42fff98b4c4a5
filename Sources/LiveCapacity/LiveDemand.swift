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

    /// The demand with everything replaced that the servers told and the user has not set; growth, expectations and
    /// machines stay.
    package func replacing(_ base: Demand) -> Demand {
        var draft = DemandDraft(base, source: source)
        readKeys(&draft)
        readTraffic(&draft)
        readServers(&draft)
        readSample(&draft)
        return draft.finished
    }

    // MARK: Keys

    private func readKeys(_ draft: inout DemandDraft) {
        let masters = reading.masters
        let keys = masters.map { $0.after.part("keys", of: "db0") ?? 0 }
        let total = keys.reduce(0, +)
        draft.tell("keys", \.keys.value, total)
        guard total > 0 else { return }
        let expiring = masters.reduce(0) { $0 + ($1.after.part("expires", of: "db0") ?? 0) } / total
        draft.tell("expiring", \.expiring, min(1, expiring), .share)
        let rates = masters.map { $0.rate("total_commands_processed") ?? 0 }
        let shares = [keys, rates].compactMap { values in
            let sum = values.reduce(0, +)
            return sum > 0 ? (values.max() ?? 0) / sum * Double(values.count) : nil
        }
        draft.tell("hottestShard", \.hottestShard, max(1, shares.max() ?? 1))
        let bytes = masters.reduce(0) { $0 + keyspaceBytes($1.after) }
        // What was measured holds for keys as they are; where the user wants others the formulas say what they take.
        let isAsWanted = !draft.isSet("keySize", "values", "expiring", "server.bundledAllocator")
        if bytes >= Self.leastKeyspace * Double(masters.count), isAsWanted {
            draft.tell("server.bytesPerKey", \.server.bytesPerKey, bytes / total)
        }
    }

    /// Bytes of keys in a server from which on they say how many each takes: what else a server comes to hold after its
    /// start (histograms of commands, scripts, tables of its own) was some 0.2 MB on 7.0.15, and counts as keys.
    private static let leastKeyspace = 5e6

    /// What is neither there at the start nor buffers.
    private func keyspaceBytes(_ info: InfoReading) -> Double {
        let others = [
            "used_memory_startup", "mem_clients_normal", "mem_clients_slaves", "mem_replication_backlog",
            "mem_cluster_links", "mem_aof_buffer",
        ]
        return (info.number("used_memory") ?? 0) - others.reduce(0) { $0 + (info.number($1) ?? 0) }
    }

    // MARK: Traffic

    private func readTraffic(_ draft: inout DemandDraft) {
        let masters = reading.masters
        func perSecond(_ names: Set<String>) -> Double {
            masters.reduce(0) { $0 + ($1.seconds > 0 ? $1.calls(of: names).calls / $1.seconds : 0) }
        }
        draft.tell("reads", \.reads.value, perSecond(CommandNames.reads))
        draft.tell("writes", \.writes.value, perSecond(CommandNames.writes))
        let connections = reading.servers.compactMap { $0.after.number("connected_clients") }
        if !connections.isEmpty {
            // One of them is this reading's own.
            let others = connections.reduce(0, +) / Double(connections.count) - 1
            draft.tell("connections", \.connections.value, max(0, others))
        }
        let written = masters.reduce(0) { $0 + $1.calls(of: CommandNames.writes).calls }
        let stream = masters.reduce(0) { $0 + ($1.rate("master_repl_offset") ?? 0) * $1.seconds }
        if written >= 100, stream > 0, !draft.isSet("keySize", "values", "expiring") {
            draft.tell("server.bytesPerWrite", \.server.bytesPerWrite, stream / written)
        }
        let known = masters.map { $0.calls(of: CommandNames.reads.union(CommandNames.writes)) }
        let calls = known.reduce(0) { $0 + $1.calls }
        guard calls >= 1000 else { return }
        let command = known.reduce(0) { $0 + $1.microseconds } / calls * 1e-6
        draft.tell("server.commandTime", \.server.commandTime, command, .seconds)
        let busy = masters.reduce(0) { sum, server in
            sum + ["used_cpu_user", "used_cpu_sys"].reduce(0) { $0 + (server.rate($1) ?? 0) * server.seconds }
        }
        draft.tell("server.requestTime", \.server.requestTime, max(0, busy / calls - command), .seconds)
    }

    // MARK: Servers

    /// Resident bytes of code, stacks and libraries, which no key has to do with (7.0.15).
    private static let program = 5.8e6

    private func readServers(_ draft: inout DemandDraft) {
        // In smaller servers the program itself is most of it.
        let large = reading.servers.map(\.after).filter { ($0.number("used_memory") ?? 0) > 50e6 }
        let fragmentation = large.compactMap { info in
            info.number("used_memory_rss").flatMap { resident in
                info.number("used_memory").map { (resident - Self.program) / $0 }
            }
        }
        if let worst = fragmentation.max() {
            draft.tell("server.fragmentation", \.server.fragmentation, max(1, worst))
        }
        let forks = large.compactMap { info in
            info.number("latest_fork_usec").flatMap { pause in
                info.number("used_memory_rss").map { pause / 1e6 / ($0 / 1_073_741_824) }
            }
        }
        if let slowest = forks.max(), slowest > 0 {
            draft.tell("server.forkPerGiB", \.server.forkPerGibibyte, slowest, .seconds)
        }
        if let info = reading.servers.first?.after, let allocator = info["mem_allocator"],
            let version = info["redis_version"]
        {
            // The build's own jemalloc was 5.2.1 until 7.0.
            let isOlder = version.hasPrefix("6.") || version.hasPrefix("7.0")
            let isBundled = !isOlder || allocator == "jemalloc-5.2.1"
            draft.tell("server.bundledAllocator", text: "\(isBundled)") { $0.server.bundledAllocator = isBundled }
        }
    }

    // MARK: The sample of keys

    private func readSample(_ draft: inout DemandDraft) {
        let keys = reading.masters.flatMap(\.keys)
        guard keys.count >= 10 else { return }
        let sampled = "live: \(keys.count) random keys"
        if let names = sizes(keys.map(\.nameLength)) {
            draft.tell("keySize", text: names.text, source: sampled) { $0.keySize = names }
        }
        let values = values(keys)
        let words = values.map { "\($0.kind.rawValue) \(Int(($0.share * 100).rounded())) %: \($0.size.text)" }
        draft.tell("values", text: words.joined(separator: ", "), source: sampled) { $0.values = values }
    }

    private func values(_ keys: [ServerReading.SampledKey]) -> [Demand.ValueClass] {
        var values = Demand.ValueClass.Kind.allCases.compactMap { kind -> Demand.ValueClass? in
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
        if values.isEmpty { values = [Demand.ValueClass()] }
        // Types that are not modelled count as the first.
        values[0].share += 1 - values.reduce(0) { $0 + $1.share }
        return values
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
