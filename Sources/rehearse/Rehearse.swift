import ArgumentParser
import Experiments
import Foundation
import Lab
import LiveCapacity
import LiveCluster
import ModelFile
import RedisClient

/// The command and its exit statuses.
struct Rehearse: ParsableCommand {
    static let version = "0.1.0"
    /// The user's files, scenario or `--set` are wrong.
    static let wrongInput: Int32 = 1

    static let configuration = CommandConfiguration(
        commandName: "rehearse",
        abstract: "Rehearse a Redis Cluster's failures before they happen.",
        discussion: """
            Name a model (a directory with your manifests) and a fault, and read what will happen, when, with what
            spread and how likely. No cluster is touched.

            EXAMPLES
              rehearse scenarios models/two-nodes-six-pods
              rehearse run models/two-nodes-six-pods --scenario delete-pod
              rehearse timeline models/two-nodes-six-pods --scenario delete-pod --seed 1
              rehearse run models/two-nodes-six-pods --scenario delete-pod --report failover.html
              source <(rehearse completion bash)

            EXIT STATUS
              0    done
              1    your input is wrong: a model's file, a scenario, a --set, an expression, a recording
              2    an expectation is missed, a replay disagrees, or a demand does not fit
              3    too little data to decide an expectation or a replay
              64   the command line is wrong
              69   a cluster can't be had, or none of its nodes answers; no gnuplot to draw a report's charts
              70   an invariant of the simulator is broken: our bug
              74   the results can't be written
              130  interrupted; what was known by then was printed
            """,
        version: version,
        subcommands: [
            RunCommand.self, SweepCommand.self, CompareModelsCommand.self, RareCommand.self, TimelineCommand.self,
            CheckCommand.self, PlaceCommand.self, ScenariosCommand.self, AdviseCommand.self, TradeoffCommand.self,
            RestartCommand.self, MaintenanceCommand.self, LossesCommand.self, ClientsCommand.self,
            CapacityCommand.self, RecordCommand.self, LabCommand.self, ReplayCommand.self, CompareCommand.self,
            ReportCommand.self, CompletionCommand.self, ManCommand.self,
        ])
}

@main
enum Program {
    static func main() {
        InvariantFailure.install()
        signal(SIGPIPE, SIG_IGN)
        do {
            let words = CommandLine.arguments.dropFirst()
            try refuseUnknownCommand(words.first)
            if words.first == "help" { try refuseUnknownCommand(words.dropFirst().first) }
            var command = try Rehearse.parseAsRoot()
            try command.run()
        } catch is CancellationError {
            exit(Interruption.exitStatus)
        } catch {
            guard let status = status(of: error) else { end(with: error) }
            Console.error("\(error)")
            exit(status)
        }
    }

    /// Of what is wrong with files, clusters and passwords, whichever command meets it; nil for other errors.
    private static func status(of error: any Error) -> Int32? {
        switch error {
        case is ModelError, is LabError, is ConnectionOptionsError, is PasswordError: Rehearse.wrongInput
        case let error as JournalError: error.isOutput ? ResultStream.writeFailure : Rehearse.wrongInput
        case let error as LiveClusterError: error == .stopped ? Interruption.exitStatus : RecordCommand.noAnswer
        case is ClusterReading.Failure: RecordCommand.noAnswer
        default: nil
        }
    }

    /// Help and the version are results, and complete or an error like these; everything else is the user's mistake.
    private static func end(with error: any Error) -> Never {
        let status = Rehearse.exitCode(for: error)
        let message = Rehearse.fullMessage(for: error)
        if !message.isEmpty {
            if status.isSuccess {
                let stream = ResultStream()
                stream.write(message + "\n")
                stream.flush()
            } else {
                Console.error(message)
            }
        }
        exit(status.rawValue)
    }

    /// A mistyped command gets the nearest one, where the parser would only call it unexpected.
    private static func refuseUnknownCommand(_ word: String?) throws {
        let names = Rehearse.configuration.subcommands.map { $0._commandName } + ["help"]
        guard let word, !word.hasPrefix("-"), !names.contains(word) else { return }
        let nearest = Suggestion.nearest(to: word, among: names)
        throw ValidationError(
            "there is no command \"\(word)\"; "
                + (nearest.map { "did you mean \"\($0)\"?" } ?? "rehearse --help lists them"))
    }
}
