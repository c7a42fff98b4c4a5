import ArgumentParser
import Foundation
import LiveCluster
import ModelFile
import Recording
import RedisClient
import Replay
import SystemModel

/// A live cluster beside a forecast, as it unfolds.
struct CompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Record a live cluster while you hurt it, and see each stage beside its forecast.",
        discussion: """
            Shows the command that inflicts the scenario's first step. You run it, or not: nothing but reading commands
            is sent to the cluster. Ends with the scenario's horizon, counted from the fault, or with Ctrl-C, and then
            says what `rehearse replay` says of the recording.

            EXIT STATUS
              0    recording and simulation agree
              2    they disagree
              3    there is too little data to say
              69   no node answers
            """)

    @Argument(help: ArgumentHelp("One of the cluster's nodes; 6379 if without a port.", valueName: "host:port"))
    var node: ServerAddress

    @OptionGroup var system: ModelOptions

    @Option(help: "Which of the model's scenarios you are going to inflict.")
    var scenario: String?

    @Option(name: .shortAndLong, help: ArgumentHelp("The recording.", valueName: "file"))
    var output = "compare.jsonl"

    @Flag(help: "Replace a file that exists.")
    var force = false

    @Option(help: "Between two questions to a node, 5ms to 1min.")
    var interval = DurationArgument(nanoseconds: 50_000_000)

    @Option(help: "How often the scenario is simulated, 1000 to 1000000.")
    var replications = 1000

    @Option(help: "Where the random numbers start.")
    var seed = 1

    @Option(help: "Threads, 1 to 1024; one for each core if not given.")
    var jobs: Int?

    @OptionGroup var connection: ConnectionArguments

    func validate() throws {
        guard (5_000_000...60_000_000_000).contains(interval.nanoseconds) else {
            throw ValidationError("--interval \(interval.defaultValueDescription) is not from 5ms to 1min")
        }
        guard (1000...1_000_000).contains(replications) else {
            throw ValidationError("--replications \(replications) is not in 1000...1000000")
        }
        if let jobs, !(1...ReplicationOptions.mostJobs).contains(jobs) {
            throw ValidationError("--jobs \(jobs) is not in 1...\(ReplicationOptions.mostJobs)")
        }
        guard seed >= 0 else { throw ValidationError("--seed \(seed) is negative") }
    }

    func run() throws {
        let loaded = try system.load()
        let scenario = try system.scenario(scenario, of: loaded)
        Interruption.install()
        let options = ReplayOptions(
            replications: replications, seed: UInt64(seed),
            jobs: jobs ?? ProcessInfo.processInfo.activeProcessorCount, shouldStop: { Interruption.isRequested })
        do {
            let connection = try connection.options()
            Console.error("simulating \(scenario.name) \(Phrase.count(replications, "time")), then recording")
            let polling = Polling(views: interval.nanoseconds, states: interval.nanoseconds)
            let forecast = StageForecast(model: loaded.model, scenario: scenario, polling: polling, options: options)
            let session = CompareSession(
                node: node, model: loaded.model, scenario: scenario, forecast: forecast, interval: interval.nanoseconds,
                connection: connection, output: output, replaces: force)
            try AsynchronousWork.run { try await session.run() }
        } catch let error as RecordingError {
            let isThere = !force && FileManager.default.fileExists(atPath: output)
            Console.error("\(error.description)\(isThere ? "; --force replaces it" : "")")
            throw ExitCode(ResultStream.writeFailure)
        } catch let error as LiveClusterError {
            Console.error(error.description)
            throw ExitCode(error == .stopped ? Interruption.exitStatus : RecordCommand.noAnswer)
        } catch let error as ConnectionOptionsError {
            Console.error(error.description)
            throw ExitCode(Rehearse.wrongInput)
        } catch let error as PasswordError {
            Console.error(error.description)
            throw ExitCode(Rehearse.wrongInput)
        }
        // What is known by now is judged, however it ended.
        Interruption.install()
        try judge(loaded.model, options)
    }

    private func judge(_ model: SystemModel, _ options: ReplayOptions) throws {
        let held = ReplayInputs.held(by: system.overrides)
        do {
            let replay = try RecordingReplay(
                try RecordingReader.read(path: output), base: model, held: held, options: options)
            let report = ReplayReport(
                replays: [(output, replay)],
                inputs: ReplayInputs(recordings: [output], model: model, modelPath: system.model, held: held),
                seed: seed, jobs: options.jobs, unreadable: 0)
            let stream = ResultStream()
            stream.line()
            report.writeText(to: stream)
            stream.flush()
            throw ExitCode(report.judgement.verdict.exitStatus)
        } catch let error as ReplayError {
            Console.error("\(output): \(error.description)")
            throw ExitCode(ReplayCommand.tooLittleData)
        }
    }
}
