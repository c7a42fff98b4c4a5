import ArgumentParser
import ModelFile

/// What can be asked of a model.
struct ScenariosCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scenarios", abstract: "List a model's scenarios with their questions and parameters.",
        discussion: """
            EXAMPLES
              rehearse scenarios models/two-nodes-six-pods
            """)

    @OptionGroup var system: ModelOptions

    @Option(name: .shortAndLong, help: "How to print the list.")
    var output = OutputFormat.table

    func validate() throws { try OutputFormat.refuseCSV(output, for: "scenarios") }

    func run() throws {
        let report = try system.load().checkReport()
        let stream = ResultStream()
        if output == .table {
            for scenario in report.scenarios { ScenariosCommand.describe(scenario, to: stream) }
            if report.scenarios.isEmpty, report.scenarioErrors.isEmpty {
                stream.line("\(system.model) has no scenario; add files to \(system.model)/scenarios/")
            }
        } else {
            let scenarios = Document.list(report.scenarios.map(CheckDocument.scenario))
            output.write(
                .object([
                    ("format", .text("rehearse.scenarios/v1")), ("model", .text(report.model)),
                    ("scenarios", scenarios),
                ]),
                to: stream)
        }
        stream.flush()
        guard report.scenarioErrors.isEmpty else { throw ModelError(report.scenarioErrors) }
    }

    private static func describe(_ scenario: ScenarioSummary, to stream: ResultStream) {
        stream.line(Console.heading(scenario.name))
        for line in Phrase.wrapped(scenario.question, width: 100) { stream.line("  \(line)") }
        var table = TextTable(left: [0, 1, 2])
        for parameter in scenario.parameters {
            table.add(["--set scenario.\(parameter.name)=\(parameter.value)", parameter.type, parameter.description])
        }
        for line in table.lines(indent: 4) { stream.line(line) }
    }
}
