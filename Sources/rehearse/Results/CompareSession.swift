import Foundation
import LiveCluster
import Recording
import RedisClient
import RedisCluster
import Replay
import Synchronization
import SystemModel
import Wording

/// Records, and tells of each stage as it is reached.
struct CompareSession: Sendable {
    let node: ServerAddress
    let model: SystemModel
    let scenario: Scenario
    let forecast: StageForecast
    /// ns.
    let interval: Int64
    let connection: ConnectionOptions
    let output: String
    let replaces: Bool

    /// Between two looks at what was recorded.
    private static let look = Duration.milliseconds(100)
    /// Nodes found within this time of the first one are shown the command; ns.
    private static let gathering: Int64 = 2_000_000_000

    /// Throws RecordingError or LiveClusterError.
    func run() async throws {
        let inbox = EntryInbox()
        var options = RecordingOptions()
        options.interval = .nanoseconds(interval)
        let recorder = try await LiveRecorder.start(
            seeds: [node], options: options, connection: connection,
            to: LiveRecorder.Destination(path: output, mode: replaces ? .replace : .create),
            observer: LiveObserver(entries: inbox.add, problem: { Console.error($0) }))
        var comparison = LiveComparison(
            header: Recording.Header(startedAt: 0, interval: interval / 1000), base: model)
        let start = ContinuousClock.now
        var isShown = false
        while !Interruption.isRequested {
            tell(comparison.take(inbox.take()))
            let elapsed = Int64(start.duration(to: .now) / .nanoseconds(1))
            if !isShown, elapsed > CompareSession.gathering {
                show(comparison)
                isShown = true
            }
            if let fault = comparison.deeds?.fault, elapsed - fault.before * 1000 > scenario.horizon { break }
            try? await Task.sleep(for: CompareSession.look)
        }
        try await recorder.stop()
        tell(comparison.take(inbox.take()))
    }

    /// What to run, and what is forecast.
    private func show(_ comparison: LiveComparison) {
        let stream = ResultStream()
        stream.line("\(Console.heading(scenario.name)): \(scenario.question)")
        stream.line()
        let command = FaultCommand(scenario: scenario, servers: comparison.servers, masters: comparison.masters)
        for line in command.lines { stream.line(line) }
        stream.line()
        var table = TextTable(header: ["forecast, after the fault", "p5", "p50", "p95", "happens in"])
        for stage in Stage.allCases where forecast[stage].share >= 0.05 {
            let prediction = forecast[stage]
            table.add(
                [stage.words]
                    + [0.05, 0.5, 0.95].map { p in prediction.quantile(p).map { Phrase.duration(Double($0)) } ?? "-" }
                    + [Phrase.percent(prediction.share)])
        }
        for line in table.lines() { stream.line(line) }
        stream.line()
        stream.line("Recording to \(output); Ctrl-C ends it.")
        stream.flush()
    }

    private func tell(_ reached: [LiveComparison.Reached]) {
        guard !reached.isEmpty else { return }
        let stream = ResultStream()
        for one in reached {
            let middle = one.after + (one.before - one.after) / 2
            let prediction = forecast[one.stage]
            var line = "\(Digits.fixed(Double(middle) / 1e9, 3)) s  \(one.stage.words)"
            if let low = prediction.quantile(0.05), let median = prediction.quantile(0.5),
                let high = prediction.quantile(0.95)
            {
                let place = prediction.place(after: one.after, before: one.before).middle
                line += ": at \(Phrase.percent(place)) of the forecast"
                let quantiles = zip(["p5", "p50", "p95"], [low, median, high]).map { name, time in
                    "\(name) \(Phrase.duration(Double(time)))"
                }
                line += " (\(quantiles.joined(separator: ", ")))"
            } else {
                line += ": never in the forecast"
            }
            stream.line(line)
        }
        stream.flush()
    }
}

/// Entries on their way from the recorder's thread.
private final class EntryInbox: Sendable {
    private let entries = Mutex([Recording.Entry]())

    func add(_ new: [Recording.Entry]) { entries.withLock { $0 += new } }

    func take() -> [Recording.Entry] {
        entries.withLock { held in
            defer { held = [] }
            return held
        }
    }
}
