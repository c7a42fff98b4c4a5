import Foundation
import Synchronization

/// Ctrl-C: the first asks for what is known so far, the second ends the program.
enum Interruption {
    /// As shells report it: 128 + SIGINT.
    static let exitStatus: Int32 = 130

    static var isRequested: Bool { interruptionRequested.load(ordering: .relaxed) }

    static func install() {
        // Made now, because a signal handler may not.
        interruptionRequested.store(false, ordering: .relaxed)
        signal(SIGINT) { _ in
            interruptionRequested.store(true, ordering: .relaxed)
            signal(SIGINT, SIG_DFL)
        }
        // A parent that starts programs from its worker threads hands down that they block signals.
        var interrupts = sigset_t()
        sigemptyset(&interrupts)
        sigaddset(&interrupts, SIGINT)
        pthread_sigmask(SIG_UNBLOCK, &interrupts, nil)
    }
}

/// Global, because a signal handler captures nothing.
private let interruptionRequested = Atomic<Bool>(false)
