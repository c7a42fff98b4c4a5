import Foundation
import Randomness

/// The engines anyone can install from PyPI, run beside ours on the same events: Cimba (C) and SimPy (Python).
///
/// They live in a virtual environment under `.build-bench`, with the numbers both sides share: the table of increments
/// and SimPy's draws. Each run is a process of its own that times its own loop by thread CPU time.
struct Rivals {
    enum Engine: String, CaseIterable { case cimba = "Cimba", simpy = "SimPy" }

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    private let directory: URL
    private let scripts: URL
    private var python: URL { directory.appending(path: "venv/bin/python") }
    private var table: URL { directory.appending(path: "increments.bin") }
    private var draws: URL { directory.appending(path: "draws.bin") }
    private var driver: URL { directory.appending(path: "phold_cimba.so") }

    /// Installs what is missing and writes the shared numbers, enough for runs of `simpyEvents` events by SimPy.
    init(root: URL, largestPending: Int, simpyEvents: Int) throws {
        directory = root.appending(path: ".build-bench")
        scripts = root.appending(path: "Sources/rehearse-bench/rivals")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        if !FileManager.default.fileExists(atPath: python.path) {
            _ = try Self.output("python3", ["-m", "venv", directory.appending(path: "venv").path])
        }
        let probe = "import simpy, importlib.util as u; assert u.find_spec('cimba')"
        if (try? Self.output(python.path, ["-c", probe])) == nil {
            // The engine needs none of what Cimba's Python side depends on.
            _ = try Self.output(python.path, ["-m", "pip", "install", "--quiet", "--no-deps", "cimba", "simpy"])
        }
        let source = scripts.appending(path: "phold_cimba.c").path
        _ = try Self.output("clang", ["-O3", "-shared", "-fPIC", "-o", driver.path, source])
        try Phold.increments.withUnsafeBytes { Data($0) }.write(to: table)
        var stream = Phold.draws()
        let words = (0..<largestPending + simpyEvents).map { _ in stream.next() }
        try words.withUnsafeBytes { Data($0) }.write(to: draws)
    }

    /// Versions of the two, as installed.
    func versions() throws -> String {
        let names = Engine.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
        let list = "n + ' ' + m.version(n.lower()) for n in [\(names)]"
        let program = "import importlib.metadata as m; print(', '.join(\(list)))"
        return try Self.output(python.path, ["-c", program]).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// One run of an engine in a process of its own.
    func run(_ engine: Engine, pending: Int, events: Int) throws -> Phold.Outcome {
        let arguments =
            switch engine {
            case .cimba: ["phold_cimba.py", driver.path, table.path, "\(Phold.seed)", "\(pending)", "\(events)"]
            case .simpy: ["phold_simpy.py", draws.path, table.path, "\(pending)", "\(events)"]
            }
        let script = scripts.appending(path: arguments[0]).path
        let printed = try Self.output(python.path, [script] + arguments.dropFirst())
        let fields = printed.split(whereSeparator: \.isWhitespace)
        guard fields.count == 2, let checksum = UInt64(fields[0]), let seconds = Double(fields[1]), seconds > 0 else {
            throw Failure(description: "\(engine.rawValue) printed no checksum and CPU seconds")
        }
        return Phold.Outcome(checksum: checksum, cpuSeconds: seconds)
    }

    /// What a command prints; throws with its error output where it fails.
    private static func output(_ command: String, _ arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [command] + arguments
        let (out, err) = (Pipe(), Pipe())
        process.standardOutput = out
        process.standardError = err
        try process.run()
        // Both pipes are small enough here for their buffers: a few lines each.
        let text = try out.fileHandleForReading.readToEnd() ?? Data()
        let complaint = try err.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            let words = ([command] + arguments).joined(separator: " ")
            throw Failure(description: "`\(words)` failed:\n\(String(decoding: complaint, as: UTF8.self))")
        }
        return String(decoding: text, as: UTF8.self)
    }
}
