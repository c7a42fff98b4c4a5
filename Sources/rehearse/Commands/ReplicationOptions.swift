import ArgumentParser
import Experiments
import ModelFile
import SystemModel

/// How many replications a command runs, and how.
struct ReplicationOptions: ParsableArguments {
    static let most = 10_000_000
    /// Bounds of a precision where none are given.
    static let precise = (minimum: 200, maximum: 100_000)

    @Option(
        parsing: .unconditional,
        help: "How many independent repetitions, 1 to 10000000; 1000 if neither this nor --precision is given.")
    var replications: Int?

    @Option(
        help: ArgumentHelp(
            "Repeat until a statistic is as well known, as in 'outage.anySlot p99 within 5%'.",
            valueName: "statistic within width"))
    var precision: String?

    @Option(
        parsing: .unconditional,
        help: "With --precision: the least and the first number of repetitions, 200 if not given.")
    var minReplications: Int?

    @Option(parsing: .unconditional, help: "With --precision: the largest number of repetitions, 100000 if not given.")
    var maxReplications: Int?

    @OptionGroup var random: RandomOptions

    @OptionGroup private var threads: WorkerOptions

    @Flag(help: "No progress bar.")
    var quiet = false

    func validate() throws {
        for (name, value) in [
            ("replications", replications), ("min-replications", minReplications),
            ("max-replications", maxReplications),
        ] {
            if let value, !(1...ReplicationOptions.most).contains(value) {
                throw ValidationError("--\(name) \(value) is not in 1...\(ReplicationOptions.most)")
            }
        }
        if precision != nil, replications != nil {
            throw ValidationError("--replications is fixed and --precision is not: give one of them")
        }
        if let minReplications, let maxReplications, minReplications > maxReplications {
            throw ValidationError("--min-replications \(minReplications) is above --max-replications")
        }
    }

    var workers: Int { threads.count }

    /// What the options ask for; where they leave it open, an experiment's file, then 1000 replications.
    func plan(_ file: ExperimentFile? = nil) throws -> ReplicationPlan {
        let option = try Expressions.precision(precision, option: "--precision")
        let goal = option ?? (replications == nil ? file?.precision : nil)
        guard let goal else {
            if minReplications ?? maxReplications != nil {
                throw ValidationError("--min-replications and --max-replications need a --precision to bound")
            }
            return ReplicationPlan(replications: replications ?? file?.replications ?? 1000)
        }
        let minimum = minReplications ?? file?.minimumReplications
        let usual = max(ReplicationOptions.precise.maximum, minimum ?? 0)
        let maximum = maxReplications ?? file?.maximumReplications ?? usual
        return ReplicationPlan(
            minimum: min(minimum ?? ReplicationOptions.precise.minimum, maximum), maximum: maximum, goal: goal)
    }
}

extension ReplicationPlan {
    /// The options that ask for it.
    var arguments: [String] {
        guard let goal else { return ["--replications", "\(maximum)"] }
        return [
            "--precision", "\(goal)", "--min-replications", "\(minimum)", "--max-replications", "\(maximum)",
        ]
    }
}
