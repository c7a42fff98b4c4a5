import Foundation
import ModelFile
import SystemModel

/// The shipped models, by name.
enum Models {
    static let directory = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "models").path

    static func load(_ name: String, _ overrides: String...) throws -> SystemModel {
        try ModelReader.read(directory: "\(directory)/\(name)", overrides: overrides).model
    }
}
