import Advice
import ArgumentParser
import ModelFile

/// Which single failure is fatal, and what to change.
struct AdviseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "advise",
        abstract: "Name the dangerous machine, now and after the next failover, and what to change.",
        discussion: """
            Every single failure (each machine, each server, the storage) is looked at by the protocol's rules, and
            simulated. Then everything that could be changed is simulated through the same faults: where replicas and
            masters are, the rule of placement, a worker more, a replica more, the node timeout, a disruption budget.
            What helps comes first, with its figures before and after, and the commands or the YAML that do it.

              rehearse advise models/two-nodes-six-pods
              rehearse advise models/two-nodes-six-pods -o markdown > advice.md
            """)

    @OptionGroup var options: StudyOptions

    func run() throws {
        let loaded = try options.system.loadToRun()
        let plan = AdvicePlan(loaded.model)
        let study = AdviceStudy(plan, options.effort(total: plan.replications(each: options.replications)))
        try options.finish(
            AdviceReport(model: loaded.model, study: study, options: options, loaded: loaded).report,
            isComplete: study.isComplete)
    }
}
