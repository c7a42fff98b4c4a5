import RESP
package import RedisClient

/// What one server said, twice, and what a sample of its keys is like.
package struct ServerReading: Sendable {
    package var address: ServerAddress
    package var before: InfoReading
    package var after: InfoReading
    /// Seconds between the two.
    package var seconds: Double
    /// By name; empty where the user may not ask.
    package var configuration: [String: String]
    package var keys: [SampledKey]

    package struct SampledKey: Sendable, Equatable {
        /// Bytes of its name.
        package var nameLength: Double
        package var type: String
        /// Of MEMORY USAGE, the name and its entry counted in.
        package var bytes: Double
        /// Of a string.
        package var length: Double?
    }

    package var isMaster: Bool { after["role"] == "master" }

    /// How much a field has grown in a second.
    package func rate(_ name: String) -> Double? {
        guard let first = before.number(name), let last = after.number(name), last >= first, seconds > 0 else {
            return nil
        }
        return (last - first) / seconds
    }

    /// Calls and us of commands between the two looks, of those in a set.
    package func calls(of names: Set<String>) -> (calls: Double, microseconds: Double) {
        let (first, last) = (before.commands, after.commands)
        // Sorted: sums of floating point numbers depend on their order.
        return names.sorted().reduce((0, 0)) { sum, name in
            let (one, other) = (first[name] ?? (0, 0), last[name] ?? (0, 0))
            return (sum.0 + max(0, other.calls - one.calls), sum.1 + max(0, other.microseconds - one.microseconds))
        }
    }
}

/// The questions to one server. Only reads.
struct ServerQuestions {
    /// Keys asked about in one piece: a server is busy with it for less than a millisecond.
    private static let batch = 20

    static let directives = [
        "appendonly", "appendfsync", "cluster-node-timeout", "maxmemory", "maxmemory-policy",
        "auto-aof-rewrite-percentage", "auto-aof-rewrite-min-size", "repl-backlog-size", "client-output-buffer-limit",
        "save", "hz",
    ]

    let connection: RedisConnection

    func info() async throws(RedisError) -> InfoReading {
        InfoReading(try await connection.send(["INFO", "everything"]).text ?? "")
    }

    /// What the user may not ask is left out.
    func configuration() async throws(RedisError) -> [String: String] {
        var found: [String: String] = [:]
        let replies = try await connection.pipeline(Self.directives.map { ["CONFIG", "GET", $0] })
        for (name, reply) in zip(Self.directives, replies) {
            if let value = reply[name]?.text { found[name] = value }
        }
        return found
    }

    /// Up to `count` random keys. Ones that vanish meanwhile, and names that are no text, are passed over.
    func sample(_ count: Int) async throws(RedisError) -> (keys: [ServerReading.SampledKey], refusal: String?) {
        var keys: [ServerReading.SampledKey] = []
        var left = count
        while left > 0 {
            let batch = min(left, Self.batch)
            left -= batch
            let replies = try await connection.pipeline([[String]](repeating: ["RANDOMKEY"], count: batch))
            if let failure = replies.lazy.compactMap(\.failure).first { return (keys, "RANDOMKEY: \(failure.message)") }
            let names = replies.compactMap { $0.bytes.flatMap { String(validating: $0, as: UTF8.self) } }
            if names.isEmpty { break }
            let answers = try await connection.pipeline(
                names.flatMap { [["TYPE", $0], ["MEMORY", "USAGE", $0], ["STRLEN", $0]] })
            for (index, name) in names.enumerated() {
                let answer = Array(answers[(index * 3)..<(index * 3 + 3)])
                if let failure = answer[1].failure { return (keys, "MEMORY USAGE: \(failure.message)") }
                guard let type = answer[0].text, let bytes = answer[1].integer else { continue }
                keys.append(
                    ServerReading.SampledKey(
                        nameLength: Double(name.utf8.count), type: type, bytes: Double(bytes),
                        length: type == "string" ? answer[2].integer.map(Double.init) : nil))
            }
        }
        return (keys, nil)
    }
}
