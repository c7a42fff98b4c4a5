import ArgumentParser
import ModelFile

/// What can be asked of a model.
struct ScenariosCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scenarios", abstract: "List a model's scenarios with their questions and parameters.")

    @OptionGroup var system: ModelOptions

    @Option(name: .shortAndLong, help: "How to print the list.")
    var output = OutputFormat.table

    func validate() throws { try OutputFormat.allow([.table, .markdown, .json, .yaml], output, for: "scenarios") }

    func run() throws {
        let report = try system.load().checkReport()
        let stream = ResultStream(isMarkdown: output == .markdown)
        if output.isText {
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
        stream.heading(scenario.name)
        stream.paragraph(scenario.question, indent: 2)
        var table = TextTable(left: [0, 1, 2])
        for parameter in scenario.parameters {
            table.add(["--set scenario.\(parameter.name)=\(parameter.value)", parameter.type, parameter.description])
        }
        stream.table(table, indent: 4)
    }
}
