import Advice
import ArgumentParser
import ModelFile
import SystemModel

/// Rolling restarts and drains.
struct MaintenanceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "maintenance",
        abstract: "Say what a rolling restart and the drain of each worker cost, and how to make them cost less.",
        discussion: """
            How long slots are without a master that takes writes: in all, in the worst shard, and by pod. With and
            without a preStop hook that sends CLUSTER FAILOVER to a replica and waits for it; drains with and without a
            PodDisruptionBudget of maxUnavailable 1. A drain evicts a worker's pods as kubectl does: all at once, those
            that the budget refuses again every 5 s.

              rehearse maintenance models/two-nodes-six-pods
            """)

    @OptionGroup var options: StudyOptions

    func run() throws {
        let loaded = try options.system.loadToRun()
        guard case .kubernetes = loaded.model.deployment else {
            throw ModelError([
                Diagnostic(
                    at: .start(of: options.system.model), "no maintenance of bare processes",
                    "only pods are rolled out and drained", instead: "name a model with manifests in kubernetes/")
            ])
        }
        let cases = MaintenanceStudy.cases(loaded.model).count
        let study = options.study(total: cases * options.replications) { MaintenanceStudy(loaded.model, $0) }
        try options.finish(
            MaintenanceReport(study: study, options: options, loaded: loaded).report,
            StudyEnd(isComplete: study.isComplete))
    }
}
