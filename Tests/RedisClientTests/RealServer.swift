import Foundation
import RedisClient

/// The server binaries that tests run against: `redis-server` on the PATH, and those that the environment variable
/// REHEARSE_SERVERS names, separated by colons.
enum ServerBinaries {
    static let all: [String] = {
        let environment = ProcessInfo.processInfo.environment
        let onPath = (environment["PATH"] ?? "").split(separator: ":").map { "\($0)/redis-server" }
        let named = (environment["REHEARSE_SERVERS"] ?? "").split(separator: ":").map(String.init)
        let found = Array(onPath.filter { FileManager.default.isExecutableFile(atPath: $0) }.prefix(1)) + named
        if found.isEmpty { FileHandle.standardError.write(Data((none + "\n").utf8)) }
        return found
    }()

    /// Whether a server was built with a directive of redis.conf: its name is somewhere in the binary.
    static func knows(_ directive: String, _ binary: String) -> Bool {
        let bytes = try? Data(contentsOf: URL(filePath: binary), options: .alwaysMapped)
        return bytes?.range(of: Data(directive.utf8)) != nil
    }

    static let none = """
        NO SERVER BINARY: tests against real servers are skipped; install redis-server or set REHEARSE_SERVERS
        """
}

/// A server of a test's own, on a loopback address of its own. It ends with the test.
final class RealServer: @unchecked Sendable {
    let address: ServerAddress
    let directory: URL
    private let process = Process()

    struct DidNotStart: Error { var log: String }

    /// Starts the server and waits until it says that it accepts connections.
    init(_ binary: String, _ arguments: [String] = [], host: String? = nil, tlsPort: Int? = nil) throws {
        let bytes = (0..<3).map { _ in Int.random(in: 1...254) }
        let host = host ?? "127.\(bytes[0]).\(bytes[1]).\(bytes[2])"
        // IPv6 has one loopback address only: there the port must do.
        let port = host.contains(":") ? Int.random(in: 20_000...30_000) : 6379
        address = ServerAddress(host: host, port: tlsPort ?? port)
        directory = FileManager.default.temporaryDirectory.appending(path: "rehearse-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        let output = Pipe()
        process.executableURL = URL(filePath: binary)
        process.arguments =
            ["--bind", host, "--port", tlsPort == nil ? "\(port)" : "0", "--save", "", "--dir", directory.path]
            + arguments
        process.standardOutput = output
        process.standardError = output
        try process.run()
        var log = ""
        while !log.contains("eady to accept connections") {
            let data = output.fileHandleForReading.availableData
            if data.isEmpty {
                stop()
                throw DidNotStart(log: log)
            }
            log += String(decoding: data, as: UTF8.self)
        }
    }

    /// The server does nothing more, but its connections stay.
    func freeze() { kill(process.processIdentifier, SIGSTOP) }
    func thaw() { kill(process.processIdentifier, SIGCONT) }

    /// Kills the server and waits until it is gone.
    func stop() {
        if process.isRunning {
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
        }
        try? FileManager.default.removeItem(at: directory)
    }

    deinit { stop() }
}
