import Advice
import ArgumentParser
import Foundation
import ModelFile
import Statistics
import SystemModel
import Wording

/// What every command takes that answers one question by many simulations.
struct StudyOptions: ParsableArguments {
    static let mostReplications = 1_000_000

    @OptionGroup var system: ModelOptions

    @Option(help: "Independent repetitions of each case, 1 to 1000000.")
    var replications = 100

    @OptionGroup var random: RandomOptions

    @OptionGroup var workers: WorkerOptions

    @Option(name: .shortAndLong, help: "How to print the answer.")
    var output = OutputFormat.table

    @Flag(help: "No progress bar.")
    var quiet = false

    func validate() throws {
        guard (1...StudyOptions.mostReplications).contains(replications) else {
            throw ValidationError("--replications \(replications) is not in 1...\(StudyOptions.mostReplications)")
        }
        try OutputFormat.allow([.table, .markdown, .json, .yaml], output, for: "this command")
    }

    /// Runs a study under a progress bar, which is gone when the study ends, however that comes.
    ///
    /// - Parameter total: replications that the study takes, about.
    func study<Study>(total: Int, _ study: (Effort) throws -> Study) rethrows -> Study {
        Interruption.install()
        InvariantFailure.install(context: "It happened with \(system.model) and --seed \(random.seed).")
        let bar = SharedProgress(total: total, isWanted: !quiet)
        defer { bar.clear() }
        return try study(
            Effort(
                replications: replications, seed: UInt64(random.seed), workers: workers.count,
                shouldStop: { Interruption.isRequested }, onProgress: { bar.show($0) }))
    }

    /// The line under every answer: what repeats it.
    func title(_ question: String, _ loaded: LoadedModel) -> String {
        let changes = system.overrides.isEmpty ? "" : ", with \(system.overrides.joined(separator: ", "))"
        return "\(question) \(loaded.model.name)\(changes): \(Phrase.count(replications, "replication")) a case, "
            + "seed \(random.seed), \(loaded.model.engine.rawValue). Ranges in brackets are 95 % intervals."
    }

    /// A study's answer for programs.
    ///
    /// - Parameters:
    ///   - name: the command's, and of its format.
    ///   - arguments: of this command only, as far as they reach the answer.
    ///   - scenario: the one whose file was read, if one was.
    func document(
        _ name: String, _ loaded: LoadedModel, arguments: [String] = [], scenario: String? = nil, answer: String,
        isComplete: Bool, _ entries: [ResultEnvelope.Entry]
    ) -> Document {
        let common = ["--replications", "\(replications)", "--seed", "\(random.seed)"]
        let envelope = ResultEnvelope(
            name, arguments: [system.model] + arguments + common, loaded: loaded, scenario: scenario,
            settings: system.overrides)
        return envelope.document(
            [
                ("model", .text(loaded.model.name)), ("engine", .text(loaded.model.engine.rawValue)),
                ("seed", .integer(random.seed)), ("replications", .integer(replications)),
                ("set", .texts(system.overrides)), ("guesses", .integer(loaded.guessed.count)),
                ("complete", .boolean(isComplete)), ("answer", .text(answer)),
            ] + entries)
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

    /// Writes the answer, and ends with what the study's end means.
    func finish(_ report: StudyReport, _ end: StudyEnd) throws {
        report.write(output, to: ResultStream(isMarkdown: output == .markdown))
        switch end {
        case .complete: return
        case .interrupted:
            Console.error("interrupted: the answer is about what was simulated by then")
            throw ExitCode(Interruption.exitStatus)
        case .withoutSome:
            Console.error("some cases came to no figure: the answer is about the others")
            throw ExitCode(ExpectationStatus.undecided)
        }
    }
}

/// How a study came to its end.
enum StudyEnd {
    case complete
    /// By Ctrl-C; what is known is whole.
    case interrupted
    /// Everything was simulated, and some of it says nothing of what was asked.
    case withoutSome

    init(isComplete: Bool) {
        self = isComplete ? .complete : Interruption.isRequested ? .interrupted : .withoutSome
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

    func clear() { bar.clear() }
}
