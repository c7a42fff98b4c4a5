import ArgumentParser
import Foundation
import Reports

/// `--report`, for every command whose result a report can be made of.
///
/// Ask for the `writer` before the work begins: a missing gnuplot is better said then.
struct ReportOptions: ParsableArguments {
    @Option(
        name: .customLong("report"),
        help: ArgumentHelp(
            "Write a report too: FILE.html, one page with charts that needs nothing else, or FILE.md.",
            valueName: "file"),
        completion: .file(extensions: ["html", "md"]))
    var file: String?

    @Flag(name: .customLong("no-figures"), help: "A report without charts: their numbers only, and no gnuplot needed.")
    var withoutFigures = false

    func validate() throws {
        if let file { _ = try ReportWriter.Form(of: file) }
        if withoutFigures, file == nil { throw ValidationError("--no-figures needs --report FILE") }
    }

    /// Nil where no report is wanted; ends with 69 where there is no gnuplot for it, with 74 where it can't be written.
    func writer() throws -> ReportWriter? {
        try file.map { try ReportWriter(path: $0, withoutFigures: withoutFigures) }
    }
}

/// Writes reports to a file, in the form that its name asks for.
struct ReportWriter {
    enum Form {
        case html, markdown

        init(of path: String) throws {
            let name = path.lowercased()
            if name.hasSuffix(".html") || name.hasSuffix(".htm") {
                self = .html
            } else if name.hasSuffix(".md") {
                self = .markdown
            } else {
                throw ValidationError("a report is written to FILE.html or FILE.md, not to \(path)")
            }
        }
    }

    /// What sysexits.h calls EX_UNAVAILABLE.
    static let noGnuplot: Int32 = 69

    private let path: String
    private let form: Form
    private let gnuplot: Gnuplot?

    init(path: String, withoutFigures: Bool) throws {
        self.path = path
        form = try Form(of: path)
        try ReportWriter.checkFolder(of: path)
        do {
            gnuplot = try form == .html && !withoutFigures ? Gnuplot() : nil
        } catch {
            throw ReportWriter.unavailable(error)
        }
    }

    private static func unavailable(_ failure: Gnuplot.Failure) -> ExitCode {
        Console.error(failure.description)
        return ExitCode(noGnuplot)
    }

    /// The report of a result that was not read from a file: the same that its JSON gives.
    func write(_ document: Document) throws {
        let bytes = Array(JSONWriter.compact(document).utf8)
        try write([try ResultFile(name: path, bytes: bytes)])
    }

    func write(_ results: [ResultFile]) throws {
        let reports = ReportBuilder.reports(of: results)
        let text: String
        do {
            text = try form == .html ? HTMLPage(reports, gnuplot: gnuplot).text() : MarkdownPage(reports).text
        } catch {
            throw ReportWriter.unavailable(error)
        }
        try ReportWriter.replace(path, by: text)
    }

    /// The whole file or none of it: a reader never sees half a report.
    static func replace(_ path: String, by text: String) throws {
        let partial = "\(path).\(getpid()).partial"
        do {
            guard let file = fopen(partial, "wx") else { throw unwritable(path) }
            let bytes = Array(text.utf8)
            let isWhole = fwrite(bytes, 1, bytes.count, file) == bytes.count && fflush(file) == 0
            let failure = errno
            fclose(file)
            guard isWhole else { throw unwritable(path, failure) }
            guard rename(partial, path) == 0 else { throw unwritable(path) }
        } catch {
            unlink(partial)
            throw error
        }
    }

    /// Ends with 74 where no report can be written to a path, before anything is simulated for it.
    private static func checkFolder(of path: String) throws {
        let folder = URL(filePath: path).deletingLastPathComponent().path
        if access(folder, W_OK) != 0 { throw unwritable(path) }
    }

    private static func unwritable(_ path: String, _ code: Int32 = errno) -> ExitCode {
        Console.error("\(path): the report can't be written: \(String(cString: strerror(code)).lowercased())")
        return ExitCode(ResultStream.writeFailure)
    }
}
