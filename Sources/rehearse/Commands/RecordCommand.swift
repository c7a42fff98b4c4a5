import ArgumentParser
import Foundation
import LiveCluster
import ModelFile
import Recording
import RedisClient

/// Watches a real cluster.
struct RecordCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "record",
        abstract: "Record what every node of a live cluster sees, and when.",
        discussion: """
            EXAMPLES
              rehearse record 10.0.0.7:6379 -o kill.jsonl --watch
              rehearse record 10.0.0.7:6379 -o kill.jsonl --note "kill -9 of the first master, by hand"

            Finds all nodes through the ones given, asks each for its view again and again, and appends what changed to
            FILE, until Ctrl-C, SIGTERM or the end of --duration. It only reads: the cluster is not touched. A line
            typed while it runs is recorded as a note; say what you do to the cluster when you do it.
            """)

    /// What sysexits.h calls EX_UNAVAILABLE: no node answers.
    static let noAnswer: Int32 = 69

    @Argument(help: ArgumentHelp("One or more of the nodes; 6379 if without a port.", valueName: "host:port"))
    var nodes: [ServerAddress]

    @Option(name: .shortAndLong, help: ArgumentHelp("The recording.", valueName: "file"))
    var output: String

    @Flag(help: "Continue a recording that exists.")
    var append = false

    @Flag(help: "Replace a file that exists.")
    var force = false

    @Option(help: "Between two questions to a node, 5ms to 1min.")
    var interval = DurationArgument(nanoseconds: 50_000_000)

    @Option(help: "For how long; until it is interrupted if not given.")
    var duration: DurationArgument?

    @Option(help: ArgumentHelp("A note for the beginning. Repeatable.", valueName: "text"))
    var note: [String] = []

    @Flag(help: "Replace addresses, ids and names in the recording, consistently.")
    var redact = false

    @Flag(help: "Show nodes and transitions while they are recorded, if standard output is a terminal.")
    var watch = false

    @Option(
        help: ArgumentHelp("Record the pods of this label selector too, as kubectl shows them.", valueName: "selector"))
    var kubernetes: String?

    @Option(help: ArgumentHelp("The pods' namespace; by default the current one.", valueName: "name"))
    var namespace: String?

    @OptionGroup var connection: ConnectionArguments

    func validate() throws {
        let shortest = DurationArgument(nanoseconds: 5_000_000)
        let longest = DurationArgument(nanoseconds: 60_000_000_000)
        guard (shortest.nanoseconds...longest.nanoseconds).contains(interval.nanoseconds) else {
            throw ValidationError("--interval \(interval.defaultValueDescription) is not from 5ms to 1min")
        }
        if let duration, duration.nanoseconds <= 0 { throw ValidationError("--duration must be more than nothing") }
        if append, force { throw ValidationError("--append and --force exclude each other") }
        if append, redact {
            throw ValidationError(
                "--append and --redact: the pseudonyms of the first part are known to nobody any more")
        }
        if namespace != nil, kubernetes == nil { throw ValidationError("--namespace needs --kubernetes") }
        guard !nodes.isEmpty else { throw ValidationError("name a node to begin with") }
    }

    func run() throws {
        do {
            let options = try connection.options()
            let session = RecordSession(self, connection: options)
            try AsynchronousWork.run { try await session.run() }
        } catch let error as RecordingError {
            let isThere = !append && !force && FileManager.default.fileExists(atPath: output)
            Console.error(
                "\(error.description)\(isThere ? "; --append continues it, --force replaces it" : "")")
            throw ExitCode(ResultStream.writeFailure)
        }
    }
}
