import Glibc
import RESP
import Randomness
package import RedisClient
package import RedisCluster
package import SystemModel

/// A real cluster of our own: its servers, their addresses and what is asked of them.
///
/// `close` must be called; should this process end without it, the directory's keeper takes everything down.
package actor LabCluster {
    package let binary: ServerBinary
    package let conf: RedisConf
    package let shape: ClusterShape
    let directory: LabDirectory
    var servers: [LabServer] = []
    private var site: LabSite
    private let storage: SlowStorageSettings?
    private var directives: ServerDirectives
    private var bindsSource = false
    private var connections: [RedisConnection?] = []
    /// How long each server waits before its first start, ns.
    private var startDelays: [Int64] = []

    /// Prepares directories and addresses; nothing runs yet.
    init(
        _ binary: ServerBinary, _ model: SystemModel, hosts: Int, _ storage: SlowStorageSettings?,
        dice: inout RandomStream
    ) throws(LabError) {
        self.binary = binary
        conf = model.conf
        shape = model.shape
        directory = try LabDirectory(for: binary)
        self.storage = storage
        directives = ServerDirectives(conf) { _ in false }
        site = try LabSite(model, hosts: hosts, directory, &dice)
        for index in 0..<shape.nodes {
            let home = try directory.make("\(index)")
            let server = LabServer(
                index: index, directory: home, logPath: "\(directory.path)/\(index).log",
                address: try site.newAddress(of: index))
            servers.append(server)
            connections.append(nil)
        }
        for _ in servers.indices { startDelays.append(Int64(dice.uniform() * LabCluster.pingCycle)) }
    }

    /// Each server pings one of the others at every tenth tick since its start, ns. Servers that start together would
    /// all do so at the same moments for many minutes, unlike those of a cluster that has been up for long.
    private static let pingCycle = 1e9

    package var port: Int { site.port }

    package var addresses: [ServerAddress] { servers.map { ServerAddress(host: $0.address, port: site.port) } }

    // MARK: Processes

    /// Starts every server and waits until all answer.
    package func start() async throws {
        let known = try await knownDirectives()
        directives = ServerDirectives(conf) { known.contains($0) }
        bindsSource = known.contains("bind-source-addr")
        let begin = ContinuousClock.now
        for index in servers.indices.sorted(by: { startDelays[$0] < startDelays[$1] }) {
            try await Task.sleep(until: begin + .nanoseconds(startDelays[index]), tolerance: .zero)
            try launch(index)
        }
        for index in servers.indices { try await awaitAnswer(index) }
        for index in servers.indices {
            servers[index].name = NodeName(try await text(index, "CLUSTER", "MYID"))
        }
    }

    /// Names of directives, from a server that runs alone for a moment.
    private func knownDirectives() async throws -> Set<String> {
        var probe = ServerDirectives(conf) { _ in false }
        probe.place(
            at: servers[0].address, port: site.port, directory: servers[0].directory, logLevel: "notice",
            bindsSource: false)
        let process = try spawn(0, probe)
        servers[0].process = process
        try await awaitAnswer(0)
        let reply = try await ask(0, ["CONFIG", "GET", "*"])
        await disconnect(0)
        kill(process.pid, SIGKILL)
        await process.awaitEnd()
        servers[0].process = nil
        unlink("\(servers[0].directory)/nodes.conf")
        return Set((reply.pairs ?? []).compactMap { $0.key.text })
    }

    func launch(_ index: Int) throws(LabError) {
        var own = directives
        own.place(
            at: servers[index].address, port: site.port, directory: servers[index].directory,
            logLevel: binary.logLevel, bindsSource: bindsSource)
        servers[index].process = try spawn(index, own)
        servers[index].isFrozen = false
    }

    private func spawn(_ index: Int, _ directives: ServerDirectives) throws(LabError) -> ChildProcess {
        let server = servers[index]
        let command = site.prefix(of: index) + [binary.path] + directives.arguments
        var setting = ChildProcess.Setting(directory: server.directory, output: server.logPath)
        if let storage { setting.environment += storage.environment(root: server.directory, seed: UInt64(index)) }
        let process = try ChildProcess(command[0], Array(command.dropFirst()), setting)
        process.takeOnPriority()
        return process
    }

    /// Starts a server again, where asked under an address that nobody had.
    func restart(_ index: Int, newAddress: Bool) async throws {
        await disconnect(index)
        if newAddress { servers[index].address = try site.newAddress(of: index) }
        try launch(index)
    }

    /// Reaps what has ended.
    func reap() {
        for index in servers.indices where servers[index].process?.reap() == true {
            servers[index].process = nil
            servers[index].isFrozen = false
        }
    }

    /// Cuts the hosts off from each other, or joins them again.
    func setLink(isCut: Bool) throws(LabError) { try site.setLink(isCut: isCut) }

    /// Hosts with their processes, where there is more than one.
    var hosts: [(name: String, processes: [Int])] { site.hosts }

    /// Ends every server at once and removes all that the cluster had. The cluster can't be used afterwards.
    package func close() async {
        for index in servers.indices { await disconnect(index) }
        for server in servers { if let process = server.process { kill(process.pid, SIGKILL) } }
        for index in servers.indices {
            await servers[index].process?.awaitEnd()
            servers[index].process = nil
        }
        await directory.close()
    }

    // MARK: Questions

    /// A server's reply to a command; connects where there is no connection, and once more where it has gone.
    func ask(_ index: Int, _ command: [String]) async throws -> RESPValue {
        if let connection = connections[index] {
            do {
                return try await connection.send(command)
            } catch {
                await disconnect(index)
                if case .server = error { throw error }
            }
        }
        let options = ConnectionOptions(connectTimeout: .seconds(1), replyTimeout: .seconds(2))
        let address = ServerAddress(host: servers[index].address, port: site.port)
        let connection = try await RedisConnection.connect(to: address, options: options)
        connections[index] = connection
        return try await connection.send(command)
    }

    /// A reply that should be text.
    func text(_ index: Int, _ command: String...) async throws -> String {
        try await ask(index, command).text ?? ""
    }

    func view(of index: Int) async throws -> ClusterView {
        try ClusterView(parsing: try await text(index, "CLUSTER", "NODES"))
    }

    func disconnect(_ index: Int) async {
        await connections[index]?.close()
        connections[index] = nil
    }

    private func awaitAnswer(_ index: Int) async throws {
        let deadline = ContinuousClock.now + .seconds(30)
        while true {
            if (try? await text(index, "PING")) == "PONG" { return }
            if servers[index].process?.reap() != false { throw startFailure(index, "ended at once") }
            if ContinuousClock.now > deadline { throw startFailure(index, "did not answer within 30 s") }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    private func startFailure(_ index: Int, _ what: String) -> LabError {
        servers[index].process = nil
        let last = LogTail.lastLines(of: servers[index].logPath, 3)
        return LabError(
            "\(binary.spoken) on \(servers[index].address):\(site.port) \(what)", "it said \"\(last)\"",
            instead: "try it by hand: \(binary.path) --port \(site.port)")
    }
}
