import Foundation

/// Standard error: everything that is not a result.
enum Console {
    static func error(_ text: String) { write(text + "\n") }

    static func write(_ text: String) {
        let bytes = Array(text.utf8)
        // Nowhere to complain if complaining fails.
        _ = bytes.withUnsafeBytes { Foundation.write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }

    /// A terminal that can redraw its line.
    static var isInteractive: Bool {
        isatty(STDERR_FILENO) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"
    }

    /// Bold headings: only on a terminal, and not against NO_COLOR (https://no-color.org).
    static let resultsAreStyled: Bool = {
        let environment = ProcessInfo.processInfo.environment
        let refused = environment["NO_COLOR"].map { !$0.isEmpty } ?? false
        return isatty(STDOUT_FILENO) == 1 && environment["TERM"] != "dumb" && !refused
    }()

    static func heading(_ text: String) -> String { resultsAreStyled ? "\u{1b}[1m\(text)\u{1b}[0m" : text }
}
