/// A request as it will be sent, made once and sent as often as wanted. Prints as its first word alone: what follows
/// may be a password.
package struct RESPCommand: Sendable, CustomStringConvertible, CustomReflectable {
    package let name: String
    package let bytes: [UInt8]

    package init(_ words: [String]) {
        name = words.first ?? ""
        var bytes: [UInt8] = []
        RESPEncoder.append(words, to: &bytes)
        self.bytes = bytes
    }

    package init(_ words: String...) { self.init(words) }

    package var description: String { name }
    package var customMirror: Mirror { Mirror(self, children: ["name": name]) }
}
