import ClusterModel
import ModelFile
import SystemModel
import Wording

/// A replication's story, line by line.
struct TimelineReport {
    let model: SystemModel
    let scenario: Scenario
    let seed: Int
    let story: Story

    /// The pod's or process's name; the world's own events have none.
    private func name(of process: Int) -> String { process < 0 ? "" : model.name(ofProcess: process) }

    func writeText(to stream: ResultStream) {
        let title = "\(model.name), \(scenario.name)"
        stream.line(
            "\(Console.heading(title)): replication \(story.outcome.replication) of seed \(seed). "
                + "Times are after the fault."
        )
        stream.line()
        let width = (0..<model.shape.nodes).map { name(of: $0).count }.max() ?? 0
        stream.line(Console.heading("Before the fault each says of itself (CLUSTER NODES):"))
        for member in story.cast { stream.line("  \(padded(name(of: member.process), width))  \(member.line)") }
        stream.line()
        for line in story.lines {
            stream.line("\(TimelineReport.clock(line.time))  \(padded(name(of: line.process), width))  \(line.text)")
            let indent = String(repeating: " ", count: 17 + width)
            for change in line.changedLines {
                if !change.before.isEmpty { stream.line("\(indent)- \(change.before)") }
                if !change.after.isEmpty { stream.line("\(indent)+ \(change.after)") }
            }
        }
        stream.line()
        let end = DurationText.text(ofNanoseconds: Double(scenario.horizon))
        stream.line(
            story.outcome.recovered
                ? "After \(end) all is well: every slot takes writes and every running server says cluster_state:ok."
                : "After \(end) it is not well: \(story.outcome.obstacle.rawValue).")
        stream.line(
            "Some slot had no master that takes writes for \(Phrase.duration(Double(story.outcome.anySlotUnserved)))"
                + " in all; \(Phrase.count(story.outcome.elections, "election")), "
                + "\(Phrase.count(story.outcome.promotions, "promotion"))."
        )
    }

    private func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    /// Seconds with milliseconds, right-aligned: `    6.279 s`.
    private static func clock(_ nanoseconds: Int64) -> String {
        let text = Digits.fixed(Double(nanoseconds) / 1e9, 3)
        return String(repeating: " ", count: max(0, 10 - text.count)) + text + " s"
    }

    var document: Document {
        .object([
            ("format", .text("rehearse.timeline/v1")), ("version", .text(Rehearse.version)),
            ("model", .text(model.name)),
            ("scenario", .text(scenario.name)), ("seed", .integer(seed)),
            ("replication", .integer(story.outcome.replication)),
            ("recovered", .boolean(story.outcome.recovered)),
            (
                "before",
                .list(story.cast.map { .object([("who", .text(name(of: $0.process))), ("line", .text($0.line))]) })
            ),
            ("story", .list(story.lines.map(line))),
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
