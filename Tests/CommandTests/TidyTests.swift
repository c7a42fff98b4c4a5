import Foundation
import Testing

/// Rules about the code itself that a compiler does not check.
@Suite("The house is tidy")
struct TidyTests {
    struct File: Sendable {
        var path: String
        var lines: [Substring]

        /// The module under Sources or Tests that the file belongs to.
        var module: String { String(path.split(separator: "/")[1]) }
        var isSource: Bool { path.hasPrefix("Sources/") }

        /// Lines without what follows `//`, numbered from 1.
        var code: [(number: Int, text: Substring)] {
            lines.enumerated().map { index, line in
                (index + 1, line.range(of: "//").map { line[..<$0.lowerBound] } ?? line)
            }
        }
    }

    static let files: [File] = {
        var files: [File] = []
        for top in ["Sources", "Tests"] {
            let root = Tool.package.appending(path: top)
            let found = FileManager.default.enumerator(atPath: root.path)?.compactMap { $0 as? String } ?? []
            for name in found.sorted() where name.hasSuffix(".swift") {
                guard let text = try? String(contentsOf: root.appending(path: name), encoding: .utf8) else { continue }
                files.append(
                    File(path: "\(top)/\(name)", lines: text.split(separator: "\n", omittingEmptySubsequences: false)))
            }
        }
        return files
    }()

    /// Targets whose results must depend on the model, the scenario and the seed alone.
    static let modelTargets: Set = [
        "Randomness", "DiscreteEvent", "RedisCluster", "Kubernetes", "SystemModel", "ClusterModel", "Statistics",
    ]

    /// Those that read or write files or run threads on the way to such results.
    static let studyTargets: Set = ["Capacity", "Experiments", "Advice", "Replay"]

    @Test("The files are found at all")
    func found() { #expect(TidyTests.files.count > 100) }

    @Test("No file is longer than 400 lines")
    func fileLength() {
        for file in TidyTests.files {
            #expect(file.lines.count <= 401, "\(file.path) has \(file.lines.count - 1) lines")
        }
    }

    @Test("No function and no computed property is longer than 60 lines")
    func functionLength() throws {
        let opening = /^( *)(?:[a-z@()]+ )*(?:func |init[?(<]|deinit|subscript|var [^=]*\{$)/
        for file in TidyTests.files {
            for (start, line) in file.lines.enumerated() {
                guard let match = try opening.prefixMatch(in: line) else { continue }
                let end = file.lines[start...].firstIndex { $0 == match.1 + "}" }
                // A requirement of a protocol, or a one-liner, ends before any such brace of its own.
                let next = file.lines[(start + 1)...].firstIndex {
                    (try? opening.prefixMatch(in: $0)) != nil && $0.hasPrefix(match.1)
                }
                guard let end, end < next ?? .max else { continue }
                #expect(end - start < 60, "\(file.path):\(start + 1): \(end - start + 1) lines")
            }
        }
    }

    @Test("No line is wider than 120 columns")
    func width() throws {
        let manifest = try String(contentsOf: Tool.package.appending(path: "Package.swift"), encoding: .utf8)
        let lines = manifest.split(separator: "\n", omittingEmptySubsequences: false)
        for file in TidyTests.files + [File(path: "Package.swift", lines: lines)] {
            for (index, line) in file.lines.enumerated() where line.count > 120 {
                Issue.record("\(file.path):\(index + 1): \(line.count) columns")
            }
        }
    }

    @Test(
        "Models know no wall clock, no global dice, no files and no console",
        arguments: modelTargets.union(studyTargets).sorted())
    func purity(target: String) {
        let forbidden =
            [
                "Date(", "ContinuousClock", "SuspendingClock", ".random(in:", ".random(", ".randomElement(",
                ".shuffled()", "SystemRandomNumberGenerator", "ProcessInfo", "FileManager",
            ] + (TidyTests.modelTargets.contains(target) ? ["Foundation"] : [])
        for file in TidyTests.files where file.isSource && file.module == target {
            for (number, text) in file.code {
                let plain = text.replacing("CivilDate(", with: "")
                for word in forbidden where plain.contains(word) { Issue.record("\(file.path):\(number): \(word)") }
            }
        }
    }

    @Test("Only the tools print")
    func printing() {
        let call = /(?:^|[^A-Za-z_.])(?:print|debugPrint|dump)\(/
        let tools = ["rehearse", "rehearse-bench", "measure-capacity"]
        for file in TidyTests.files where file.isSource && !tools.contains(file.module) {
            for (number, text) in file.code where text.contains(call) { Issue.record("\(file.path):\(number): prints") }
        }
    }

    @Test(
        "The cores import nothing but what they may",
        arguments: [("Randomness", []), ("RedisCluster", ["Randomness"]), ("Kubernetes", ["Randomness"])])
    func imports(target: String, allowed: [String]) throws {
        let statement = /^(?:[a-z@_]+ )*import (?:struct |enum |class |func )?([A-Za-z_]+)/
        for file in TidyTests.files where file.isSource && file.module == target {
            for line in file.lines {
                guard let match = try statement.prefixMatch(in: line) else { continue }
                #expect(allowed.contains(String(match.1)), "\(file.path) imports \(match.1)")
            }
        }
    }

    @Test("Nothing is left for later")
    func leftovers() {
        // Taken apart, so that this file is not a leftover itself.
        let marks = ["TO" + "DO:", "TO" + "DO(", "// TO" + "DO", "FIX" + "ME", "XX" + "X:", "HA" + "CK"]
        for file in TidyTests.files {
            for (index, line) in file.lines.enumerated() {
                for mark in marks where line.contains(mark) { Issue.record("\(file.path):\(index + 1): \(mark)") }
            }
        }
    }

    @Test("No test is switched off")
    func switchedOff() {
        // Taken apart, so that this file does not name it itself.
        let mark = ".dis" + "abled("
        for file in TidyTests.files where !file.isSource {
            for (number, text) in file.code where text.contains(mark) {
                Issue.record("\(file.path):\(number): \(mark)")
            }
        }
    }

    @Test("Files end with one newline and hold no tabs and no blanks at the ends of lines")
    func whitespace() {
        for file in TidyTests.files {
            #expect(file.lines.last == "" && file.lines.dropLast().last != "", "\(file.path): its end")
            for (index, line) in file.lines.enumerated() where line.contains("\t") || line.last == " " {
                Issue.record("\(file.path):\(index + 1): white space")
            }
        }
    }
}
