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

    @Flag(help: "List every assumption, guess and ignored field, as -o wide does.")
    var verbose = false

    @Flag(help: "Print an environment.yaml with all that matters to the model, as far as it is known, instead.")
    var starter = false

    func validate() throws { try OutputFormat.allow([.table, .wide, .markdown, .json, .yaml], output, for: "check") }

    func run() throws {
        let loaded = try system.load()
        let stream = ResultStream(isMarkdown: output == .markdown)
        if starter {
            stream.write(StarterEnvironment.text(of: loaded.model))
            stream.flush()
            return
        }
        let report = loaded.checkReport()
        if output.isText {
            CheckText(report: report, path: system.model, isVerbose: verbose || output == .wide).write(to: stream)
        } else {
            output.write(CheckDocument.document(of: report), to: stream)
        }
        stream.flush()
        guard report.scenarioErrors.isEmpty else { throw ModelError(report.scenarioErrors) }
    }
}
