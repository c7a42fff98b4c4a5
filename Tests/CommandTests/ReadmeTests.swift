import Foundation
import Testing

@Suite("The README's claims")
struct ReadmeTests {
    /// Lines of its code blocks that call the tool (`$R`) on a shipped model.
    static let commands: [String] = {
        let text = (try? String(contentsOf: Tool.package.appending(path: "README.md"), encoding: .utf8)) ?? ""
        return text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
            .filter { $0.hasPrefix("$R ") && $0.contains(" models/") && !$0.contains(" models/mine") }
    }()

    /// Commands that repeat something.
    static let replicating = ["run", "sweep", "advise", "tradeoff", "restart", "maintenance", "losses", "clients"]

    @Test("There are commands to try")
    func found() { #expect(ReadmeTests.commands.count >= 5) }

    @Test("Every command works as printed", arguments: commands)
    func works(command: String) throws {
        // The last one counts: a few replications show that a command works.
        let words = command.split(separator: "#")[0].dropFirst("$R".count)
        let name = words.split(separator: " ").first.map(String.init) ?? ""
        let (fewer, statuses): (String, [Int32]) =
            switch name {
            // So few leave an expectation undecided.
            case "run": (" --replications 2", words.contains("--expect") ? [3] : [0])
            case "tradeoff": (" --replications 2 --timeouts 5s", [0])
            case "rare": (" --round 100 --max-replications 100", [0, 3])
            case _ where ReadmeTests.replicating.contains(name): (" --replications 2", [0])
            default: ("", [0])
            }
        // Where nothing that a command writes stays behind.
        let scratch = try Scratch()
        try FileManager.default.createSymbolicLink(
            at: scratch.url.appending(path: "models"), withDestinationURL: Tool.package.appending(path: "models"))
        let result = try Tool.shell("\"$REHEARSE\" \(words)\(fewer)", in: scratch.url)
        #expect(statuses.contains(result.status), "\(command): \(result.errors)")
        #expect(!result.output.isEmpty)
    }

    @Test("Every target is on the map")
    func map() throws {
        let text = try String(contentsOf: Tool.package.appending(path: "README.md"), encoding: .utf8)
        let targets = try FileManager.default.contentsOfDirectory(atPath: Tool.package.appending(path: "Sources").path)
        for target in targets where target != "CGSL" { #expect(text.contains("\(target)`"), "\(target)") }
    }
}
