import ArgumentParser
import ModelFile

/// How a model was understood, and what a careful engineer would remark.
struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Say what was understood, assumed, guessed and ignored of a model, and what looks wrong.",
        discussion: """
            EXAMPLES
              rehearse check models/two-nodes-six-pods
              rehearse check models/mine --verbose                                 # every guess and assumption
            """)

    @OptionGroup var system: ModelOptions

    @Option(name: .shortAndLong, help: "How to print the report.")
    var output = OutputFormat.table

    @Flag(help: "List every assumption, guess and ignored field.")
    var verbose = false

    func validate() throws { try OutputFormat.refuseCSV(output, for: "check") }

    func run() throws {
        let report = try system.load().checkReport()
        let stream = ResultStream()
        if output == .table {
            CheckText(report: report, path: system.model, isVerbose: verbose).write(to: stream)
        } else {
            output.write(CheckDocument.document(of: report), to: stream)
        }
        stream.flush()
        guard report.scenarioErrors.isEmpty else { throw ModelError(report.scenarioErrors) }
    }
}
