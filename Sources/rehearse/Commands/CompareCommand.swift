import ArgumentParser
import Foundation
import LiveCluster
import ModelFile
import Recording
import RedisClient
import Replay
import SystemModel
import Wording

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

    @OptionGroup var random: RandomOptions

    @OptionGroup var workers: WorkerOptions

    @OptionGroup var connection: ConnectionArguments

    func validate() throws {
        guard (5_000_000...60_000_000_000).contains(interval.nanoseconds) else {
            throw ValidationError("--interval \(interval.defaultValueDescription) is not from 5ms to 1min")
        }
        guard (1000...1_000_000).contains(replications) else {
            throw ValidationError("--replications \(replications) is not in 1000...1000000")
        }
    }

    func run() throws {
        let loaded = try system.loadToRun()
        let scenario = try system.scenario(scenario, of: loaded)
        Interruption.install()
        let options = ReplayOptions(
            replications: replications, seed: UInt64(random.seed), jobs: workers.count,
            shouldStop: { Interruption.isRequested })
        let connection = try connection.options()
        Console.error("simulating \(scenario.name) \(Phrase.count(replications, "time")), then recording")
        let polling = Polling(views: interval.nanoseconds, states: interval.nanoseconds)
        let forecast = StageForecast(model: loaded.model, scenario: scenario, polling: polling, options: options)
        // A forecast that was cut short is none, and nobody wants to record beside it.
        if Interruption.isRequested { throw ExitCode(Interruption.exitStatus) }
        let session = CompareSession(
            node: node, model: loaded.model, scenario: scenario, forecast: forecast, interval: interval.nanoseconds,
            connection: connection, output: output, replaces: force)
        do {
            try AsynchronousWork.run { try await session.run() }
        } catch let error as RecordingError {
            let isThere = !force && FileManager.default.fileExists(atPath: output)
            Console.error("\(error.description)\(isThere ? "; --force replaces it" : "")")
            throw ExitCode(ResultStream.writeFailure)
        }
        // What is known by now is judged, however it ended.
        Interruption.install()
        try judge(loaded, options)
    }

    private func judge(_ loaded: LoadedModel, _ options: ReplayOptions) throws {
        var inputs = ReplayInputs(
            recording: output, of: loaded, modelPath: system.model, overrides: system.overrides)
        do {
            let recording = try inputs.read(output)
            let replay = try RecordingReplay(recording, base: inputs.model, held: inputs.held, options: options)
            let report = ReplayReport.judging([(output, replay)], inputs, options, unreadable: 0)
            let stream = ResultStream()
            stream.line()
            report.writeText(to: stream)
            stream.flush()
            if Interruption.isRequested { throw ExitCode(Interruption.exitStatus) }
            throw ExitCode(report.judgement.verdict.exitStatus)
        } catch let error as ReplayError {
            Console.error("\(output): \(error.description)")
            throw ExitCode(Interruption.isRequested ? Interruption.exitStatus : ReplayCommand.tooLittleData)
        }
    }
}
