package import Capacity
package import Foundation
import LiveCapacity
import RESP
import RedisClient
package import SystemModel

/// Measures on real servers what the formulas of sizing predict.
package struct FormulaMeasurements: Sendable {
    package let binary: String
    /// Where servers keep their files.
    package let parent: URL

    package init(binary: String = MeasuredServer.binary, parent: URL = FileManager.default.temporaryDirectory) {
        self.binary = binary
        self.parent = parent
    }

    package struct TookTooLong: Error {}

    private static let keySize = 12

    private static func key(_ number: Int) -> String {
        let digits = String(number)
        return "key:" + String(repeating: "0", count: keySize - 4 - digits.count) + digits
    }

    private static func text(_ length: Int) -> String { String(repeating: "x", count: length) }

    /// A server with all slots.
    ///
    /// - Parameter slowSync: how long each of its fsyncs takes, ns.
    package func server(_ arguments: [String] = [], slowSync: Int64 = 0) async throws -> MeasuredServer {
        let server = try await MeasuredServer.start(arguments, binary: binary, parent: parent, slowSync: slowSync)
        try await server.ask("CLUSTER", "ADDSLOTSRANGE", "0", "16383")
        try await until { try await server.ask("CLUSTER", "INFO").text?.contains("cluster_state:ok") == true }
        return server
    }

    /// The spacing of the smallest size classes of the server's allocator, bytes.
    package func quantum(of server: MeasuredServer) async throws -> Double {
        let statistics = try await server.ask("MEMORY", "MALLOC-STATS").text ?? ""
        let hasClass24 = statistics.split(whereSeparator: \.isNewline).contains { line in
            line.split(separator: " ").first == "24"
        }
        return hasClass24 ? 8 : 16
    }

    // MARK: Memory

    package func memory(
        _ server: MeasuredServer, _ kind: Demand.ValueClass.Kind, elements: Int = 1, size: Int, keys: Int,
        expiring: Bool = false
    ) async throws -> MeasuredCase {
        func fill(_ keys: Range<Int>) async throws {
            try await load(server, keys) { Self.write(kind, elements: elements, size: size, key: Self.key($0)) }
            if expiring { try await load(server, keys) { [["EXPIRE", Self.key($0), "100000"]] } }
        }
        // A command's first call makes its histogram of latencies, which no key is to be charged with.
        try await server.ask("FLUSHALL", "SYNC")
        try await fill(0..<1)
        try await server.ask("FLUSHALL", "SYNC")
        let before = try await settledMemory(of: server)
        try await fill(0..<keys)
        let after = try await settledMemory(of: server)
        let measurement = Measurement.memory(
            kind: kind, elements: elements, size: size, keySize: Self.keySize, keys: keys, expiring: expiring)
        return MeasuredCase(measurement, (after - before) / Double(keys), quantum: try await quantum(of: server))
    }

    private static func write(_ kind: Demand.ValueClass.Kind, elements: Int, size: Int, key: String) -> [[String]] {
        func element(_ index: Int) -> String {
            let digits = String(index)
            return digits + text(max(0, size - digits.count))
        }
        func field(_ index: Int) -> String {
            let digits = String(index)
            return "f" + String(repeating: "0", count: Int(Measurement.fieldSize) - 1 - digits.count) + digits
        }
        let all = 0..<elements
        // Tables of values move on to their next size while they are used: reading brings that to its end.
        return switch kind {
        case .string: [["SET", key, text(size)]]
        case .hash: [["HSET", key] + all.flatMap { [field($0), element($0)] }, ["HMGET", key] + all.map(field)]
        case .list: [["RPUSH", key] + all.map(element)]
        case .set: [["SADD", key] + all.map(element), ["SMISMEMBER", key] + all.map(element)]
        case .zset:
            [
                ["ZADD", key] + all.flatMap { ["\(1_234_567.25 + Double($0))", element($0)] },
                ["ZMSCORE", key] + all.map(element),
            ]
        }
    }

    /// `used_memory` once it stands still: tables are rehashed and buffers shrunk in the background.
    private func settledMemory(of server: MeasuredServer) async throws -> Double {
        var last = -1.0
        for _ in 0..<100 {
            let used = try await server.info().number("used_memory") ?? 0
            if (used - last).magnitude < 2000 { return used }
            last = used
            try await Task.sleep(for: .milliseconds(300))
        }
        throw TookTooLong()
    }

    private func load(_ server: MeasuredServer, _ keys: Range<Int>, _ commands: (Int) -> [[String]]) async throws {
        let connection = try await server.connect()
        for start in stride(from: keys.lowerBound, to: keys.upperBound, by: 200) {
            let batch = (start..<min(start + 200, keys.upperBound)).flatMap(commands)
            let replies = try await connection.pipeline(batch)
            if let failure = replies.lazy.compactMap(\.failure).first {
                await connection.close()
                throw RedisError.server(code: failure.code, message: failure.message)
            }
        }
        await connection.close()
    }

    /// Bytes of a connection that has just sent something.
    package func connection(_ server: MeasuredServer, count: Int = 200) async throws -> MeasuredCase {
        let before = try await settledMemory(of: server)
        var connections: [RedisConnection] = []
        for _ in 0..<count { connections.append(try await server.connect()) }
        for connection in connections { _ = try await connection.send(["PING"]) }
        let after = try await server.info().number("used_memory") ?? 0
        for connection in connections { await connection.close() }
        return MeasuredCase(.connection, (after - before) / Double(count), quantum: try await quantum(of: server))
    }

    // MARK: Files

    /// The server must have `appendonly yes`.
    package func appendOnly(_ server: MeasuredServer, size: Int, writes: Int) async throws -> MeasuredCase {
        try await load(server, 0..<1) { [["SET", Self.key($0), "x"]] }
        let before = try await server.info().number("aof_current_size") ?? 0
        try await load(server, 0..<writes) { [["SET", Self.key($0), Self.text(size)]] }
        let after = try await server.info().number("aof_current_size") ?? 0
        return MeasuredCase(
            .appendOnly(keySize: Self.keySize, size: size), (after - before) / Double(writes), quantum: 16)
    }

    package func snapshot(_ server: MeasuredServer, size: Int, keys: Int) async throws -> MeasuredCase {
        try await server.ask("FLUSHALL", "SYNC")
        try await server.ask("CONFIG", "SET", "rdbcompression", "no")
        try await save(server)
        let empty = fileSize(server)
        try await load(server, 0..<keys) { [["SET", Self.key($0), Self.text(size)]] }
        try await save(server)
        return MeasuredCase(
            .snapshot(keySize: Self.keySize, size: size), (fileSize(server) - empty) / Double(keys), quantum: 16)
    }

    private func save(_ server: MeasuredServer) async throws {
        try await server.ask("BGSAVE")
        try await until { try await server.info()["rdb_bgsave_in_progress"] == "0" }
    }

    private func fileSize(_ server: MeasuredServer) -> Double {
        let path = server.directory.appending(path: "dump.rdb").path
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        return (attributes?[.size] as? NSNumber)?.doubleValue ?? 0
    }

    /// Overwrites keys at random while a snapshot is taken that lasts for at least `seconds`.
    package func copied(
        _ server: MeasuredServer, size: Int, keys: Int, writes: Int, seconds: Double
    ) async throws -> MeasuredCase {
        try await server.ask("FLUSHALL", "SYNC")
        try await load(server, 0..<keys) { [["SET", Self.key($0), Self.text(size)]] }
        // The child waits that long at each key, us: an aid for tests of redis-server's own.
        try await server.ask("CONFIG", "SET", "rdb-key-save-delay", "\(max(1, Int(seconds * 1e6) / keys))")
        try await server.ask("BGSAVE")
        var dice = SystemRandomNumberGenerator()
        try await load(server, 0..<writes) { _ in
            [["SET", Self.key(Int.random(in: 0..<keys, using: &dice)), Self.text(size)]]
        }
        guard try await server.info()["rdb_bgsave_in_progress"] == "1" else { throw TookTooLong() }
        try await until(looks: 2400) { try await server.info()["rdb_bgsave_in_progress"] == "0" }
        try await server.ask("CONFIG", "SET", "rdb-key-save-delay", "0")
        return MeasuredCase(
            .copied(keys: keys, writes: writes, size: size),
            try await server.info().number("rdb_last_cow_size") ?? 0, quantum: try await quantum(of: server))
    }

    /// fsyncs a second at some writes a second, at random or at even distances. Each is made to last a fifth of a
    /// second, so that none is missed by looking for one under way every hundredth. Needs the library SlowStorage
    /// beside the program.
    package func commits(writes: Int, atRandom: Bool, seconds: Int) async throws -> MeasuredCase {
        let server = try await self.server(["--appendonly", "yes", "--appendfsync", "everysec"], slowSync: 200_000_000)
        defer { server.stop() }
        let connection = try await server.connect()
        let start = ContinuousClock.now
        let end = start + .seconds(seconds)
        var (begun, isUnderWay, written) = (0, false, 0)
        var next = 1 / Double(writes)
        while ContinuousClock.now < end {
            while next <= (ContinuousClock.now - start) / .seconds(1) {
                _ = try await connection.send(["SET", Self.key(written % 1000), "x"])
                written += 1
                next += (atRandom ? -log(Double.random(in: 0x1p-53...1)) : 1) / Double(writes)
            }
            let info = InfoReading(try await connection.send(["INFO", "persistence"]).text ?? "")
            let syncs = info.number("aof_pending_bio_fsync") ?? 0
            if syncs > 0, !isUnderWay { begun += 1 }
            isUnderWay = syncs > 0
            try await Task.sleep(for: .milliseconds(10))
        }
        let elapsed = (ContinuousClock.now - start) / .seconds(1)
        await connection.close()
        // At random the writes are never as many as on average: what came counts.
        let rate = atRandom ? (Double(written) / elapsed * 1000).rounded() / 1000 : Double(writes)
        return MeasuredCase(
            .commits(writes: rate, atRandom: atRandom), Double(begun) / elapsed, quantum: 16)
    }

    // MARK: The bus

    /// Messages a second that a node of a cluster at rest sends.
    package func bus(nodes: Int, nodeTimeout: Int, seconds: Double) async throws -> MeasuredCase {
        let network = "127.\(Int.random(in: 1...254)).\(Int.random(in: 1...254))"
        var servers: [MeasuredServer] = []
        defer { for server in servers { server.stop() } }
        for number in 0..<nodes {
            servers.append(
                try await MeasuredServer.start(
                    ["--cluster-node-timeout", "\(nodeTimeout)"], host: "\(network).\(number + 1)", binary: binary,
                    parent: parent))
        }
        try await servers[0].ask("CLUSTER", "ADDSLOTSRANGE", "0", "16383")
        for (number, server) in servers.enumerated() {
            try await server.ask("CLUSTER", "SET-CONFIG-EPOCH", "\(number + 1)")
            if number > 0 {
                try await server.ask("CLUSTER", "MEET", servers[0].address.host, "\(servers[0].address.port)")
            }
        }
        for server in servers {
            try await until {
                let text = try await server.ask("CLUSTER", "INFO").text ?? ""
                return text.contains("cluster_known_nodes:\(nodes)\r") && text.contains("cluster_state:ok")
            }
        }
        let before = try await messages(servers)
        let start = ContinuousClock.now
        try await Task.sleep(for: .seconds(seconds))
        let elapsed = (ContinuousClock.now - start) / .seconds(1)
        let sent = try await messages(servers) - before
        return MeasuredCase(
            .bus(nodes: nodes, nodeTimeout: Double(nodeTimeout) / 1000),
            sent / elapsed / Double(nodes), quantum: 16)
    }

    private func messages(_ servers: [MeasuredServer]) async throws -> Double {
        var sum = 0.0
        for server in servers {
            let text = try await server.ask("CLUSTER", "INFO").text ?? ""
            sum += InfoReading(text).number("cluster_stats_messages_sent") ?? 0
        }
        return sum
    }

    /// Looks so many times, 50 ms apart. By the clock a busy machine would give up before it had looked often.
    private func until(looks: Int = 1200, _ condition: () async throws -> Bool) async throws {
        for _ in 0..<looks {
            if try await condition() { return }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw TookTooLong()
    }
}
