import Foundation
import Synchronization

/// Asynchronous work of a command, whose `run` is synchronous.
enum AsynchronousWork {
    /// Returns when the work has ended. SIGINT, SIGTERM and SIGHUP cancel it first and end the program when repeated.
    static func run<Result: Sendable>(
        _ work: @escaping @Sendable () async throws -> Result
    ) throws -> Result {
        Interruption.install(signals: [SIGINT, SIGTERM, SIGHUP])
        defer { Interruption.uninstall(signals: [SIGINT, SIGTERM, SIGHUP]) }
        let outcome = Outcome<Result>()
        let done = DispatchSemaphore(value: 0)
        let task = Task {
            do { outcome.set(.success(try await work())) } catch { outcome.set(.failure(error)) }
            done.signal()
        }
        while done.wait(timeout: .now() + .milliseconds(50)) == .timedOut {
            if Interruption.isRequested { task.cancel() }
        }
        return try outcome.get()
    }

    private final class Outcome<Value: Sendable>: Sendable {
        private let result = Mutex<Result<Value, any Error>>(.failure(CancellationError()))
        func set(_ new: Result<Value, any Error>) { result.withLock { $0 = new } }
        func get() throws -> Value { try result.withLock { $0 }.get() }
    }
}
