import Advice
import ArgumentParser
import ModelFile
import RedisCluster
import SystemModel

/// A server that comes back against the failover that replaces it.
struct RestartCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restart",
        abstract: "Say how long a master may be away before its replica is promoted.",
        discussion: """
            The probability of a promotion as a function of the time between a master's end and its successor's start,
            at the same address (a container or process that is started again) and at a new one (a pod that is
            replaced), and where it crosses one half.

              rehearse restart models/two-nodes-six-pods --times 2s,4s,5s,6s,7s,8s,10s
            """)

    @OptionGroup var options: StudyOptions

    @Option(help: "Times that the server is away, with a comma between them; by default 0.2 to 2 node timeouts.")
    var times: DurationList?

    func validate() throws {
        try times?.validate("--times", 1_000_000...3_600_000_000_000, "1ms to 1h")
    }

    func run() throws {
        let loaded = try options.system.loadToRun()
        let timeout = loaded.model.conf.nodeTimeout * 1_000_000
        let multiples = [2, 4, 6, 8, 9, 10, 11, 12, 13, 14, 16, 20]
        let asked = times?.values ?? multiples.map { timeout / 10 * Int64($0) }
        let total = RestartRace.replications(times: asked, each: options.replications)
        let race = RestartRace(loaded.model, times: asked, options.effort(total: total))
        try options.finish(
            RestartReport(race: race, options: options, loaded: loaded).report, isComplete: race.isComplete)
    }
}
