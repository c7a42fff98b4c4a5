import ArgumentParser
import Foundation
import ModelFile
import Reports

/// Reports from results alone.
struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Make a report of results that were printed with -o json.",
        discussion: """
            EXAMPLES
              rehearse run models/two-nodes-six-pods --scenario delete-pod -o json > failover.json
              rehearse report failover.json -o failover.html     # with charts; opens anywhere, fetches nothing
              rehearse report failover.json replay.json -o failover.html
              rehearse report failover.json                      # Markdown on standard output

            A report opens with the question and the answer, then says what repeats it, what is assumed, guesses
            first, what is not modelled and what it was held against. The result of a replay beside others is their
            validation. The same results give the same bytes. Charts are drawn by gnuplot (Debian: gnuplot-nox);
            without it an HTML report ends with 69, unless --no-figures is given.
            """)

    @Argument(
        help: ArgumentHelp("Results, as -o json printed them; - is standard input.", valueName: "result"),
        completion: .file(extensions: ["json"]))
    var results: [String]

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("FILE.html or FILE.md; by default Markdown on standard output.", valueName: "file"),
        completion: .file(extensions: ["html", "md"]))
    var output: String?

    @Flag(help: "Without charts: their numbers only.")
    var noFigures = false

    @Flag(
        help:
            "Markdown that lists the reports, each with its answer in a line and a link to NAME.html beside NAME.json.")
    var index = false

    func validate() throws {
        if let output {
            let form = try ReportWriter.Form(of: output)
            if index, form != .markdown { throw ValidationError("--index is Markdown: write -o FILE.md") }
        }
        if results.count(where: { $0 == "-" }) > 1 { throw ValidationError("standard input can be read once") }
    }

    func run() throws {
        let files = try results.map(ReportCommand.read)
        if index {
            try writeText(ReportIndex(files).text)
        } else if let output {
            try ReportWriter(path: output, withoutFigures: noFigures).write(files)
        } else {
            try writeText(MarkdownPage(ReportBuilder.reports(of: files)).text)
        }
    }

    private func writeText(_ text: String) throws {
        if let output { return try ReportWriter.replace(output, by: text) }
        let stream = ResultStream()
        stream.write(text)
        stream.flush()
    }

    private static func read(_ path: String) throws -> ResultFile {
        let name = path == "-" ? "<stdin>" : path
        do {
            return try ResultFile(name: path, bytes: try bytes(of: path, name))
        } catch let fault as ResultFile.Fault {
            throw ModelError([
                Diagnostic(
                    at: .file(name, line: fault.line, column: fault.column), fault.what, fault.why,
                    instead: fault.instead)
            ])
        }
    }

    /// Larger results are samples, of which a report shows nothing.
    private static let sizeLimit = 256 << 20

    private static func bytes(of path: String, _ name: String) throws -> [UInt8] {
        do {
            let isStandardInput = path == "-"
            let file =
                try isStandardInput ? FileHandle.standardInput : FileHandle(forReadingFrom: URL(filePath: path))
            let data = try file.read(upToCount: sizeLimit + 1) ?? Data()
            guard data.count <= sizeLimit else {
                throw refusal(name, "more than \(sizeLimit >> 20) MiB", "a report is made of results without samples")
            }
            return Array(data)
        } catch let error as ModelError {
            throw error
        } catch {
            throw refusal(name, "can't be read", "it is no file, or may not be read")
        }
    }

    private static func refusal(_ name: String, _ what: String, _ why: String) -> ModelError {
        ModelError([
            Diagnostic(at: .start(of: name), what, why, instead: "give what a command printed with -o json")
        ])
    }
}
