import Foundation
import Testing

@testable import Lab

/// The server that labs of tests run: `redis-server` along the PATH, or the first that REHEARSE_SERVERS names.
enum Servers {
    static let binary: ServerBinary? = {
        let environment = ProcessInfo.processInfo.environment
        let named = (environment["REHEARSE_SERVERS"] ?? "").split(separator: ":").map(String.init)
        for name in ["redis-server"] + named { if let binary = try? ServerBinary(finding: name) { return binary } }
        FileHandle.standardError.write(
            Data(
                "NO SERVER BINARY: tests of real labs are skipped; install redis-server or set REHEARSE_SERVERS\n".utf8)
        )
        return nil
    }()

    static var canRun: Bool { binary != nil }

    /// Pids of processes that have their working directory below a directory.
    static func processes(below directory: String) -> [Int32] {
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return entries.compactMap(Int32.init).filter { pid in
            let link = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(pid)/cwd")
            return link?.hasPrefix(directory + "/") == true
        }
    }

    /// Waits until a condition holds; false if it does not within the time.
    static func await(_ seconds: Double, _ condition: () throws -> Bool) async rethrows -> Bool {
        let deadline = ContinuousClock.now + .seconds(seconds)
        while try !condition() {
            if ContinuousClock.now > deadline { return false }
            try? await Task.sleep(for: .milliseconds(20))
        }
        return true
    }
}
