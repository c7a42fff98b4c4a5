import ArgumentParser
import Capacity
import Foundation
import LiveCapacity
import ModelFile
import RedisClient
import SystemModel
import Wording

/// Is it large enough, for how long, and what breaks first.
struct CapacityCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "capacity",
        abstract: "Size a system: what each pod, worker and the storage need, what is reached first, and when.",
        discussion: """
              rehearse capacity models/two-nodes-six-pods
              rehearse capacity models/two-nodes-six-pods --set demand.keys=2M --set demand.writes=5k
              rehearse capacity models/two-nodes-six-pods --demand black-friday.yaml -o markdown
              rehearse capacity models/two-nodes-six-pods --report capacity.html
              rehearse capacity models/two-nodes-six-pods --from 10.0.0.7:6379

            The demand (keys, sizes, reads and writes, growth) is MODEL/demand.yaml, or what --demand names;
            --set demand.PATH changes it. models/README.md has its schema.

            --from asks the nodes of a live cluster in place of guesses: INFO twice, CONFIG GET, CLUSTER NODES, and for
            a sample of random keys TYPE, MEMORY USAGE and STRLEN. It only reads. This user is enough:

              ACL SETUSER rehearse on >PASSWORD %R~* +cluster|nodes +info +config|get +randomkey +type \\
                +memory|usage +strlen +ping +hello +auth

            Where something fits nowhere now the exit status is 2, else 0.
            """)

    /// A hard limit is exceeded today.
    static let doesNotFit: Int32 = 2
    static let mostReplications = 1000

    @OptionGroup var system: ModelOptions

    @Option(
        help: ArgumentHelp("The demand; - is standard input. By default demand.yaml of the model.", valueName: "file"))
    var demand: String?

    @Option(help: ArgumentHelp("Read the demand from a live cluster instead.", valueName: "host:port"))
    var from: [ServerAddress] = []

    @Option(help: ArgumentHelp("With --from: between the two looks at each server, 1s to 1h.", valueName: "duration"))
    var watch = DurationArgument(nanoseconds: 5_000_000_000)

    @Option(help: ArgumentHelp("With --from: random keys of each master, 0 to 10000.", valueName: "keys"))
    var sample = 200

    @Option(help: "Independent simulations of load, 2 to 1000.")
    var replications = 8

    @OptionGroup var random: RandomOptions

    @Option(name: .shortAndLong, help: "How to print the answer.")
    var output = OutputFormat.table

    @OptionGroup var reporting: ReportOptions

    @OptionGroup var connection: ConnectionArguments

    func validate() throws {
        try OutputFormat.allow([.table, .markdown, .json, .yaml], output, for: "capacity")
        guard (2...CapacityCommand.mostReplications).contains(replications) else {
            throw ValidationError("--replications \(replications) is not in 2...\(CapacityCommand.mostReplications)")
        }
        guard (0...10_000).contains(sample) else { throw ValidationError("--sample \(sample) is not in 0...10000") }
        guard (1_000_000_000...3_600_000_000_000).contains(watch.nanoseconds) else {
            throw ValidationError("--watch is not from 1s to 1h")
        }
    }

    func run() throws {
        let writer = try reporting.writer()
        let (loaded, wanted, files) = try inputs()
        InvariantFailure.install(context: "It happened in capacity of \(system.model) with --seed \(random.seed).")
        let model = CapacityModel(
            loaded.model, directives: try loaded.sizingDirectives(), volumeBytes: loaded.dataVolumeBytes,
            demand: wanted)
        Interruption.install()
        let plan = CapacityPlan(
            model, seed: UInt64(random.seed), replications: replications, shouldStop: { Interruption.isRequested })
        let report = CapacityReport(
            plan: plan, modelPath: system.model, overrides: system.overrides, arguments: arguments, inputs: files)
        let stream = ResultStream(isMarkdown: output == .markdown)
        if output.isText { report.page.write(to: stream) } else { output.write(report.document, to: stream) }
        stream.flush()
        try writer?.write(report.document)
        if !plan.isComplete {
            Console.error("interrupted: of the answers under load and the largest load only what is printed is known")
            throw ExitCode(Interruption.exitStatus)
        }
        if !plan.isEnough { throw ExitCode(CapacityCommand.doesNotFit) }
    }

    /// The model, and the demand: of the file that is named, of the model's own, or of a live cluster. The latter's
    /// directives count as if they stood in the model; what the user sets wins over both.
    private func inputs() throws -> (LoadedModel, Demand, files: [InputFile]) {
        let (ofDemand, ofModel) = DemandReader.split(system.overrides)
        var teller = WarningTeller()
        let loaded = try teller.readToRun(system.model, ofModel)
        var files = loaded.inputFiles(scenario: nil)
        let stated = try (demand ?? loaded.demandPath).map { path in
            try DemandReader.read(path, overrides: ofDemand) { files.append($0) }
        }
        if !from.isEmpty {
            // Before anybody is asked: what is misspelt is said at once.
            let base = try stated ?? DemandReader.read(overrides: ofDemand)
            let live = LiveDemand(try observe())
            let observed = try teller.readToRun(system.model, live.directives + ofModel)
            return (observed, live.replacing(base), files)
        }
        if let stated { return (loaded, stated, files) }
        throw ModelError([
            Diagnostic(
                at: loaded.demandPlace, "no demand", "nothing says how many keys, reads and writes there are",
                instead: "copy models/two-nodes-six-pods/demand.yaml there, name another with --demand, or ask a live "
                    + "cluster with --from HOST:PORT")
        ])
    }

    /// Everything that reaches the numbers; what only changes their form does not.
    private var arguments: [String] {
        let demand = demand.map { ["--demand", $0] } ?? []
        let live = from.flatMap { ["--from", "\($0)"] }
        let looks = from.isEmpty ? [] : ["--watch", watch.defaultValueDescription, "--sample", "\(sample)"]
        return [system.model] + demand + live + looks
            + ["--replications", "\(replications)", "--seed", "\(random.seed)"]
    }

    private func observe() throws -> ClusterReading {
        let (seeds, options, count) = (from, try connection.options(), sample)
        let time = Duration.nanoseconds(watch.nanoseconds)
        let reading = try AsynchronousWork.run {
            try await ClusterReading.read(seeds, options: options, watch: time, sample: count)
        }
        reading.problems.forEach { Console.error($0) }
        return reading
    }
}
