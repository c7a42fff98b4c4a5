import Experiments
import Foundation
import SystemModel
import Synchronization
import Testing

@Suite("A sweep that is stopped continues where it was")
struct JournalTests {
    private static func sweep() throws -> Sweep {
        let alternatives = try ["2000", "5000"].map { value in
            let (model, scenario) = try Shipped.sixProcesses("cluster-node-timeout=\(value)")
            return Alternative(
                name: "cluster-node-timeout=\(value)", values: [value], model: model, scenario: scenario)
        }
        return Sweep(
            alternatives: alternatives, statistics: [.quantile(.anySlotUnserved, 0.5), .mean(.elections)],
            plan: ReplicationPlan(replications: 12), seed: 3)
    }

    private static func file() -> String {
        FileManager.default.temporaryDirectory.appending(path: "journal-\(UUID().uuidString)").path
    }

    /// Runs with a journal and returns the file's bytes and what was found.
    private func run(
        _ path: String, digest: String = "d", stopAfter limit: Int = .max
    ) throws -> (bytes: Data, result: SweepResult) {
        let sweep = try JournalTests.sweep()
        let journal = try SweepJournal(path: path, digest: digest, alternatives: sweep.alternatives.map(\.name))
        let asked = Counter()
        let result = try sweep.run(workers: 1, journal: journal, shouldStop: { asked.next() > limit })
        return (try Data(contentsOf: URL(filePath: path)), result)
    }

    private final class Counter: Sendable {
        private let value = Atomic<Int>(0)
        func next() -> Int { value.wrappingAdd(1, ordering: .relaxed).newValue }
    }

    @Test("Whenever it was stopped, file and findings end as if it never had been", arguments: [1, 5, 14, 16, 22])
    func stopped(after asked: Int) throws {
        let (whole, interrupted) = (JournalTests.file(), JournalTests.file())
        defer { for path in [whole, interrupted] { try? FileManager.default.removeItem(atPath: path) } }
        let expected = try run(whole)
        let part = try run(interrupted, stopAfter: asked)
        #expect(!part.result.isComplete && part.bytes.count < expected.bytes.count)
        let rest = try run(interrupted)
        #expect(rest.bytes == expected.bytes)
        #expect(rest.result.findings.map(\.estimates) == expected.result.findings.map(\.estimates))
        #expect(rest.result.findings.map(\.differences) == expected.result.findings.map(\.differences))
        #expect(rest.result.isComplete)
    }

    @Test("A line that was cut off is written again", arguments: [1, 30, 500])
    func torn(lost: Int) throws {
        let path = JournalTests.file()
        defer { try? FileManager.default.removeItem(atPath: path) }
        let expected = try run(path).bytes
        try expected.dropLast(lost).write(to: URL(filePath: path))
        #expect(try run(path).bytes == expected)
    }

    @Test("A journal of other inputs is refused, and left as it is")
    func others() throws {
        let path = JournalTests.file()
        defer { try? FileManager.default.removeItem(atPath: path) }
        let bytes = try run(path, stopAfter: 4).bytes
        #expect(throws: JournalError.self) { try run(path, digest: "other") }
        #expect(try Data(contentsOf: URL(filePath: path)) == bytes)
        let text = Data("kind: Environment\n".utf8)
        try text.write(to: URL(filePath: path))
        #expect(throws: JournalError.self) { try run(path) }
        #expect(try Data(contentsOf: URL(filePath: path)) == text)
    }

    @Test("A damaged line is reported with its number")
    func damaged() throws {
        let path = JournalTests.file()
        defer { try? FileManager.default.removeItem(atPath: path) }
        var lines = try run(path).bytes.split(separator: 0x0A)
        lines.remove(at: 3)
        try Data(lines.joined(separator: [0x0A]) + [0x0A]).write(to: URL(filePath: path))
        let error = try #require(throws: JournalError.self) { try run(path) }
        #expect(error.line == 4 && error.description.hasPrefix("\(path):4:1: "))
    }

    /// Others' files, which a careless command line names: a document without a final line feed, or its beginning.
    @Test(
        "What is not the beginning of a journal is refused, and left as it is",
        arguments: ["{\"format\": \"rehearse.run/v1\"}", "{", "{\"alternatives\":[\"mine\"]"])
    func someoneElses(text: String) throws {
        let path = JournalTests.file()
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data(text.utf8).write(to: URL(filePath: path))
        // A single brace may be all that a killed writer left.
        if text == "{" {
            #expect(try run(path).result.isComplete)
            return
        }
        #expect(throws: JournalError.self) { try run(path) }
        #expect(try String(contentsOfFile: path, encoding: .utf8) == text)
    }

    @Test("A journal that can't be read is not taken for an empty one")
    func unreadable() throws {
        // A regular file whose first byte no process may read: nothing is mapped there.
        let error = try #require(throws: JournalError.self) {
            try SweepJournal(path: "/proc/self/mem", digest: "d", alternatives: ["a"])
        }
        #expect(error.why == "it can't be read" && !error.isOutput)
    }

    @Test("More replications than the plan has are refused")
    func tooMany() throws {
        let path = JournalTests.file()
        defer { try? FileManager.default.removeItem(atPath: path) }
        var lines = try run(path, stopAfter: 12).bytes.split(separator: 0x0A)
        let row = String(decoding: try #require(lines.last), as: UTF8.self)
        #expect(row.contains("\"replication\":10"))
        for number in 11...12 {
            lines.append(Data(row.replacing("\"replication\":10", with: "\"replication\":\(number)").utf8))
        }
        try Data(lines.joined(separator: [0x0A]) + [0x0A]).write(to: URL(filePath: path))
        let error = try #require(throws: JournalError.self) { try run(path) }
        #expect(error.why == "it holds 13 replications of alternative 0, and the plan has 12 at most")
    }

    @Test("A second writer is refused")
    func locked() throws {
        let path = JournalTests.file()
        defer { try? FileManager.default.removeItem(atPath: path) }
        let first = try SweepJournal(path: path, digest: "d", alternatives: ["a"])
        #expect(throws: JournalError.self) { try SweepJournal(path: path, digest: "d", alternatives: ["a"]) }
        #expect(first.rowsFound == 0)
    }
}
