import ArgumentParser
import ModelFile

/// What can be asked of a model.
struct ScenariosCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scenarios", abstract: "List a model's scenarios with their questions and parameters.",
        discussion: """
            EXAMPLES
              rehearse scenarios models/two-nodes-six-pods

            Each parameter is shown with its default, as run takes it, and what else it may be.
            """)

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
            table.add([
                "--set scenario.\(parameter.name)=\(parameter.value)", legal(parameter), parameter.description,
            ])
        }
        stream.table(table, indent: 4)
    }

    /// What may stand in the default's place: the values, as long as a line can hold them, else their type.
    private static func legal(_ parameter: ScenarioSummary.Parameter) -> String {
        let shown = parameter.choices.prefix(mostChoices).joined(separator: ", ")
        switch parameter.type {
        case "duration": return "duration, such as 500ms, 10s or 2min"
        case "count": return "whole number"
        default: return parameter.choices.count > mostChoices ? "\(parameter.type): \(shown), ..." : shown
        }
    }

    private static let mostChoices = 6
}
