package import Foundation
package import LiveCapacity
package import RESP
package import RedisClient

/// A redis-server of our own on a loopback address drawn at random, with a directory of its own; both are gone with it.
package final class MeasuredServer: Sendable {
    package let address: ServerAddress
    package let directory: URL
    package let pid: Int32
    private let process: Process

    package struct DidNotStart: Error, CustomStringConvertible {
        package let description: String
    }

    /// Where Debian has it.
    package static let binary = "/usr/bin/redis-server"

    /// Starts a cluster node and waits until it answers.
    ///
    /// - Parameters:
    ///   - parent: where its directory is made.
    ///   - arguments: further options of redis-server.
    ///   - slowSync: how long each fsync takes, ns; 0 leaves it to the disk.
    package static func start(
        _ arguments: [String] = [], host: String = MeasuredServer.randomHost(), binary: String = MeasuredServer.binary,
        parent: URL = FileManager.default.temporaryDirectory, slowSync: Int64 = 0
    ) async throws -> MeasuredServer {
        let server = try MeasuredServer(arguments, host: host, binary: binary, parent: parent, slowSync: slowSync)
        var failure = ""
        for _ in 0..<attempts {
            do {
                let connection = try await server.connect()
                await connection.close()
                return server
            } catch { failure = "\(error)" }
            guard server.process.isRunning else { break }
            try await Task.sleep(for: .milliseconds(20))
        }
        server.stop()
        throw DidNotStart(description: "\(binary) on \(server.address) did not start: \(failure)")
    }

    /// Attempts to connect, 20 ms apart: half a minute where nothing else is done. Counted, because where all threads
    /// are busy a clock would run out before many were made.
    private static let attempts = 1500

    package static func randomHost() -> String {
        "127.\(Int.random(in: 1...254)).\(Int.random(in: 1...254)).\(Int.random(in: 1...254))"
    }

    private init(_ arguments: [String], host: String, binary: String, parent: URL, slowSync: Int64) throws {
        address = ServerAddress(host: host, port: ServerAddress.defaultPort)
        directory = parent.appending(path: "rehearse-capacity-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        process = Process()
        process.executableURL = URL(filePath: binary)
        process.arguments =
            [
                "--bind", host, "--bind-source-addr", host, "--port", "\(address.port)", "--dir", directory.path,
                "--save", "", "--cluster-enabled", "yes", "--protected-mode", "no", "--repl-diskless-sync-delay", "0",
            ] + arguments
        if slowSync > 0 {
            process.environment = try MeasuredServer.slowStorage(directory, slowSync).merging(
                ProcessInfo.processInfo.environment
            ) { ours, _ in ours }
        }
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        do { try process.run() } catch {
            try? FileManager.default.removeItem(at: directory)
            throw DidNotStart(description: "\(binary): \(error.localizedDescription)")
        }
        pid = process.processIdentifier
    }

    /// The library that makes fsyncs last lies beside the program (`swift build --product SlowStorage`).
    private static func slowStorage(_ directory: URL, _ nanoseconds: Int64) throws -> [String: String] {
        let program = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        let library = program.deletingLastPathComponent().appending(path: "libSlowStorage.so").path
        guard FileManager.default.isReadableFile(atPath: library) else {
            throw DidNotStart(description: "there is no \(library); build it: swift build --product SlowStorage")
        }
        return [
            "LD_PRELOAD": library, "REHEARSE_SLOW_KIND": "disk", "REHEARSE_SLOW_ROOT": directory.path,
            "REHEARSE_SLOW_SEED": "1", "REHEARSE_SLOW_COMMIT": "0.0001:\(nanoseconds),0.9999:\(nanoseconds)",
        ]
    }

    package func connect() async throws(RedisError) -> RedisConnection {
        try await RedisConnection.connect(to: address, options: ConnectionOptions(replyTimeout: .seconds(60)))
    }

    /// One request on a connection of its own, which does not stay to be measured.
    @discardableResult
    package func ask(_ words: String...) async throws(RedisError) -> RESPValue {
        let connection = try await connect()
        do throws(RedisError) {
            let reply = try await connection.send(words)
            await connection.close()
            return reply
        } catch {
            await connection.close()
            throw error
        }
    }

    package func info() async throws(RedisError) -> InfoReading {
        InfoReading(try await ask("INFO", "everything").text ?? "")
    }

    /// SIGKILL, and gone when it returns.
    package func stop() {
        if process.isRunning {
            kill(pid, SIGKILL)
            process.waitUntilExit()
        }
        try? FileManager.default.removeItem(at: directory)
    }

    deinit { stop() }
}
