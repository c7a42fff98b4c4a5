import Foundation

/// The files of a model's directory, found and read; nothing is interpreted yet.
struct ModelDirectory {
    static let fileLimit = 2000
    /// Bytes of all files together.
    static let sizeLimit = 64 << 20

    let path: String
    /// Texts by path, for places inside of block scalars.
    private(set) var files: [String: SourceFile] = [:]
    private(set) var environment: YAMLNode?
    private(set) var manifests: [YAMLNode] = []
    /// A redis.conf in kubernetes/ or beside it; the former wins.
    private(set) var redisConf: SourceFile?
    private(set) var hasManifests = false
    /// Sorted by name.
    private(set) var scenarios: [ScenarioFile] = []
    private(set) var unread: [IgnoredField] = []
    private var size = 0
    private var values = 0

    init(_ directory: String, log: DiagnosticLog) throws(ModelError) {
        path = directory.count > 1 && directory.hasSuffix("/") ? String(directory.dropLast()) : directory
        var isDirectory: ObjCBool = false
        guard !path.isEmpty, !path.contains("\0"),
            FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory)
        else {
            throw ModelError([
                Diagnostic(
                    at: .start(of: path), "no such directory", "a model is a directory of files",
                    instead: "name one, such as models/two-nodes-six-pods")
            ])
        }
        guard isDirectory.boolValue else {
            throw ModelError([
                Diagnostic(
                    at: .start(of: path), "a file",
                    "a model is a directory with environment.yaml, kubernetes/ and scenarios/",
                    instead: "name the directory that holds it")
            ])
        }
        readEnvironment(log)
        readManifests(log)
        readRedisConf(at: path + "/redis.conf", log)
        listScenarios(log)
    }

    private static func isYAML(_ name: String) -> Bool {
        [".yaml", ".yml", ".json"].contains { name.hasSuffix($0) }
    }

    private mutating func readEnvironment(_ log: DiagnosticLog) {
        let candidates = ["environment.yaml", "environment.yml", "environment.json"].map { "\(path)/\($0)" }
        let present = candidates.filter { SourceFile.exists($0) }
        guard let first = present.first else { return }
        if present.count > 1 {
            log.error(
                at: .start(of: present[1]), "a second environment", "\(first) is there already",
                instead: "keep one of them")
        }
        let documents = documents(at: first, log)
        if documents.count > 1 {
            log.error(
                at: documents[1].place, "a second document", "an environment is one document",
                instead: "merge it into the first")
        }
        let nothing = YAMLNode(content: .mapping([]), place: .start(of: first))
        // An empty file says as little as none, and manifests can do without: it may be the one about to be written.
        if documents.isEmpty, log.errors.isEmpty, SourceFile.exists(path + "/kubernetes") { return }
        environment = documents.first ?? nothing
    }

    private mutating func readManifests(_ log: DiagnosticLog) {
        let directory = path + "/kubernetes"
        guard let names = names(in: directory, log) else { return }
        hasManifests = true
        for name in names {
            let file = "\(directory)/\(name)"
            if name == "redis.conf" {
                readRedisConf(at: file, log)
            } else if Self.isYAML(name) {
                manifests += documents(at: file, log)
            } else {
                unread.append(IgnoredField(path: "file kubernetes/\(name)", count: 1, first: .start(of: file)))
            }
        }
    }

    private mutating func readRedisConf(at file: String, _ log: DiagnosticLog) {
        guard redisConf == nil, SourceFile.exists(file) else { return }
        redisConf = source(at: file, log)
    }

    /// A file of the model, while there is room for it.
    private mutating func source(at file: String, _ log: DiagnosticLog) -> SourceFile? {
        guard size <= Self.sizeLimit else { return nil }
        do {
            let read = try SourceFile.read(file)
            guard hasRoom(for: read.text.utf8.count, at: file, log) else { return nil }
            files[file] = read
            return read
        } catch {
            log.add(error)
            return nil
        }
    }

    private mutating func hasRoom(for bytes: Int, at file: String, _ log: DiagnosticLog) -> Bool {
        size += bytes
        if size <= Self.sizeLimit { return true }
        log.error(
            at: .start(of: file), "more than \(Self.sizeLimit >> 20) MiB up to this file",
            "a model's files are small texts", instead: "keep only the objects that Redis needs")
        return false
    }

    private mutating func listScenarios(_ log: DiagnosticLog) {
        let directory = path + "/scenarios"
        for name in names(in: directory, log) ?? [] {
            guard Self.isYAML(name), let dot = name.lastIndex(of: ".") else {
                unread.append(
                    IgnoredField(path: "file scenarios/\(name)", count: 1, first: .start(of: "\(directory)/\(name)")))
                continue
            }
            guard hasRoom(for: SourceFile.size(of: "\(directory)/\(name)"), at: "\(directory)/\(name)", log) else {
                return
            }
            let scenario = String(name[..<dot])
            if let twin = scenarios.first(where: { $0.name == scenario }) {
                log.error(
                    at: .start(of: "\(directory)/\(name)"), "a second scenario \(YAMLNode.shortened(scenario))",
                    "\(twin.path) has that name already", instead: "rename one of the two files")
            }
            scenarios.append(ScenarioFile(name: scenario, path: "\(directory)/\(name)"))
        }
        scenarios.sort { $0.name < $1.name }
    }

    /// The visible names in a directory, sorted; nil where there is none.
    private func names(in directory: String, _ log: DiagnosticLog) -> [String]? {
        guard SourceFile.exists(directory) else { return nil }
        guard let found = try? FileManager.default.contentsOfDirectory(atPath: directory) else {
            log.error(
                at: .start(of: directory), "can't be listed", "it is no directory, or may not be read",
                instead: "make it a readable directory")
            return nil
        }
        let visible = found.filter { !$0.hasPrefix(".") }.sorted()
        guard visible.count <= Self.fileLimit else {
            log.error(
                at: .start(of: directory), "\(visible.count) files", "at most \(Self.fileLimit) are read",
                instead: "put the objects into fewer files")
            return nil
        }
        return visible
    }

    private mutating func documents(at file: String, _ log: DiagnosticLog) -> [YAMLNode] {
        guard let read = source(at: file, log), values <= YAMLReader.nodeLimit else { return [] }
        do {
            return try YAMLReader.documents(of: read, counting: &values)
        } catch {
            log.add(error)
            return []
        }
    }
}

/// A scenario's file, read together with the model's: what a result says was read is what was simulated. One that can't
/// be read is an error where it is asked for.
struct ScenarioFile: Sendable {
    let name: String
    let path: String
    let source: Result<SourceFile, Diagnostic>

    init(name: String, path: String) {
        self.name = name
        self.path = path
        do throws(Diagnostic) { source = .success(try SourceFile.read(path)) } catch { source = .failure(error) }
    }
}
