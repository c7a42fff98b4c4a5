package import SystemModel

/// A model as read from its directory, and what can be asked about the reading.
package struct LoadedModel: Sendable {
    package let model: SystemModel
    /// Names of the scenarios in scenarios/, sorted.
    package let scenarioNames: [String]
    /// How the files were understood, for people.
    package let understood: [CheckReport.Line]
    package let assumed: [CheckReport.Line]
    package let guessed: [CheckReport.Line]
    package let ignored: [IgnoredField]
    /// What does something else than the user may expect, and is no error.
    package let warnings: [Diagnostic]
    let scenarioFiles: [ScenarioFile]
    /// Where the model was read from.
    let directoryPath: String
    /// The files that were read, scenarios not among them.
    let modelFiles: [SourceFile]
    /// Directives of redis.conf that a rehearsal does not follow, and `save`, of which it follows only whether it is.
    let otherDirectives: [(name: String, arguments: [String], place: Place)]

    init(
        model: SystemModel, directory: ModelDirectory, confOrigin: String, conf: RedisConfReader,
        ignored: [IgnoredField], assumed: [CheckReport.Line], warnings: [Diagnostic]
    ) {
        self.warnings = warnings
        self.model = model
        scenarioFiles = directory.scenarios
        scenarioNames = directory.scenarios.map(\.name)
        modelFiles = directory.files.values.sorted { $0.path < $1.path }
        directoryPath = directory.path
        let savePoints = conf.given.filter { $0.name == "save" }.map {
            (name: $0.name, arguments: [$0.value], place: $0.place)
        }
        otherDirectives = conf.others + savePoints
        understood = Understanding.lines(of: model, confOrigin: confOrigin, conf: conf)
        self.assumed = assumed + Understanding.defaults(of: model)
        guessed = Understanding.guesses(of: model)
        self.ignored = ignored + conf.ignored + directory.unread
    }

    /// Reads and validates one scenario against the model, with the `scenario.NAME=VALUE` among the overrides applied.
    package func scenario(named name: String, overrides texts: [String] = []) throws(ModelError) -> Scenario {
        let log = DiagnosticLog()
        let overrides = texts.compactMap { Override($0, log: log) }
        guard let file = scenarioFiles.first(where: { $0.name == name }) else {
            throw ModelError([
                Diagnostic(
                    at: .start(of: directoryPath + "/scenarios"), "no scenario \"\(YAMLNode.shortened(name))\"",
                    "the model has \(scenarioNames.isEmpty ? "none" : scenarioNames.joined(separator: ", "))",
                    instead: Suggestion.sentence(for: name, among: scenarioNames, noun: "scenario"))
            ])
        }
        let scenario = ScenarioReader(model: model, log: log).read(file: file, overrides)?.scenario
        try log.throwIfFailed()
        guard let scenario else { throw ModelError(log.errors, omitted: log.omitted) }
        return scenario
    }

    /// Everything that `check` says, with every scenario file read.
    package func checkReport() -> CheckReport {
        var summaries: [ScenarioSummary] = []
        var errors: [Diagnostic] = []
        for file in scenarioFiles {
            let log = DiagnosticLog()
            if let reading = ScenarioReader(model: model, log: log).read(file: file, []) {
                summaries.append(reading.summary)
            }
            errors += log.errors
        }
        return CheckReport(
            model: model.name, understood: understood, assumed: assumed, guessed: guessed, ignored: ignored,
            findings: Findings.all(of: model), scenarios: summaries, scenarioErrors: errors)
    }
}
