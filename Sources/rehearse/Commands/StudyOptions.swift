import Advice
import ArgumentParser
import Foundation
import ModelFile
import Statistics
import SystemModel

/// How the answer of a study is written.
enum StudyFormat: String, ExpressibleByArgument, CaseIterable {
    case table, json, yaml, markdown
}

/// What every command takes that answers one question by many simulations.
struct StudyOptions: ParsableArguments {
    static let mostReplications = 1_000_000

    @OptionGroup var system: ModelOptions

    @Option(help: "Independent repetitions of each case, 1 to 1000000.")
    var replications = 200

    @Option(help: "Where the random numbers start.")
    var seed = 1

    @Option(help: "Threads, 1 to 1024; one for each core if not given.")
    var jobs: Int?

    @Option(name: .shortAndLong, help: "How to print the answer.")
    var output = StudyFormat.table

    @Flag(help: "No progress bar.")
    var quiet = false

    func validate() throws {
        guard (1...StudyOptions.mostReplications).contains(replications) else {
            throw ValidationError("--replications \(replications) is not in 1...\(StudyOptions.mostReplications)")
        }
        if let jobs, !(1...ReplicationOptions.mostJobs).contains(jobs) {
            throw ValidationError("--jobs \(jobs) is not in 1...\(ReplicationOptions.mostJobs)")
        }
        guard seed >= 0 else { throw ValidationError("--seed \(seed) is negative") }
    }

    /// - Parameter total: replications that the study takes, about.
    func effort(total: Int) -> Effort {
        Interruption.install()
        InvariantFailure.install(context: "It happened with \(system.model) and --seed \(seed).")
        let bar = SharedProgress(total: total, isWanted: !quiet)
        return Effort(
            replications: replications, seed: UInt64(seed),
            workers: jobs ?? ProcessInfo.processInfo.activeProcessorCount,
            shouldStop: { Interruption.isRequested }, onProgress: { bar.show($0) })
    }

    /// The line under every answer: what repeats it.
    func title(_ question: String, _ loaded: LoadedModel) -> String {
        let changes = system.overrides.isEmpty ? "" : ", with \(system.overrides.joined(separator: ", "))"
        return "\(question) \(loaded.model.name)\(changes): \(Phrase.count(replications, "replication")) a case, "
            + "seed \(seed), \(loaded.model.engine.rawValue). Ranges in brackets are 95 % intervals."
    }

    /// The first members of every document.
    func head(_ format: String, _ loaded: LoadedModel, answer: String, isComplete: Bool) -> [(
        key: String, value: Document
    )] {
        [
            ("format", .text("rehearse.\(format)/v1")), ("version", .text(Rehearse.version)),
            ("model", .text(loaded.model.name)), ("engine", .text(loaded.model.engine.rawValue)),
            ("seed", .integer(seed)), ("replications", .integer(replications)), ("set", .texts(system.overrides)),
            ("guesses", .integer(loaded.guessed.count)), ("complete", .boolean(isComplete)), ("answer", .text(answer)),
        ]
    }

    /// Numbers that nobody has measured.
    func guesses(_ loaded: LoadedModel) -> [String] {
        let count = loaded.guessed.count
        guard count > 0 else { return [] }
        return [
            "\(Phrase.count(count, "number")) behind this \(count == 1 ? "is a guess" : "are guesses"): "
                + "rehearse check \(system.model) --verbose"
        ]
    }

    /// Writes the answer; what was interrupted ends with 130, after what is known.
    func finish(_ report: StudyReport, isComplete: Bool) throws {
        SharedProgress.clear()
        report.write(output, to: ResultStream())
        guard isComplete else {
            Console.error("interrupted: the answer is about what was simulated by then")
            throw ExitCode(Interruption.exitStatus)
        }
    }
}

/// A progress bar that a study's only waiting thread redraws.
private final class SharedProgress: @unchecked Sendable {
    // Touched by the thread that runs the command, and by no other: `Effort` reports progress where it waits.
    private var bar: ProgressBar
    private let total: Int

    init(total: Int, isWanted: Bool) {
        self.total = max(1, total)
        bar = ProgressBar(total: self.total, isWanted: isWanted)
    }

    /// Totals are estimates: what goes beyond them is not shown.
    func show(_ done: Int) { bar.show(min(done, total)) }

    static func clear() { if Console.isInteractive { Console.write("\r\u{1b}[K") } }
}
