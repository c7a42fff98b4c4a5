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
    }
}

/// Global, because a signal handler captures nothing.
private let interruptionRequested = Atomic<Bool>(false)
