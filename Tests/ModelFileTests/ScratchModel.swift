import Foundation

@testable import ModelFile

/// A model in a directory of its own, made from one of Tests/FixedModels or from nothing, that a test may break.
///
/// Tests/FixedModels holds models that don't change with the shipped ones, so that a line named in a test stays that
/// line.
final class ScratchModel {
    let path: String

    private static let fixed = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("FixedModels").path

    /// A copy of a model of Tests/FixedModels; an empty directory where the name is nil.
    convenience init(copyOf name: String? = nil) throws { try self.init(at: name.map { "\(Self.fixed)/\($0)" }) }

    /// A copy of the model at a path.
    init(at original: String?) throws {
        let temporary = FileManager.default.temporaryDirectory
        path = temporary.appendingPathComponent("rehearse-model-\(UUID().uuidString)").path
        if let original {
            try FileManager.default.copyItem(atPath: original, toPath: path)
        } else {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ text: String, to file: String) throws { try write(Data(text.utf8), to: file) }

    func write(_ data: Data, to file: String) throws {
        let url = URL(fileURLWithPath: "\(path)/\(file)")
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try data.write(to: url)
    }

    /// Replaces a text that the file must contain.
    func replace(_ old: String, by new: String, in file: String) throws {
        let text = try String(contentsOfFile: "\(path)/\(file)", encoding: .utf8)
        guard text.contains(old) else { throw MissingText(text: old, file: file) }
        try write(text.replacingOccurrences(of: old, with: new), to: file)
    }

    struct MissingText: Error {
        var text: String
        var file: String
    }

    func read(_ overrides: [String] = []) throws -> LoadedModel {
        try ModelReader.read(directory: path, overrides: overrides)
    }

    /// All errors of the model and of its scenarios, with paths relative to it.
    func errors(_ overrides: [String] = []) throws -> [String] {
        do {
            return try read(overrides).checkReport().scenarioErrors.map(relative)
        } catch let error as ModelError {
            return error.diagnostics.map(relative)
        }
    }

    func relative(_ diagnostic: Diagnostic) -> String {
        diagnostic.description.replacingOccurrences(of: path + "/", with: "").replacingOccurrences(of: path, with: ".")
    }
}
