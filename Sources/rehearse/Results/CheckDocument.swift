import ModelFile

/// `check` for programs.
enum CheckDocument {
    static func document(of report: CheckReport) -> Document {
        .object([
            ("format", .text("rehearse.check/v1")), ("version", .text(Rehearse.version)),
            ("model", .text(report.model)),
            ("findings", .list(report.findings.map(finding))), ("understood", .list(report.understood.map(line))),
            ("assumed", .list(report.assumed.map(line))), ("guessed", .list(report.guessed.map(line))),
            ("ignored", .list(report.ignored.map(field))),
            ("scenarios", .list(report.scenarios.map(scenario))),
            ("scenarioErrors", .texts(report.scenarioErrors.map(\.description))),
        ])
    }

    static func scenario(_ scenario: ScenarioSummary) -> Document {
        let parameters = scenario.parameters.map { parameter in
            Document.object([
                ("name", .text(parameter.name)), ("type", .text(parameter.type)), ("value", .text(parameter.value)),
                ("choices", .texts(parameter.choices)), ("description", .text(parameter.description)),
            ])
        }
        return .object([
            ("name", .text(scenario.name)), ("question", .text(scenario.question)), ("parameters", .list(parameters)),
        ])
    }

    private static func finding(_ finding: Finding) -> Document {
        .object([
            ("severity", .text(finding.severity.rawValue)), ("object", .text(finding.object)),
            ("finding", .text(finding.sentence)), ("advice", .text(finding.advice)),
        ])
    }

    private static func line(_ line: CheckReport.Line) -> Document {
        var entries: [(key: String, value: Document)] = [("subject", .text(line.subject)), ("text", .text(line.text))]
        if let place = line.place { entries.append(("place", .text(place.description))) }
        return .object(entries)
    }

    private static func field(_ field: IgnoredField) -> Document {
        .object([
            ("field", .text(field.path)), ("count", .integer(field.count)), ("first", .text(field.first.description)),
        ])
    }
}
