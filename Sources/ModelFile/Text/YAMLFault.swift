import Yams

/// The parser's errors in the words of this product.
enum YAMLFault {
    static func duplicate(_ key: String, at place: Place) -> Diagnostic {
        Diagnostic(
            at: place, "the key \"\(YAMLNode.shortened(key))\" stands twice in one mapping",
            "only one of them could count",
            instead: "delete or rename one")
    }

    static func diagnostic(of error: any Error, in file: SourceFile) -> Diagnostic {
        guard let error = error as? YamlError else {
            return Diagnostic(
                at: .start(of: file.path), "not YAML", "\(error)", instead: "write a YAML or JSON document")
        }
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            return syntax(problem, at: mark, in: file)
        case .duplicatedKeysInMapping(let duplicates, let context):
            let place = Place.file(file.path, line: max(1, context.mark.line), column: max(1, context.mark.column))
            return duplicate(duplicates.first ?? "", at: place)
        case .reader(let problem, let offset, _, _):
            return Diagnostic(
                at: SourceFile.place(ofByte: offset ?? 0, in: file.text.utf8, path: file.path),
                "text that is not YAML", problem, instead: "delete the character, or quote it as an escape")
        case .memory:
            return Diagnostic(at: .start(of: file.path), "too large", "memory ran out", instead: "split the file")
        case .no, .writer, .emitter, .representer, .dataCouldNotBeDecoded:
            return Diagnostic(
                at: .start(of: file.path), "not YAML", "it can't be decoded", instead: "write a YAML or JSON document")
        }
    }

    private static func syntax(_ problem: String, at mark: Mark, in file: SourceFile) -> Diagnostic {
        let place = Place.file(file.path, line: max(1, mark.line), column: max(1, mark.column))
        if let column = tabColumn(at: mark, in: file) {
            return Diagnostic(
                at: .file(file.path, line: max(1, mark.line), column: column), "a tab in the indentation",
                "YAML is indented by spaces only", instead: "replace the tab by spaces")
        }
        return Diagnostic(at: place, "not YAML", problem, instead: advice(for: problem))
    }

    /// The column of a tab in the leading white space of the line where the parser gave up.
    private static func tabColumn(at mark: Mark, in file: SourceFile) -> Int? {
        let lines = file.text.split(separator: "\n", maxSplits: mark.line, omittingEmptySubsequences: false)
        guard mark.line >= 1, mark.line <= lines.count else { return nil }
        let indentation = lines[mark.line - 1].prefix { $0 == " " || $0 == "\t" }
        guard let tab = indentation.firstIndex(of: "\t") else { return nil }
        return indentation.distance(from: indentation.startIndex, to: tab) + 1
    }

    private static func advice(for problem: String) -> String {
        switch problem {
        case let text where text.contains("undefined alias"):
            "mark the value with &name before *name uses it, or quote the text"
        case let text where text.contains("mapping values are not allowed"):
            "put the key on its own line, or quote a text that has a colon in it"
        case let text where text.contains("nesting level"):
            "write a document with less nesting"
        case let text where text.contains("expected <block end>"):
            "indent the line as its neighbours are, or close the quote or bracket above it"
        default:
            "close the bracket or quote, mend the indentation, or quote the text"
        }
    }
}
