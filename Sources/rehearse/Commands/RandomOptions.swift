import ArgumentParser
import Foundation

/// Where the random numbers of a command start.
struct RandomOptions: ParsableArguments {
    @Option(
        name: .customLong("seed"), parsing: .unconditional,
        help: ArgumentHelp("Where the random numbers start, 0 or more; 1 if not given.", valueName: "seed"))
    var given: Int?

    var seed: Int { given ?? 1 }

    func validate() throws {
        if let given, given < 0 { throw ValidationError("--seed \(given) is negative") }
    }
}

/// How many threads a command takes.
struct WorkerOptions: ParsableArguments {
    static let most = 1024

    @Option(
        name: .customLong("jobs"), parsing: .unconditional,
        help: ArgumentHelp("Threads, 1 to 1024; one for each core if not given.", valueName: "jobs"))
    var given: Int?

    var count: Int { given ?? ProcessInfo.processInfo.activeProcessorCount }

    func validate() throws {
        if let given, !(1...WorkerOptions.most).contains(given) {
            throw ValidationError("--jobs \(given) is not in 1...\(WorkerOptions.most)")
        }
    }
}
