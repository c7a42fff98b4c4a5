/// Writes a document as YAML: block style, with texts in double quotes, which YAML shares with JSON.
struct YAMLWriter {
    let output: ResultStream

    func write(_ document: Document) {
        if isInline(document) {
            output.write(JSONWriter.compact(document) + "\n")
        } else {
            writeBlock(document, level: 0)
        }
    }

    private func isInline(_ document: Document) -> Bool {
        if document.isScalar || document.isEmpty { return true }
        if case .list(let elements) = document { return elements.allSatisfy(\.isScalar) }
        return false
    }

    /// The lines of an object or a list at a level.
    private func writeBlock(_ document: Document, level: Int) {
        let indentation = String(repeating: "  ", count: level)
        switch document {
        case .object(let entries):
            for entry in entries {
                output.write(indentation + key(entry.key) + ":")
                writeValue(entry.value, level: level + 1)
            }
        case .list(let elements):
            for element in elements { writeElement(element, level: level) }
        case .rows(let count, let row):
            for index in 0..<count { output.write("\(indentation)- \(JSONWriter.compact(row(index)))\n") }
        case .null, .boolean, .integer, .number, .scientific, .text:
            output.write(indentation + JSONWriter.compact(document) + "\n")
        }
    }

    private func writeValue(_ document: Document, level: Int) {
        if isInline(document) {
            output.write(" " + JSONWriter.compact(document) + "\n")
        } else {
            output.write("\n")
            writeBlock(document, level: level)
        }
    }

    /// An element's dash stands alone: what belongs to it follows one level deeper.
    private func writeElement(_ element: Document, level: Int) {
        output.write(String(repeating: "  ", count: level) + "-")
        writeValue(element, level: level + 1)
    }

    /// A key is plain where no YAML reader could take it for anything but a text.
    private func key(_ key: String) -> String {
        let isPlain =
            key.first?.isLetter == true && key.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
        let isWord = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"].contains(key.lowercased())
        return isPlain && !isWord ? key : JSONWriter.quoted(key)
    }
}
