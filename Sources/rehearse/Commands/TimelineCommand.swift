import ArgumentParser
import ClusterModel
import ModelFile
import SystemModel

/// One replication as a story.
struct TimelineCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "timeline",
        abstract: "Tell one replication as a story, with the CLUSTER NODES lines that changed and who saw them.",
        discussion: """
            EXAMPLES
              rehearse timeline models/two-nodes-six-pods --scenario delete-pod --seed 1
              rehearse timeline models/six-processes --scenario kill-master --replication 17
            """)

    @OptionGroup var system: ModelOptions

    @Option(help: "Which of the model's scenarios to tell.")
    var scenario: String?

    @OptionGroup var random: RandomOptions

    @Option(parsing: .unconditional, help: "Which replication of that seed, 0 to 9999999.")
    var replication = 0

    @Option(name: .shortAndLong, help: "How to print the story.")
    var output = OutputFormat.table

    func validate() throws {
        try OutputFormat.refuseCSV(output, for: "timeline")
        guard (0..<RunCommand.mostReplications).contains(replication) else {
            throw ValidationError("--replication \(replication) is not in 0..<\(RunCommand.mostReplications)")
        }
    }

    func run() throws {
        let loaded = try system.loadToRun()
        let scenario = try system.scenario(scenario, of: loaded)
        InvariantFailure.install(
            context:
                "It happened in scenario \(scenario.name) of \(system.model), --seed \(random.seed) "
                + "--replication \(replication)."
        )
        let simulation = ClusterSimulation(model: loaded.model, scenario: scenario, seed: UInt64(random.seed))
        let report = TimelineReport(
            model: loaded.model, scenario: scenario, seed: random.seed, story: simulation.tell(replication))
        let stream = ResultStream()
        if output == .table {
            report.writeText(to: stream)
        } else {
            output.write(report.document, to: stream)
        }
        stream.flush()
    }
}
