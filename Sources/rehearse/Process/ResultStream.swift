import Foundation
import Wording

/// Standard output, for results only: buffered, and complete or an error.
final class ResultStream {
    /// What sysexits.h calls EX_IOERR.
    static let writeFailure: Int32 = 74

    /// Headings, tables and lines are written as Markdown.
    let isMarkdown: Bool
    private var buffer: [UInt8] = []
    private static let chunk = 1 << 16

    init(isMarkdown: Bool = false) { self.isMarkdown = isMarkdown }

    func write(_ text: String) {
        buffer.append(contentsOf: text.utf8)
        if buffer.count >= ResultStream.chunk { flush() }
    }

    /// A line of text for people. Of what would control a terminal only headings are kept.
    func line(_ text: String = "") {
        // In Markdown lines of a paragraph would run together.
        if isMarkdown {
            if !text.isEmpty { write(MarkdownText.escaped(Console.unstyled(text)) + "\n\n") }
        } else {
            write(Console.printable(text) + "\n")
        }
    }

    /// Hands everything to the system. Ends the program where that fails: quietly where the reader has gone, which is
    /// no error (`rehearse run ... | head`), with a message otherwise.
    func flush() {
        var written = 0
        while written < buffer.count {
            let count = buffer.withUnsafeBytes { bytes in
                Foundation.write(STDOUT_FILENO, bytes.baseAddress! + written, bytes.count - written)
            }
            if count >= 0 {
                written += count
            } else if errno == EPIPE {
                exit(0)
            } else if errno != EINTR {
                Console.error("standard output: the results can't be written: \(String(cString: strerror(errno)))")
                exit(ResultStream.writeFailure)
            }
        }
        buffer.removeAll(keepingCapacity: true)
    }
}
