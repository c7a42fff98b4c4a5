import Foundation
import Testing

@testable import ModelFile

/// The models that ship with the product.
enum ShippedModels {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("models").path

    static let names = ["six-on-nfs", "six-processes", "two-hosts", "two-nodes-six-pods"]

    /// Models of real incidents, in a directory of their own.
    static let incidents: [String] = {
        let directory = root + "/incidents"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        return names.sorted().filter { FileManager.default.fileExists(atPath: "\(directory)/\($0)/environment.yaml") }
            .map { "incidents/\($0)" }
    }()

    static func path(_ name: String) -> String { "\(root)/\(name)" }

    static func read(_ name: String, _ overrides: [String] = []) throws -> LoadedModel {
        try ModelReader.read(directory: path(name), overrides: overrides)
    }
}
