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
                at: .start(of: file.path), "not YAML", "it can't be read", instead: "write a YAML or JSON document")
        }
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            return syntax(problem, at: mark, in: file)
        case .duplicatedKeysInMapping(let duplicates, let context):
            let place = Place.file(file.path, line: max(1, context.mark.line), column: max(1, context.mark.column))
            return duplicate(duplicates.first ?? "", at: place)
        case .reader(_, let offset, _, _):
            return Diagnostic(
                at: SourceFile.place(ofByte: offset ?? 0, in: file.text.utf8, path: file.path),
                "text that is not YAML", "it has a character that YAML doesn't allow",
                instead: "delete the character, or quote it as an escape")
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
        let words = words(for: problem)
        return Diagnostic(at: place, "not YAML", words.why, instead: words.instead)
    }

    /// The column of a tab in the leading white space of the line where the parser gave up.
    private static func tabColumn(at mark: Mark, in file: SourceFile) -> Int? {
        let lines = file.text.split(separator: "\n", maxSplits: mark.line, omittingEmptySubsequences: false)
        guard mark.line >= 1, mark.line <= lines.count else { return nil }
        let indentation = lines[mark.line - 1].prefix { $0 == " " || $0 == "\t" }
        guard let tab = indentation.firstIndex(of: "\t") else { return nil }
        return indentation.distance(from: indentation.startIndex, to: tab) + 1
    }

    /// What is wrong and what to do, for the parser's own wording of it.
    private static func words(for problem: String) -> (why: String, instead: String) {
        let known = table.first { problem.contains($0.sign) }
        return known.map { ($0.why, $0.instead) }
            ?? ("the text can't go on like this", "close the bracket or quote, mend the indentation, or quote the text")
    }

    private static let table: [(sign: String, why: String, instead: String)] = [
        (
            "undefined alias", "an alias stands for a value that no anchor marks",
            "mark the value with &name before *name uses it, or quote the text"
        ),
        (
            "mapping values are not allowed", "a second key, or a colon, stands where the value should end",
            "put the key on its own line, or quote a text that has a colon in it"
        ),
        ("nesting level", "the nesting is too deep", "write a document with less nesting"),
        (
            "<block end>", "the line belongs to nothing above it",
            "indent the line as its neighbours are, or close the quote or bracket above it"
        ),
        (
            "block collections are not allowed", "a list or a mapping can't begin here",
            "begin it on a line of its own, indented by spaces"
        ),
        (
            "block sequence entries are not allowed", "a list's item can't begin here",
            "begin the list on a line of its own, indented by spaces"
        ),
        ("mapping keys are not allowed", "a key can't stand here", "put the key on a line of its own"),
        ("',' or '}'", "a mapping in braces goes on without a comma, or is not closed", "add the comma or the }"),
        ("',' or ']'", "a list in brackets goes on without a comma, or is not closed", "add the comma or the ]"),
        (
            "unknown escape character", "a backslash in double quotes begins an escape that YAML doesn't have",
            "double the backslash, or use single quotes"
        ),
        (
            "did not find expected hexdecimal number", "an escape in double quotes lacks its hexadecimal digits",
            "write them all, or use single quotes"
        ),
        ("cannot start any token", "no value begins with this character", "quote the text"),
        ("unexpected end of stream", "a quote is not closed", "close it"),
        ("document indicator", "a quote is not closed before the next document", "close it"),
        ("document start", "a second document begins without a line of three dashes", "write --- above it"),
        ("could not find expected ':'", "a key has no colon after it", "write key: value"),
        ("tag", "a tag is not complete, or nothing says what it means", "write the value without a tag"),
        ("YAML document", "the document asks for another version of YAML", "leave out the %YAML line"),
        ("directive", "a line that begins with % is no directive of YAML's", "quote the text"),
        (
            "anchor", "an anchor or alias has no name, or a value has two",
            "write &name or *name once, or quote the text"
        ),
        (
            "expected comment or line break", "something stands behind the sign of a block of text",
            "begin the text on the next line"
        ),
        ("indentation indicator", "a block of text asks for an impossible indentation", "leave the number out"),
    ]
}
