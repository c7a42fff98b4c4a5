import Advice
import ArgumentParser
import ModelFile

/// Which node timeout.
struct TradeoffCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tradeoff",
        abstract: "Weigh cluster-node-timeout: outage after a failure against false failovers a month.",
        discussion: """
            For each timeout: how long slots are without a master after one is lost (a pod deleted, a bare process
            killed), and how often a month a master is replaced that was only late, because of fork and copy-on-write
            pauses, storage that stalls and packets that vanish, as environment.yaml's disturbances say. The knee is
            the point farthest below the chord of the two, on a logarithmic scale for the false failovers.

              rehearse tradeoff models/two-nodes-six-pods --timeouts 1s,2s,5s,15s
              rehearse tradeoff models/six-on-nfs --set environment.load=60 -o json
            """)

    @OptionGroup var options: StudyOptions

    @Option(help: "Timeouts, with a comma between them.")
    var timeouts = DurationList("1s,2s,3s,4s,5s,7s,10s,15s,20s,30s")

    func validate() throws {
        try timeouts.validate("--timeouts", 100_000_000...600_000_000_000, "100ms to 10min")
    }

    func run() throws {
        let loaded = try options.system.loadToRun()
        let milliseconds = timeouts.values.map { $0 / 1_000_000 }
        let total = TimeoutTradeoff.replications(loaded.model, timeouts: milliseconds, each: options.replications)
        let tradeoff = TimeoutTradeoff(loaded.model, timeouts: milliseconds, options.effort(total: total))
        try options.finish(
            TradeoffReport(tradeoff: tradeoff, options: options, loaded: loaded).report,
            isComplete: tradeoff.isComplete)
    }
}

/// Durations on the command line, `1s,2s,5s`; kept ascending, each once.
struct DurationList: ExpressibleByArgument {
    private(set) var values: [Int64]
    private let text: String

    init(_ text: String) {
        self.text = text
        values = DurationList.read(text) ?? []
    }

    init?(argument: String) {
        guard let values = DurationList.read(argument) else { return nil }
        self.values = values
        text = argument
    }

    var defaultValueDescription: String { text }

    private static func read(_ text: String) -> [Int64]? {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false).map { part in
            DurationText.nanoseconds(String(part.drop { $0 == " " }).withoutTrailingBlanks)
        }
        guard !parts.contains(nil) else { return nil }
        var values: [Int64] = []
        for value in parts.compactMap(\.self).sorted() where values.last != value { values.append(value) }
        return values
    }

    func validate(_ option: String, _ range: ClosedRange<Int64>, _ words: String) throws {
        guard !values.isEmpty, values.allSatisfy(range.contains) else {
            throw ValidationError("\(option) \(text): durations from \(words) are needed, such as 1s,2s,5s")
        }
    }
}
