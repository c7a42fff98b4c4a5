import Foundation
import Synchronization

/// Ctrl-C: the first asks for what is known so far, the second ends the program.
enum Interruption {
    /// As shells report it: 128 + SIGINT.
    static let exitStatus: Int32 = 130

    static var isRequested: Bool { interruptionRequested.load(ordering: .relaxed) }

    static func install(signals: [Int32] = [SIGINT]) {
        // Made now, because a signal handler may not.
        interruptionRequested.store(false, ordering: .relaxed)
        // A parent that starts programs from its worker threads hands down that they block signals.
        var interrupts = sigset_t()
        sigemptyset(&interrupts)
        for number in signals {
            signal(number) { number in
                interruptionRequested.store(true, ordering: .relaxed)
                signal(number, SIG_DFL)
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
private let interruptionRequested = Atomic<Bool>(false)
