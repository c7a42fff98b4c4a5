/// Builds one line of JSON (RFC 8259): an object whose members stand in the order in which they were put in.
package struct JSONLine {
    package private(set) var text = "{"

    package init() {}

    /// The object is complete.
    package mutating func close() { text += "}" }

    package mutating func put(_ name: String, _ value: Int64) {
        open(name)
        text += String(value)
    }

    package mutating func put(_ name: String, _ value: Bool) {
        open(name)
        text += value ? "true" : "false"
    }

    package mutating func put(_ name: String, _ value: String) {
        open(name)
        quote(value)
    }

    /// A number with three digits behind the point.
    package mutating func put(_ name: String, thousandths value: Int64) {
        open(name)
        let digits = String(value.magnitude % 1000)
        text += (value < 0 ? "-" : "") + String(value.magnitude / 1000)
        text += "." + String(repeating: "0", count: 3 - digits.count) + digits
    }

    package mutating func put(_ name: String, _ values: [Int]) {
        open(name)
        text += "[" + values.map(String.init).joined(separator: ",") + "]"
    }

    package mutating func put(_ name: String, _ values: [String]) {
        open(name)
        text += "["
        for (position, value) in values.enumerated() {
            if position > 0 { text += "," }
            quote(value)
        }
        text += "]"
    }

    /// An object of texts.
    package mutating func put(_ name: String, _ settings: [ObservedServer.Setting]) {
        open(name)
        text += "{"
        for (position, setting) in settings.enumerated() {
            if position > 0 { text += "," }
            quote(setting.name)
            text += ":"
            quote(setting.value)
        }
        text += "}"
    }

    private mutating func open(_ name: String) {
        if text.utf8.count > 1 { text += "," }
        quote(name)
        text += ":"
    }

    private mutating func quote(_ value: String) {
        text += "\""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case "\u{0}"..<"\u{20}", "\u{7f}":
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}
