import ArgumentParser
import Foundation
import ModelFile
import Recording
import RedisCluster
import Replay
import SystemModel
import Wording

/// Recordings held against the simulation.
struct ReplayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Say whether recorded clusters and the simulation agree: what was done, what followed, and when.",
        discussion: """
            Each recording's topology, configuration and faults are simulated many times, with the latencies of a
            model's environment, and watched as the recorder watched.

            EXIT STATUS
              0    they agree
              2    they disagree
              3    there is too little data to say
            """)

    static let disagreement: Int32 = 2
    static let tooLittleData: Int32 = 3
    static let defaultModel = "models/six-processes"

    @Argument(
        help: ArgumentHelp(
            """
            Recordings, or directories of them (*.jsonl). A last argument that is a model's directory says which \
            environment applies; otherwise that of \(ReplayCommand.defaultModel) does, or defaults where there is none.
            """,
            valueName: "recording"))
    var paths: [String]

    @Option(
        name: .customLong("set"),
        help: ArgumentHelp(
            """
            Change the model: a directive of redis.conf or engine, which then wins over what the recording says, or \
            environment.PATH. Repeatable.
            """,
            valueName: "key=value"))
    var overrides: [String] = []

    @Option(
        help: ArgumentHelp(
            """
            How often each recording is simulated, 100 to 1000000. If not given 1000 times, which is what a single one \
            can be judged by, or 200 times where there are five or more.
            """))
    var replications: Int?

    @OptionGroup var random: RandomOptions

    @OptionGroup var workers: WorkerOptions

    @Option(name: .shortAndLong, help: "How to print the answer.")
    var output = OutputFormat.table

    func validate() throws {
        try OutputFormat.refuseCSV(output, for: "replay")
        if let replications, !(100...1_000_000).contains(replications) {
            throw ValidationError("--replications \(replications) is not in 100...1000000")
        }
    }

    func run() throws {
        var inputs = try ReplayInputs(paths, overrides: overrides)
        InvariantFailure.install(context: "It happened in a replay with --seed \(random.seed).")
        Interruption.install()
        let options = ReplayOptions(
            replications: replications ?? Judgement.sufficientReplications(recordings: inputs.recordings.count),
            seed: UInt64(random.seed), jobs: workers.count, shouldStop: { Interruption.isRequested })
        let replays = try replay(&inputs, options)
        if replays.isEmpty {
            throw ExitCode(Interruption.isRequested ? Interruption.exitStatus : Rehearse.wrongInput)
        }
        let report = ReplayReport.judging(
            replays, inputs, options,
            unreadable: Interruption.isRequested ? 0 : inputs.recordings.count - replays.count)
        let stream = ResultStream()
        if output == .table { report.writeText(to: stream) } else { output.write(report.document, to: stream) }
        stream.flush()
        if Interruption.isRequested {
            let count = Phrase.count(inputs.recordings.count, "recording")
            Console.error("interrupted: the answer is about \(replays.count) of \(count)")
            throw ExitCode(Interruption.exitStatus)
        }
        throw ExitCode(report.judgement.verdict.exitStatus)
    }

    /// Those that can be read and replayed; what is wrong with the others is told. The one that an interruption cut
    /// short is left out.
    private func replay(
        _ inputs: inout ReplayInputs, _ options: ReplayOptions
    ) throws -> [(path: String, replay: RecordingReplay)] {
        var replays: [(path: String, replay: RecordingReplay)] = []
        var bar = ProgressBar(total: inputs.recordings.count, isWanted: true)
        defer { bar.clear() }
        for (number, path) in inputs.recordings.enumerated() where !Interruption.isRequested {
            bar.show(number)
            do {
                let recording = try inputs.read(path)
                let replay = try RecordingReplay(
                    recording, base: inputs.model, held: inputs.held, options: options, number: number)
                if !Interruption.isRequested { replays.append((path, replay)) }
            } catch let error as RecordingError {
                Console.error(error.diagnostic)
            } catch let error as ReplayError where !Interruption.isRequested {
                Console.error("\(path): \(error.description)")
            } catch is ReplayError {
                break
            }
        }
        return replays
    }
}

extension ReplayReport {
    /// Judges replays, and simulates what a disagreement may point to.
    static func judging(
        _ replays: [(path: String, replay: RecordingReplay)], _ inputs: ReplayInputs, _ options: ReplayOptions,
        unreadable: Int
    ) -> ReplayReport {
        let all = replays.map(\.replay)
        let agreement = Agreement(all)
        let judgement = Judgement(all, agreement)
        var explanation: Explanation?
        if judgement.verdict == .disagrees {
            explanation = Explanation.best(for: all, jobs: options.jobs, shouldStop: options.shouldStop)
        }
        return ReplayReport(
            replays: replays, inputs: inputs, replications: options.replications, seed: Int(clamping: options.seed),
            unreadable: unreadable, agreement: agreement, judgement: judgement, explanation: explanation,
            isWhole: !options.shouldStop())
    }
}

