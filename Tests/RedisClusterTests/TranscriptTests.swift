import Foundation
import Testing

@Suite("Transcripts of the protocol")
struct TranscriptTests {
    /// The files as they lie in the source tree, so that they can be rewritten.
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Transcripts")

    private static let names: [String] = {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return files.filter { $0.hasSuffix(".txt") }.sorted()
    }()

    private static let rewrites = ProcessInfo.processInfo.environment["UPDATE_TRANSCRIPTS"] == "1"

    @Test("there are transcripts")
    func some() { #expect(Self.names.count >= 30) }

    @Test("a transcript happens as written", arguments: names)
    func transcript(_ name: String) throws {
        let url = Self.folder.appendingPathComponent(name)
        var transcript = Transcript(try String(contentsOf: url, encoding: .utf8))
        var runner = TranscriptRunner()
        for index in transcript.blocks.indices {
            let block = transcript.blocks[index]
            let output = try runner.run(block.commands)
            if Self.rewrites {
                transcript.blocks[index].expected = output
                continue
            }
            guard let expected = block.expected else {
                Issue.record("\(name):\(block.number): nothing is expected; UPDATE_TRANSCRIPTS=1 writes what happens")
                continue
            }
            #expect(
                output == expected,
                """
                \(name):\(block.number): \(block.commands.joined(separator: "; "))
                expected:
                \(expected.joined(separator: "\n"))
                happened:
                \(output.joined(separator: "\n"))
                """)
        }
        if Self.rewrites { try transcript.text.write(to: url, atomically: true, encoding: .utf8) }
    }
}
