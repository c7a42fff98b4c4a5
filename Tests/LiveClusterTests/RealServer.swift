import Foundation
import RedisClient
import Synchronization

/// A cluster node of a test's own: redis-server on a loopback address, which ends with the test.
final class RealServer: Sendable {
    static let binary = "/usr/bin/redis-server"
    static let isAvailable = FileManager.default.isExecutableFile(atPath: binary)
    static let none = "NO SERVER BINARY: tests against real clusters are skipped; install redis-server"
    static let port = 6379

    private let directory: URL
    private let arguments: [String]
    private let state: Mutex<(host: String, process: Process)>

    struct DidNotStart: Error { var log: String }

    /// Starts the server and waits until it accepts connections.
    init(host: String, directory: URL, _ arguments: [String]) throws {
        self.directory = directory
        self.arguments = arguments
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        state = Mutex((host, try RealServer.launch(host, directory, arguments)))
    }

    private static func launch(_ host: String, _ directory: URL, _ arguments: [String]) throws -> Process {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(filePath: binary)
        process.arguments =
            [
                "--bind", host, "--bind-source-addr", host, "--port", "\(port)", "--save", "", "--cluster-enabled",
                "yes",
                "--dir", directory.path,
                "--protected-mode", "no", "--repl-diskless-sync-delay", "0",
            ]
            + arguments
        process.standardOutput = output
        process.standardError = output
        try process.run()
        var log = ""
        while !log.contains("eady to accept connections") {
            let data = output.fileHandleForReading.availableData
            if data.isEmpty { throw DidNotStart(log: log) }
            log += String(decoding: data, as: UTF8.self)
        }
        // Nobody reads what else it says; a full pipe would stop it.
        output.fileHandleForReading.readabilityHandler = { _ = $0.availableData }
        return process
    }

    var address: ServerAddress { state.withLock { ServerAddress(host: $0.host, port: RealServer.port) } }
    private var pid: pid_t { state.withLock { $0.process.processIdentifier } }

    func freeze() { Foundation.kill(pid, SIGSTOP) }
    func thaw() { Foundation.kill(pid, SIGCONT) }

    /// SIGKILL, and gone when it returns.
    func kill() {
        state.withLock {
            guard $0.process.isRunning else { return }
            Foundation.kill($0.process.processIdentifier, SIGKILL)
            $0.process.waitUntilExit()
        }
    }

    /// Starts again on the files it left, elsewhere perhaps.
    func restart(host: String? = nil) throws {
        try state.withLock {
            if let host { $0.host = host }
            $0.process = try RealServer.launch($0.host, directory, arguments)
        }
    }
}
