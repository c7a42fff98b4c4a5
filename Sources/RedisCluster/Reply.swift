/// A command's reply, as data and as redis-cli prints it on a terminal.
package indirect enum Reply: Sendable, Equatable {
    case integer(Int)
    case bulk(String)
    case array([Reply])

    /// redis-cli's human form (cliFormatReplyTTY): numbered elements, nested ones indented.
    package var text: String { text(indent: "") }

    private func text(indent: String) -> String {
        switch self {
        case .integer(let value): return "(integer) \(value)\n"
        case .bulk(let value): return "\"\(value)\"\n"
        case .array(let elements):
            if elements.isEmpty { return "(empty array)\n" }
            let width = String(elements.count).count
            let deeper = indent + String(repeating: " ", count: width + 2)
            var lines = ""
            for (position, element) in elements.enumerated() {
                let number = String(position + 1)
                lines += position == 0 ? "" : indent
                lines += String(repeating: " ", count: width - number.count) + number + ") "
                lines += element.text(indent: deeper)
            }
            return lines
        }
    }
}
