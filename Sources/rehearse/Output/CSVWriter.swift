/// Writes rows as CSV (RFC 4180, but with line feeds), a header first; null is an empty field.
struct CSVWriter {
    let output: ResultStream

    func write(header: [String], rows: Int, row: (Int) -> [Document]) {
        output.write(header.map(field).joined(separator: ",") + "\n")
        for index in 0..<rows { output.write(row(index).map(field).joined(separator: ",") + "\n") }
    }

    private func field(_ value: Document) -> String {
        switch value {
        case .null: ""
        case .text(let text): field(text)
        case .number(let value, _) where !value.isFinite: ""
        case .scientific(let value) where !value.isFinite: ""
        default: field(JSONWriter.compact(value))
        }
    }

    private func field(_ text: String) -> String {
        guard text.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return text }
        return "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }
}
