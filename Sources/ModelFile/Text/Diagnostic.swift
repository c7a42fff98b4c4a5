/// Something in the user's input that is wrong.
///
/// It says where, what is there, why that can't be, and what to write instead, in the form compilers use, so that
/// editors jump to it: `file:line:column: what: why; write instead`.
package struct Diagnostic: Error, Sendable, Equatable, CustomStringConvertible {
    package var place: Place
    package var what: String
    package var why: String
    package var instead: String

    package init(at place: Place, _ what: String, _ why: String, instead: String) {
        self.place = place
        self.what = what
        self.why = why
        self.instead = instead
    }

    package var description: String { "\(place): \(what): \(why); \(instead)" }
}

/// Where a piece of input stands.
package enum Place: Sendable, Equatable, CustomStringConvertible {
    /// A position in a file; line and column count from 1, columns in Unicode scalars.
    case file(String, line: Int, column: Int)
    /// A `--set` option, as the user wrote it after the flag.
    case option(String)
    /// A column, from 1, of the text after another option.
    case argument(option: String, text: String, column: Int)

    /// The start of a file or a directory, for what concerns it as a whole.
    package static func start(of path: String) -> Place { .file(path, line: 1, column: 1) }

    package var description: String {
        switch self {
        case .file(let path, let line, let column): "\(path):\(line):\(column)"
        case .option(let text): "--set \(text)"
        case .argument(let option, let text, let column): "\(option) '\(PrintableText.line(of: text))':\(column)"
        }
    }

    /// The place in the short form of listings: without the column.
    package var fileAndLine: String {
        switch self {
        case .file(let path, let line, _): "\(path):\(line)"
        case .option(let text): "--set \(text)"
        case .argument(let option, let text, _): "\(option) '\(PrintableText.line(of: text))'"
        }
    }
}

/// Why a model can't be used: every error found in one reading, in the order of reading.
package struct ModelError: Error, Sendable, Equatable, CustomStringConvertible {
    package var diagnostics: [Diagnostic]
    /// Errors that were found and are not among them.
    package var omitted: Int

    package init(_ diagnostics: [Diagnostic], omitted: Int = 0) {
        self.diagnostics = diagnostics
        self.omitted = omitted
    }

    package var description: String {
        let lines = diagnostics.map(\.description) + (omitted > 0 ? ["and \(omitted) more"] : [])
        return lines.joined(separator: "\n")
    }
}

/// Collects what one reading finds, so that a user sees all mistakes at once.
final class DiagnosticLog {
    /// Beyond this many nobody reads on, and a hostile file must not fill memory.
    static let limit = 200
    private(set) var errors: [Diagnostic] = []
    /// Errors beyond the limit.
    private(set) var omitted = 0

    /// What follows is only counted: nobody needs its wording.
    var isFull: Bool { errors.count >= Self.limit }

    func error(at place: Place, _ what: String, _ why: String, instead: String) {
        add(Diagnostic(at: place, what, why, instead: instead))
    }

    func add(_ diagnostic: Diagnostic) {
        guard !isFull else { return omit() }
        if !errors.contains(diagnostic) { errors.append(diagnostic) }
    }

    /// Counts an error of which nothing else will be said.
    func omit() { omitted += 1 }

    /// Throws all errors of the reading, if there are any.
    func throwIfFailed() throws(ModelError) {
        if !errors.isEmpty { throw ModelError(errors, omitted: omitted) }
    }
}