extension RecordingError {
    /// A line is one JSON object, so that it is the line as a whole that is wrong.
    fileprivate var diagnostic: String {
        guard let line else { return description }
        return "\(file):\(line):1: \(what): this is no line of a recording; name a file that rehearse record or "
            + "rehearse lab wrote (models/README.md has its format)"
    }
}

extension ReplayVerdict {
    var exitStatus: Int32 {
        switch self {
        case .agrees: 0
        case .disagrees: ReplayCommand.disagreement
        case .tooLittleData: ReplayCommand.tooLittleData
        }
    }
}

/// What a replay's arguments name.
struct ReplayInputs {
    /// Files, in the order of the arguments, those of a directory by name.
    private(set) var recordings: [String]
    let model: SystemModel
    /// The model's path, or nil for built-in defaults.
    let modelPath: String?
    /// The `--set` options, and the directives that stay as they have them.
    let overrides: [String]
    let held: Set<String>
    /// The model's files, then the recordings that were read.
    private(set) var files: [InputFile]
    /// What names all of this on a command line.
    let arguments: [String]
    let assumptions: [Assumption]

    init(_ arguments: [String], overrides: [String]) throws {
        var paths = arguments
        var modelPath = Self.isModel(ReplayCommand.defaultModel) ? ReplayCommand.defaultModel : nil
        if let last = paths.last, Self.isModel(last) {
            modelPath = last
            paths.removeLast()
        }
        let isNamed = paths.count < arguments.count
        recordings = try Self.recordings(at: paths)
        if let modelPath {
            var teller = WarningTeller()
            let loaded = try teller.read(modelPath, overrides)
            model = loaded.model
            files = loaded.inputFiles(scenario: nil).map { $0.below(modelPath) }
            assumptions = loaded.assumptions
        } else {
            guard overrides.isEmpty else {
                throw ValidationError("--set needs a model: name its directory after the recordings")
            }
            model = Self.builtIn
            files = []
            assumptions = []
        }
        self.modelPath = modelPath
        self.arguments = paths + (modelPath.map { [$0] } ?? [])
        self.overrides = overrides
        held = Self.held(by: overrides)
        if !isNamed {
            let whose = modelPath.map { "those of \($0)" } ?? "built-in ones"
            Console.error(
                "warning: no model is named: the latencies are \(whose); name a model's directory after the recordings")
        }
    }

    /// One recording, and the model of a comparison.
    init(recording: String, of loaded: LoadedModel, modelPath: String, overrides: [String]) {
        recordings = [recording]
        arguments = [recording, modelPath]
        model = loaded.model
        self.modelPath = modelPath
        self.overrides = overrides
        held = Self.held(by: overrides)
        files = loaded.inputFiles(scenario: nil).map { $0.below(modelPath) }
        assumptions = loaded.assumptions
    }

    /// Reads a recording, and keeps what was in it in mind.
    mutating func read(_ path: String) throws(RecordingError) -> Recording {
        let bytes = try RecordingReader.contents(of: path)
        let recording = try RecordingReader.read(bytes, file: path)
        files.append(InputFile(path: path, bytes: bytes))
        return recording
    }

    /// The keys of `--set` options.
    static func held(by overrides: [String]) -> Set<String> {
        Set(overrides.compactMap { $0.split(separator: "=").first.map(String.init) })
    }

    private static func recordings(at paths: [String]) throws -> [String] {
        // A recording that is named twice is one witness still.
        var known = Set<String>()
        let all = try paths.flatMap(recordings(at:))
            .filter { known.insert(URL(filePath: $0).resolvingSymlinksInPath().path).inserted }
        guard !all.isEmpty else { throw ValidationError("no recording is named: a file that rehearse record wrote") }
        return all
    }

    private static func recordings(at path: String) throws -> [String] {
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
            throw ModelError([
                Diagnostic(
                    at: .start(of: path), "no such recording", "nothing has that name",
                    instead: "name a file that rehearse record or rehearse lab wrote, or a directory of them")
            ])
        }
        guard isDirectory.boolValue else { return [path] }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        // A lab keeps its trials' milestones beside the recordings.
        let files = names.filter { $0.hasSuffix(".jsonl") && $0 != "trials.jsonl" && !$0.hasPrefix(".") }.sorted()
        guard !files.isEmpty else {
            throw ModelError([
                Diagnostic(
                    at: .start(of: path), "no recording", "none of its files ends in .jsonl",
                    instead: "name what rehearse record or rehearse lab wrote")
            ])
        }
        return files.map { path.hasSuffix("/") ? path + $0 : "\(path)/\($0)" }
    }

    private static func isModel(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: path + "/environment.yaml")
            || FileManager.default.fileExists(atPath: path + "/kubernetes")
    }

    /// Defaults of environment.yaml; the rest comes from the recording.
    private static var builtIn: SystemModel {
        SystemModel(
            name: "defaults", engine: .redis70, conf: .init(), shape: ClusterShape(masters: 3, replicasPerMaster: 1),
            deployment: .processes(ProcessDeployment(hosts: ["host"], placement: [0, 0, 0, 0, 0, 0], storage: .local)),
            environment: Environment())
    }
}
