import Foundation
import RESP
import RedisClient
import RedisCluster

/// A real cluster on loopback addresses of a test's own. Node timeout: a second.
final class RealCluster: Sendable {
    let servers: [RealServer]
    private let network: String
    private let directory: URL

    struct NeverAgreed: Error {}

    /// The first `masters` servers share the slots; the others are their replicas in turn.
    init(masters: Int, replicas: Int, _ arguments: [String] = []) async throws {
        let network = "127.\(Int.random(in: 1...254)).\(Int.random(in: 1...254))"
        let directory = FileManager.default.temporaryDirectory.appending(path: "rehearse-\(UUID().uuidString)")
        self.network = network
        self.directory = directory
        servers = try (0..<masters + replicas).map { number in
            try RealServer(
                host: "\(network).\(number + 1)", directory: directory.appending(path: "\(number)"),
                ["--cluster-node-timeout", "1000"] + arguments)
        }
        try await join(masters: masters)
    }

    /// An address that no node has had.
    var unusedHost: String { "\(network).\(servers.count + 1)" }

    private func join(masters: Int) async throws {
        let layout = SlotLayout.evenly(masters: masters)
        for (number, server) in servers.enumerated() {
            try await ask(server, "CLUSTER", "SET-CONFIG-EPOCH", "\(number + 1)")
            if number < masters {
                let slots = layout.parts[number]
                try await ask(server, "CLUSTER", "ADDSLOTSRANGE", "\(slots.lowerBound)", "\(slots.upperBound)")
            }
            if number > 0 {
                let first = servers[0].address
                try await ask(server, "CLUSTER", "MEET", first.host, "\(first.port)")
            }
        }
        try await agree { $0.nodes.count == self.servers.count && !$0.nodes.contains { $0.flags.has(.handshake) } }
        for number in masters..<servers.count {
            let master = try await id(of: servers[(number - masters) % masters])
            try await ask(servers[number], "CLUSTER", "REPLICATE", master.text)
        }
        let replicas = servers.count - masters
        try await agree { $0.nodes.count { $0.flags.has(.replica) } == replicas }
        for replica in servers[masters...] {
            try await until {
                try await self.ask(replica, "INFO", "replication").text?.contains("master_link_status:up") == true
            }
        }
        for server in servers {
            try await until { try await self.ask(server, "CLUSTER", "INFO").text?.contains("cluster_state:ok") == true }
        }
    }

    @discardableResult
    func ask(_ server: RealServer, _ words: String...) async throws -> RESPValue { try await ask(server, words: words) }

    @discardableResult
    func ask(_ server: RealServer, words: [String]) async throws -> RESPValue {
        let connection = try await RedisConnection.connect(to: server.address)
        do {
            let reply = try await connection.send(words)
            await connection.close()
            return reply
        } catch {
            await connection.close()
            throw error
        }
    }

    func view(of server: RealServer) async throws -> ClusterView {
        try ClusterView(parsing: try await ask(server, "CLUSTER", "NODES").text ?? "")
    }

    func id(of server: RealServer) async throws -> NodeName {
        guard let id = try await view(of: server).myself else { throw NeverAgreed() }
        return id
    }

    private func agree(_ isRight: @escaping (ClusterView) -> Bool) async throws {
        for server in servers { try await until { isRight(try await self.view(of: server)) } }
    }

    private func until(_ condition: () async throws -> Bool) async throws {
        let deadline = ContinuousClock.now + .seconds(60)
        while try await !condition() {
            guard ContinuousClock.now < deadline else { throw NeverAgreed() }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    func stop() {
        for server in servers { server.kill() }
        try? FileManager.default.removeItem(at: directory)
    }

    deinit { stop() }
}
