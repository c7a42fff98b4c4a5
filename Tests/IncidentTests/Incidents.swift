import Foundation
import ModelFile
import SystemModel
import Testing

/// The incidents that ship: every scenario of every model under models/incidents.
enum Incidents {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "models/incidents")

    struct Incident: Sendable, CustomTestStringConvertible {
        var model: String
        var scenario: String

        var testDescription: String { "\(model), \(scenario)" }

        func load() throws -> (model: SystemModel, scenario: Scenario) {
            let loaded = try ModelReader.read(
                directory: Incidents.root.appending(path: model).path, overrides: [])
            return (loaded.model, try loaded.scenario(named: scenario))
        }
    }

    static let all: [Incident] = {
        let files = FileManager.default
        let models = (try? files.contentsOfDirectory(atPath: root.path))?.sorted() ?? []
        return models.flatMap { model -> [Incident] in
            let scenarios = root.appending(path: "\(model)/scenarios").path
            return ((try? files.contentsOfDirectory(atPath: scenarios))?.sorted() ?? []).map {
                Incident(model: model, scenario: $0.replacing(".yaml", with: ""))
            }
        }
    }()
}
