import Foundation
import Kubernetes
import SystemModel
import Testing

@testable import ModelFile

/// Files that are no model at all: each is answered by a diagnostic, and soon.
struct BrokenInputTests {
    private func firstError(_ text: String, in file: String = "environment.yaml") throws -> String {
        let model = try ScratchModel()
        try model.write(text, to: file)
        return try model.errors().first ?? "no error"
    }

    @Test func missingDirectory() {
        #expect(throws: ModelError.self) { try ModelReader.read(directory: "/nonexistent/model") }
        #expect(throws: ModelError.self) { try ModelReader.read(directory: "") }
    }

    @Test func fileAsDirectory() throws {
        let path = ShippedModels.path("six-processes/environment.yaml")
        #expect(throws: ModelError.self) { try ModelReader.read(directory: path) }
    }

    @Test func emptyDirectory() throws {
        #expect(
            try ScratchModel().errors() == [
                ".:1:1: no model: there is neither environment.yaml nor kubernetes/; add environment.yaml, or put "
                    + "manifests "
                    + "into kubernetes/"
            ])
    }

    @Test func emptyFile() throws {
        #expect(try firstError("").hasPrefix("environment.yaml:1:1: no \"apiVersion\" in environment.yaml"))
    }

    @Test func binaryFile() throws {
        let model = try ScratchModel()
        try model.write(Data([0x61, 0x0A, 0x62, 0x00, 0xFF]), to: "environment.yaml")
        #expect(try model.errors().first?.hasPrefix("environment.yaml:2:2: a control character (byte 0)") == true)
    }

    @Test func latinText() throws {
        let model = try ScratchModel()
        try model.write(Data("name: caf".utf8) + Data([0xE9, 0x0A]), to: "environment.yaml")
        #expect(try model.errors().first?.hasPrefix("environment.yaml:1:10: bytes that are not UTF-8") == true)
    }

    @Test func wideText() throws {
        let model = try ScratchModel()
        try model.write(Data([0xFF, 0xFE, 0x61, 0x00]), to: "environment.yaml")
        #expect(try model.errors().first?.contains("UTF-16 text") == true)
    }

    @Test(arguments: ["[", "{a: ", "- ", "? "])
    func deepNesting(opening: String) throws {
        let error = try firstError("apiVersion: " + String(repeating: opening, count: 20_000))
        #expect(error.hasPrefix("environment.yaml:1:"), "\(error)")
    }

    @Test func nestingOfLegalDepth() throws {
        let depth = YAMLReader.depthLimit + 20
        let error = try firstError("a: " + String(repeating: "[", count: depth) + String(repeating: "]", count: depth))
        #expect(error.contains("nesting deeper than"), "\(error)")
    }

    /// Ten levels of ten: ten thousand million values from a kilobyte.
    @Test func aliasBomb() throws {
        var text = "a0: &a0 [x]\n"
        for level in 1...10 {
            let items = String(repeating: "\n  - *a\(level - 1)", count: 10)
            text += "a\(level): &a\(level)\(items)\n"
        }
        let error = try firstError(text)
        #expect(error.contains("values, counting what aliases repeat"), "\(error)")
    }

    /// The parser itself would compare keys by their expanded content.
    @Test(arguments: ["? *a9\n: 1\n", "*a9 : 1\n", "x: {*a9 : 1}\n", "[*a9]: 1\n", "x: {? {k: *a9} : 1}\n"])
    func aliasBombInKeys(key: String) throws {
        var text = "a0: &a0 [x]\n"
        for level in 1...9 {
            text += "a\(level): &a\(level)" + String(repeating: "\n  - *a\(level - 1)", count: 10) + "\n"
        }
        let error = try firstError(text + key)
        #expect(error.contains("an alias or a key that can't be used"), "\(error)")
    }

    @Test func aliasesAsValues() throws {
        let model = try ScratchModel(copyOf: "two-nodes-six-pods")
        let plain = "  capacity:\n    storage: 200M\n  accessModes:\n    - ReadWriteMany\n  nfs:\n"
        let file = "kubernetes/redis-pv.yaml"
        let text = try String(contentsOfFile: "\(model.path)/\(file)", encoding: .utf8)
        let first = try #require(text.range(of: plain))
        let anchored = "  <<: &common\n    capacity: {storage: 200M}\n    accessModes: [ReadWriteMany]\n  nfs:\n"
        // Anchors end with their document, so the volumes go into one list.
        let volumes = text.replacingCharacters(in: first, with: anchored)
            .replacingOccurrences(of: plain, with: "  <<: *common\n  nfs:\n").components(separatedBy: "---\n")
        let items = volumes.map { volume in
            let lines = volume.split(separator: "\n").map(String.init)
            return "  - " + lines.joined(separator: "\n    ")
        }
        try model.write("kind: List\nitems:\n\(items.joined(separator: "\n"))\n", to: file)
        #expect(items.count == 6 && items.last?.contains("<<: *common") == true)
        #expect(try model.errors() == [])
        guard case .kubernetes(let deployment) = try model.read().model.deployment else { return }
        #expect(deployment.objects.persistentVolumes.map(\.capacityBytes) == Array(repeating: 200_000_000, count: 6))
    }

    @Test func undefinedAlias() throws {
        #expect(try firstError("a: *b\n").hasPrefix("environment.yaml:1:4: not YAML: an alias stands for a value"))
    }

    @Test func manyDocuments() throws {
        let model = try ScratchModel(copyOf: "two-nodes-six-pods")
        try model.write(
            String(repeating: "---\nkind: X\n", count: YAMLReader.documentLimit + 2), to: "kubernetes/z.yaml")
        #expect(try model.errors().first?.contains("documents") == true)
    }

    @Test func hugeFile() throws {
        let model = try ScratchModel()
        try model.write(Data(repeating: 0x20, count: SourceFile.sizeLimit + 1), to: "environment.yaml")
        #expect(try model.errors().first?.contains("a file of more than 16 MiB") == true)
    }

    /// Sparse: 100 MB that take no place. It is refused by its size, unread.
    @Test func hugeSparseFile() throws {
        let model = try ScratchModel()
        try model.write("", to: "environment.yaml")
        #expect(truncate("\(model.path)/environment.yaml", 100_000_000) == 0)
        #expect(try model.errors().first?.contains("a file of more than 16 MiB") == true)
    }

    @Test func linkThatLeadsNowhere() throws {
        let model = try ScratchModel(copyOf: "two-nodes-six-pods")
        try FileManager.default.removeItem(atPath: "\(model.path)/environment.yaml")
        try FileManager.default.createSymbolicLink(
            atPath: "\(model.path)/environment.yaml", withDestinationPath: "/nonexistent")
        #expect(try model.errors().first?.hasPrefix("environment.yaml:1:1: can't be read") == true)
    }

    /// Twenty thousand mistakes are counted, and two hundred told.
    @Test func manyUnknownKeys() throws {
        let model = try ScratchModel(copyOf: "six-processes")
        let text = try String(contentsOfFile: "\(model.path)/environment.yaml", encoding: .utf8)
        try model.write(text + (0..<20_000).map { "  unknown\($0): 3\n" }.joined(), to: "environment.yaml")
        let error = try #require(throws: ModelError.self) { try model.read() }
        #expect(error.diagnostics.count == 200 && error.omitted == 19_800)
        #expect(error.description.hasSuffix("\nand 19800 more"))
    }

    @Test func tags() throws {
        let model = try ScratchModel(copyOf: "six-processes")
        try model.replace("engine: redis:7.0", by: "engine: !!str redis:7.0", in: "environment.yaml")
        #expect(try model.errors() == [])
        try model.replace("engine: !!str redis:7.0", by: "engine: !secret redis:7.0", in: "environment.yaml")
        let error = try #require(try model.errors().first)
        #expect(error.contains("the tag !secret: it asks for a conversion") && error.hasPrefix("environment.yaml:"))
    }

    /// The parser's own sentences are for those who wrote it.
    @Test(arguments: [
        "a: [1, 2\nb: 3\n", "a: \"\\q\"\n", "a: @x\n",
        "%YAML 3.0\n---\na: b\n", "a: !e!x y\n", "a: |3x\n b\n",
    ])
    func ownWords(text: String) throws {
        let error = try firstError(text)
        #expect(error.contains(": not YAML: ") && !error.contains("found") && !error.contains("expected"), "\(error)")
    }

    @Test func linkToItself() throws {
        let model = try ScratchModel()
        try FileManager.default.createSymbolicLink(
            atPath: "\(model.path)/environment.yaml", withDestinationPath: "\(model.path)/environment.yaml")
        #expect(try !model.errors().isEmpty)
    }

    /// A device never ends and a pipe never begins: neither may be waited for.
    @Test(arguments: ["/dev/zero", "/dev/null"])
    func device(path: String) throws {
        let model = try ScratchModel(copyOf: "two-nodes-six-pods")
        try FileManager.default.createSymbolicLink(
            atPath: "\(model.path)/kubernetes/a.yaml", withDestinationPath: path)
        #expect(try model.errors().first?.hasPrefix("kubernetes/a.yaml:1:1: not a regular file") == true)
    }

    @Test func pipe() throws {
        let model = try ScratchModel(copyOf: "six-processes")
        try FileManager.default.removeItem(atPath: "\(model.path)/environment.yaml")
        #expect(mkfifo("\(model.path)/environment.yaml", 0o600) == 0)
        #expect(try model.errors().first?.hasPrefix("environment.yaml:1:1: not a regular file") == true)
    }

    @Test func directoryAsFile() throws {
        let model = try ScratchModel(copyOf: "six-processes")
        try FileManager.default.createDirectory(
            atPath: "\(model.path)/scenarios/x.yaml", withIntermediateDirectories: true)
        #expect(
            try model.errors() == [
                "scenarios/x.yaml:1:1: not a regular file: only files of text can be read; replace it by a file"
            ])
    }

    @Test func fileAsKubernetesDirectory() throws {
        let model = try ScratchModel()
        try model.write("x", to: "kubernetes")
        #expect(try model.errors().first?.hasPrefix("kubernetes:1:1: can't be listed") == true)
    }

    @Test func unknownScenario() throws {
        let loaded = try ShippedModels.read("six-processes")
        let error = #expect(throws: ModelError.self) { try loaded.scenario(named: "kill-mster") }
        #expect(error?.description.contains("did you mean \"kill-master\"?") == true)
        #expect(error?.description.contains("freeze-master, kill-and-return") == true)
    }
}
