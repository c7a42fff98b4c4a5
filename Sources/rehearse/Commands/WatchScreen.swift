import Foundation
import LiveCluster
import Recording
import Synchronization

/// The table of `record --watch` on a terminal, drawn anew a few times a second.
final class WatchScreen: Sendable {
    private struct State {
        var table = LiveTable()
        var problems: [String] = []
        var isOpen = false
        var isStale = true
    }

    private let state = Mutex(State())

    private static let drawsPerSecond = 5.0
    private static let mostProblems = 5

    /// nil where standard output is no terminal that could show it.
    init?() {
        guard isatty(STDOUT_FILENO) == 1, ProcessInfo.processInfo.environment["TERM"] != "dumb" else { return nil }
    }

    func add(_ entries: [Recording.Entry]) {
        state.withLock {
            $0.table.add(entries)
            $0.isStale = true
        }
    }

    func say(_ problem: String) {
        state.withLock {
            $0.problems = ($0.problems + [problem]).suffix(WatchScreen.mostProblems)
            $0.isStale = true
        }
    }

    func open() {
        state.withLock { $0.isOpen = true }
        write("\u{1b}[2J")
        Thread.detachNewThread { [self] in
            while draw() { Thread.sleep(forTimeInterval: 1 / WatchScreen.drawsPerSecond) }
        }
    }

    /// What was drawn stays, and what follows stands below.
    func close() {
        _ = draw()
        state.withLock { $0.isOpen = false }
        write("\n")
    }

    /// False once it is closed.
    private func draw() -> Bool {
        let (isOpen, lines) = state.withLock { state -> (Bool, [String]?) in
            guard state.isOpen, state.isStale else { return (state.isOpen, nil) }
            state.isStale = false
            return (true, state.table.lines(width: WatchScreen.width) + state.problems)
        }
        if let lines {
            // Home; each line cleared to its end; below them nothing. What is typed stands last.
            write("\u{1b}[H" + lines.map { $0 + "\u{1b}[K\n" }.joined() + "\u{1b}[J\nnote: ")
        }
        return isOpen
    }

    private static var width: Int {
        var size = winsize()
        return ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
    }

    /// Nowhere to complain if a terminal is gone.
    private func write(_ text: String) {
        let bytes = Array(text.utf8)
        _ = bytes.withUnsafeBytes { Foundation.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
    }
}
