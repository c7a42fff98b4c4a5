import Foundation
import Testing

/// The built tool, run as a user runs it: a process with arguments, two streams and a status.
enum Tool {
    struct Result: Sendable {
        var status: Int32
        var output: String
        var errors: String
    }

    /// Sources/../Tests/CommandTests/Tool.swift: the package is three directories up.
    static let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// `swift test` builds products into the directory of the test bundle.
    static let executable = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        .appending(path: "rehearse")

    static let sixProcesses = "models/six-processes"
    static let twoNodes = "models/two-nodes-six-pods"

    /// Runs to the end, in the package's directory.
    static func run(_ arguments: [String], environment: [String: String] = [:]) throws -> Result {
        try finish(start(executable, arguments, environment))
    }

    static func run(_ arguments: String...) throws -> Result { try run(arguments) }

    /// A shell line in which `$REHEARSE` is the tool.
    static func shell(_ line: String, in directory: URL = package) throws -> Result {
        try finish(start(URL(filePath: "/bin/bash"), ["-c", line], ["REHEARSE": executable.path], in: directory))
    }

    /// Runs, interrupts after a while as Ctrl-C does, and waits for the end.
    static func interrupt(after seconds: Double, _ arguments: [String]) throws -> Result {
        let running = try start(executable, arguments, [:])
        Thread.sleep(forTimeInterval: seconds)
        running.process.interrupt()
        return try finish(running)
    }

    private struct Running {
        var process: Process
        var output: URL
        var errors: URL
    }

    /// The streams go to files: a pipe that nobody empties would stop the tool.
    private static func start(
        _ program: URL, _ arguments: [String], _ environment: [String: String], in place: URL = package
    ) throws -> Running {
        let directory = FileManager.default.temporaryDirectory.appending(path: "rehearse-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        let running = Running(
            process: Process(), output: directory.appending(path: "out"), errors: directory.appending(path: "err"))
        for file in [running.output, running.errors] { try Data().write(to: file) }
        running.process.executableURL = program
        running.process.arguments = arguments
        running.process.currentDirectoryURL = place
        running.process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        running.process.standardInput = FileHandle.nullDevice
        running.process.standardOutput = try FileHandle(forWritingTo: running.output)
        running.process.standardError = try FileHandle(forWritingTo: running.errors)
        try running.process.run()
        return running
    }

    /// Long enough for any command here on a busy machine; a tool that hangs fails its test instead of hanging it.
    private static let patience: TimeInterval = 300

    private static func finish(_ running: Running) throws -> Result {
        let deadline = Date(timeIntervalSinceNow: patience)
        while running.process.isRunning {
            if Date() > deadline { kill(running.process.processIdentifier, SIGKILL) }
            Thread.sleep(forTimeInterval: 0.02)
        }
        running.process.waitUntilExit()
        defer { try? FileManager.default.removeItem(at: running.output.deletingLastPathComponent()) }
        return Result(
            status: running.process.terminationStatus,
            output: String(decoding: try Data(contentsOf: running.output), as: UTF8.self),
            errors: String(decoding: try Data(contentsOf: running.errors), as: UTF8.self))
    }
}

extension Tool.Result {
    /// The output as a JSON object.
    func object(_ location: SourceLocation = #_sourceLocation) throws -> [String: Any] {
        let value = try JSONSerialization.jsonObject(with: Data(output.utf8))
        return try #require(value as? [String: Any], sourceLocation: location)
    }
}

/// A directory that exists as long as a test needs it.
struct Scratch: ~Copyable {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "rehearse-scratch-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    /// Writes a file, and the directories above it; the path.
    @discardableResult
    func write(_ name: String, _ text: String) throws -> String {
        let file = url.appending(path: name)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
        return file.path
    }
}
