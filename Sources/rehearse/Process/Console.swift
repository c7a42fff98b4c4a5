import Foundation
import ModelFile

/// Standard error: everything that is not a result.
enum Console {
    static func error(_ text: String) { write(PrintableText.lines(of: text) + "\n") }

    /// Writes the text as it is.
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

    private static let bold = "\u{1b}[1m"
    private static let plain = "\u{1b}[0m"

    static func heading(_ text: String) -> String { resultsAreStyled ? bold + text + plain : text }

    /// A text with headings in it, printable, as if there were none.
    static func unstyled(_ text: String) -> String {
        PrintableText.lines(
            of: text.split(separator: bold, omittingEmptySubsequences: false).joined()
                .split(separator: plain, omittingEmptySubsequences: false).joined())
    }

    /// A text with headings in it, and nothing else that would control a terminal.
    static func printable(_ text: String) -> String {
        guard resultsAreStyled else { return PrintableText.lines(of: text) }
        let parts = text.split(separator: bold, omittingEmptySubsequences: false).map { part in
            part.split(separator: plain, omittingEmptySubsequences: false)
                .map { PrintableText.lines(of: String($0)) }.joined(separator: plain)
        }
        return parts.joined(separator: bold)
    }
}
