import Foundation
import Synchronization

/// Ctrl-C: the first asks for what is known so far, one more ends the program.
enum Interruption {
    /// As shells report it: 128 + SIGINT.
    static let exitStatus: Int32 = 130

    static var isRequested: Bool { firstInterruption.load(ordering: .relaxed) != never }

    fileprivate static let never: Int64 = -1

    /// Signals so close are one: timeout(1) signals its child and then the child's group. In milliseconds.
    fileprivate static let together: Int64 = 300

    fileprivate static var milliseconds: Int64 {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        return Int64(now.tv_sec) * 1000 + Int64(now.tv_nsec) / 1_000_000
    }

    static func install(signals: [Int32] = [SIGINT]) {
        // Made now, because a signal handler may not.
        firstInterruption.store(never, ordering: .relaxed)
        // A parent that starts programs from its worker threads hands down that they block signals.
        var interrupts = sigset_t()
        sigemptyset(&interrupts)
        for number in signals {
            signal(number) { number in
                let first = firstInterruption.load(ordering: .relaxed)
                let now = Interruption.milliseconds
                if first == Interruption.never {
                    firstInterruption.store(now, ordering: .relaxed)
                } else if now - first > Interruption.together {
                    signal(number, SIG_DFL)
                    raise(number)
                }
            }
            sigaddset(&interrupts, number)
        }
        pthread_sigmask(SIG_UNBLOCK, &interrupts, nil)
    }

    /// For work that does not ask whether it was interrupted: the next signal ends the program, as signals do. Whether
    /// there was one before stays known.
    static func uninstall(signals: [Int32]) {
        for number in signals { signal(number, SIG_DFL) }
    }
}

/// Global, because a signal handler captures nothing.
private let firstInterruption = Atomic<Int64>(-1)
