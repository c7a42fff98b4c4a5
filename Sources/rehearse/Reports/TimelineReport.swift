import ClusterModel
import ModelFile
import SystemModel

/// A replication's story, line by line.
struct TimelineReport {
    let model: SystemModel
    let scenario: Scenario
    let seed: Int
    let outcome: Outcome
    /// In the order of time.
    let story: [StoryLine]

    init(model: SystemModel, scenario: Scenario, seed: Int, outcome: Outcome, story: [StoryLine]) {
        self.model = model
        self.scenario = scenario
        self.seed = seed
        self.outcome = outcome
        // A process runs ahead of the others by the length of a save, so lines are told out of order.
        self.story = story.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }.map(\.element)
    }

    /// The pod's or process's name; the world's own events have none.
    private func name(of process: Int) -> String {
        guard process >= 0 else { return "" }
        return switch model.deployment {
        case .processes: "redis-\(process)"
        case .kubernetes(let deployment): "\(deployment.statefulSet)-\(process)"
        }
    }

    func writeText(to stream: ResultStream) {
        let title = "\(model.name), \(scenario.name)"
        stream.line("\(Console.heading(title)): replication \(outcome.replication) of seed \(seed). Times are after the fault.")
        stream.line()
        let width = (0..<model.shape.nodes).map { name(of: $0).count }.max() ?? 0
        for line in story {
            let who = name(of: line.process)
            let blanks = String(repeating: " ", count: max(0, width - who.count))
            stream.line("\(TimelineReport.clock(line.time))  \(who)\(blanks)  \(line.text)")
            let indent = String(repeating: " ", count: 17 + width)
            for change in line.changedLines {
                if !change.before.isEmpty { stream.line("\(indent)- \(change.before)") }
                if !change.after.isEmpty { stream.line("\(indent)+ \(change.after)") }
            }
        }
        stream.line()
        let end = DurationText.text(ofNanoseconds: Double(scenario.horizon))
        stream.line(
            outcome.recovered
                ? "After \(end) all is well: every slot takes writes and every running server says cluster_state:ok."
                : "After \(end) it is not well: \(outcome.obstacle.rawValue).")
        stream.line(
            "Some slot had no master that takes writes for \(Phrase.duration(Double(outcome.anySlotUnserved)))"
                + " in all; \(Phrase.count(outcome.elections, "election")), \(Phrase.count(outcome.promotions, "promotion")).")
    }

    /// Seconds with milliseconds, right-aligned: `    6.279 s`.
    private static func clock(_ nanoseconds: Int64) -> String {
        let text = Decimal.fixed(Double(nanoseconds) / 1e9, 3)
        return String(repeating: " ", count: max(0, 10 - text.count)) + text + " s"
    }

    var document: Document {
        .object([
            ("format", .text("rehearse.timeline/v1")), ("version", .text(Rehearse.version)), ("model", .text(model.name)),
            ("scenario", .text(scenario.name)), ("seed", .integer(seed)), ("replication", .integer(outcome.replication)),
            ("recovered", .boolean(outcome.recovered)),
            ("story", .list(story.map(line))),
        ])
    }

    private func line(_ line: StoryLine) -> Document {
        let changes = line.changedLines.map { change in
            Document.object([("before", .text(change.before)), ("after", .text(change.after))])
        }
        return .object([
            ("time", .milliseconds(line.time)), ("who", line.process < 0 ? .null : .text(name(of: line.process))),
            ("text", .text(line.text)), ("clusterNodes", .list(changes)),
        ])
    }
}
