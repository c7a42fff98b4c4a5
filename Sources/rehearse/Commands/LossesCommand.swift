import Advice
import ArgumentParser
import ModelFile
import SystemModel

/// Writes that were acknowledged and are gone.
struct LossesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "losses",
        abstract: "Count the acknowledged writes that each fault costs, and what min-replicas and WAIT save.",
        discussion: """
            For each fault that can depose a master: the writes that it had acknowledged and that its successor never
            got; the same with min-replicas-to-write 1; and with clients that send WAIT 1 after each write, for whom
            only a confirmed write counts as done. What that costs stands beside it: how long writes are refused, or
            go unconfirmed.

              rehearse losses models/two-hosts --load 200
            """)

    @OptionGroup var options: StudyOptions

    @Option(help: "Writes per second and master; by default the model's load, or 60 where it has none.")
    var load: Double?

    func validate() throws {
        if let load, !(load >= 0.001 && load <= 1_000_000) {
            throw ValidationError("--load \(load) is not in 0.001...1000000")
        }
    }

    func run() throws {
        let loaded = try options.system.loadToRun()
        let own = loaded.model.environment.load
        let total = WriteLossStudy.replications(loaded.model, each: options.replications)
        let study = WriteLossStudy(
            loaded.model, load: load ?? (own > 0 ? own : 60), options.effort(total: total))
        try options.finish(
            LossesReport(study: study, options: options, loaded: loaded).report, isComplete: study.isComplete)
    }
}
