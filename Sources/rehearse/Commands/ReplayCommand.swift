import ArgumentParser
import Foundation
import ModelFile
import Recording
import RedisCluster
import Replay
import SystemModel

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

    @Option(help: "Where the random numbers start.")
    var seed = 1

    @Option(help: "Threads, 1 to 1024; one for each core if not given.")
    var jobs: Int?

    @Option(name: .shortAndLong, help: "How to print the answer.")
    var output = OutputFormat.table

    func validate() throws {
        try OutputFormat.refuseCSV(output, for: "replay")
        if let replications, !(100...1_000_000).contains(replications) {
            throw ValidationError("--replications \(replications) is not in 100...1000000")
        }
        if let jobs, !(1...ReplicationOptions.mostJobs).contains(jobs) {
            throw ValidationError("--jobs \(jobs) is not in 1...\(ReplicationOptions.mostJobs)")
        }
        guard seed >= 0 else { throw ValidationError("--seed \(seed) is negative") }
    }

    func run() throws {
        let inputs = try ReplayInputs(paths, overrides: overrides)
        InvariantFailure.install(context: "It happened in a replay with --seed \(seed).")
        Interruption.install()
        let jobs = jobs ?? ProcessInfo.processInfo.activeProcessorCount
        let options = ReplayOptions(
            replications: replications ?? Judgement.sufficientReplications(recordings: inputs.recordings.count),
            seed: UInt64(seed), jobs: jobs, shouldStop: { Interruption.isRequested })
        var replays: [(path: String, replay: RecordingReplay)] = []
        var bar = ProgressBar(total: inputs.recordings.count, isWanted: true)
        for (number, path) in inputs.recordings.enumerated() where !Interruption.isRequested {
            bar.show(number)
            do {
                let recording = try RecordingReader.read(path: path)
                let replay = try RecordingReplay(
                    recording, base: inputs.model, held: inputs.held, options: options, number: number)
                replays.append((path, replay))
            } catch let error as RecordingError {
                Console.error(error.diagnostic)
            } catch let error as ReplayError {
                Console.error("\(path): \(error.description)")
            }
        }
        bar.clear()
        if Interruption.isRequested { throw ExitCode(Interruption.exitStatus) }
        guard !replays.isEmpty else { throw ExitCode(Rehearse.wrongInput) }
        let report = ReplayReport(
            replays: replays, inputs: inputs, seed: seed, jobs: jobs,
            unreadable: inputs.recordings.count - replays.count)
        let stream = ResultStream()
        if output == .table { report.writeText(to: stream) } else { output.write(report.document, to: stream) }
        stream.flush()
        throw ExitCode(report.judgement.verdict.exitStatus)
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
    private(set) var recordings: [String] = []
    let model: SystemModel
    /// The model's path, or nil for built-in defaults.
    let modelPath: String?
    /// Directives that stay as `--set` has them.
    let held: Set<String>

    init(_ paths: [String], overrides: [String]) throws {
        var paths = paths
        var modelPath = Self.isModel(ReplayCommand.defaultModel) ? ReplayCommand.defaultModel : nil
        if let last = paths.last, Self.isModel(last) {
            modelPath = last
            paths.removeLast()
        }
        if let modelPath {
            let loaded = try ModelReader.read(directory: modelPath, overrides: overrides)
            model = loaded.model
        } else {
            guard overrides.isEmpty else {
                throw ValidationError("--set needs a model: name its directory after the recordings")
            }
            model = Self.builtIn
        }
        self.modelPath = modelPath
        held = Self.held(by: overrides)
        for path in paths { try add(path) }
        guard !recordings.isEmpty else {
            throw ValidationError("no recording is named: a file that rehearse record wrote")
        }
    }

    init(recordings: [String], model: SystemModel, modelPath: String, held: Set<String>) {
        self.recordings = recordings
        self.model = model
        self.modelPath = modelPath
        self.held = held
    }

    /// The keys of `--set` options.
    static func held(by overrides: [String]) -> Set<String> {
        Set(overrides.compactMap { $0.split(separator: "=").first.map(String.init) })
    }

    private mutating func add(_ path: String) throws {
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
            throw ValidationError("\(path): no such recording")
        }
        guard isDirectory.boolValue else {
            recordings.append(path)
            return
        }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        // A lab keeps its trials' milestones beside the recordings.
        let files = names.filter { $0.hasSuffix(".jsonl") && $0 != "trials.jsonl" && !$0.hasPrefix(".") }.sorted()
        guard !files.isEmpty else { throw ValidationError("\(path) holds no recording (*.jsonl)") }
        recordings += files.map { path.hasSuffix("/") ? path + $0 : "\(path)/\($0)" }
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
