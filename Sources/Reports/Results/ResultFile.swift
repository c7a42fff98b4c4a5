import Recording

/// A result as a command printed it with `-o json`.
package struct ResultFile: Sendable {
    /// The name that messages use.
    package let name: String
    package let root: ResultValue
    /// `rehearse.run/v1`.
    package let format: String

    /// Why a text is no result; line and column count from 1.
    package struct Fault: Error, Equatable {
        package var line: Int
        package var column: Int
        package var what: String
        package var why: String
        package var instead: String
    }

    package init(name: String, bytes: [UInt8]) throws(Fault) {
        self.name = name
        let value: JSONValue
        do {
            value = try JSONValue(parsing: bytes[...])
        } catch {
            let (line, column) = ResultFile.position(ofByte: error.column - 1, in: bytes)
            throw Fault(
                line: line, column: column, what: "no JSON", why: error.what,
                instead: "give what a command printed with -o json")
        }
        root = ResultValue(value)
        guard let format = root["format"]?.text, format.hasPrefix("rehearse.") else {
            throw Fault(
                line: 1, column: 1, what: "no result", why: "its \"format\" does not begin with rehearse.",
                instead: "give what a command printed with -o json")
        }
        self.format = format
    }

    private static func position(ofByte offset: Int, in bytes: [UInt8]) -> (line: Int, column: Int) {
        let before = bytes.prefix(max(0, offset))
        let line = before.count { $0 == 10 } + 1
        let start = before.lastIndex(of: 10).map { $0 + 1 } ?? 0
        // Continuation bytes of UTF-8 are no columns.
        return (line, before[start...].count { $0 & 0xC0 != 0x80 } + 1)
    }
}
