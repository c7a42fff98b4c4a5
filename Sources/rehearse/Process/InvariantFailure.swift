import Foundation

/// A broken invariant is a bug of Rehearse's: say so and how to repeat it, with a status of its own.
enum InvariantFailure {
    /// Catches what a failed precondition raises. `context` says how to repeat the run.
    static func install(context: String = "") {
        let text = "rehearse: an invariant of the simulator is broken; this is a bug, please report it. \(context)\n"
        let bytes = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: text.utf8.count)
        _ = bytes.initialize(fromContentsOf: text.utf8)
        lastWords = bytes
        for number in [SIGILL, SIGTRAP, SIGABRT, SIGSEGV, SIGBUS, SIGFPE] {
            signal(number) { _ in
                _ = Foundation.write(STDERR_FILENO, lastWords.baseAddress, lastWords.count)
                // What sysexits.h calls EX_SOFTWARE.
                _exit(70)
            }
        }
    }
}

/// Bytes that a signal handler may write: set before the run, read when it is too late to make any. Global, because a
/// signal handler captures nothing.
nonisolated(unsafe) private var lastWords = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 0)
