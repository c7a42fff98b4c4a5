import ArgumentParser

/// How results are written.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
    /// Text for people; `wide` says more.
    case table, wide
    /// The same as Markdown, for issues and wikis.
    case markdown
    /// For programs.
    case json, yaml, csv
}

extension OutputFormat {
    /// Text rather than data.
    var isText: Bool {
        switch self {
        case .table, .wide, .markdown: true
        case .json, .yaml, .csv: false
        }
    }

    /// For commands whose results are not rows, and whose text has one form.
    static func refuseCSV(_ format: OutputFormat, for command: String) throws {
        try allow([.table, .json, .yaml], format, for: command)
    }

    /// Refuses a format that a command does not have.
    static func allow(_ formats: [OutputFormat], _ format: OutputFormat, for command: String) throws {
        guard !formats.contains(format) else { return }
        let names = formats.map(\.rawValue)
        let list = names.dropLast().joined(separator: ", ") + " or " + (names.last ?? "")
        throw ValidationError("\(command) has no \(format.rawValue): use -o \(list)")
    }

    /// Writes a document as JSON or YAML.
    func write(_ document: Document, to output: ResultStream) {
        if self == .yaml {
            YAMLWriter(output: output).write(document)
        } else {
            JSONWriter(output: output).write(document)
        }
    }
}
