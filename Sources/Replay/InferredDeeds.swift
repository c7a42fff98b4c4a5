import DiscreteEvent
import Recording
import RedisCluster
import SystemModel

/// What was done where nobody noted it, from what the nodes did: a closed port or another run id is a death, silence is
/// a freeze or a cut, which the recorder can't tell apart, and a change of roles without either was ordered.
struct InferredDeeds {
    private(set) var steps: [ImpliedScenario.Step] = []

    /// A replica that is ordered to take over waits for its master's offset: it is promoted within this time, µs.
    private static let takeover: Int64 = 1_000_000

    init(_ recording: Recording, names: [NodeName], lives: RecordedLives, model: SystemModel) {
        let startUp = Int64(model.environment.process.startUp.quantile(0.5)) / 1000
        for silence in lives.silences where !Self.isBlind(silence, lives, count: names.count) {
            let begins = silence.begins.after
            let away = silence.ends.map { end -> Int64 in
                max(0, end.middle.microsecondsLater(than: begins) - (silence.died ? startUp : 0)) * 1000
            }
            steps.append(
                ImpliedScenario.Step(
                    interval: silence.begins, deed: silence.died ? .kill : .freeze, targets: [silence.node],
                    duration: away, newAddress: silence.died && lives.movesElsewhere(silence.node)))
        }
        steps += orders(recording, names)
        steps.sort { ($0.middle, $0.targets.first ?? 0) < ($1.middle, $1.targets.first ?? 0) }
    }

    /// When nobody answers it is the recorder that is cut off.
    private static func isBlind(_ silence: RecordedLives.Silence, _ lives: RecordedLives, count: Int) -> Bool {
        guard !silence.died, count > 1 else { return false }
        let together = lives.silences.filter { other in
            other.begins.after < (silence.ends?.before ?? Int64.max)
                && silence.begins.after < (other.ends?.before ?? Int64.max)
        }
        return Set(together.map(\.node)).count == count
    }

    /// Promotions whose master nobody had counted as failed.
    private func orders(_ recording: Recording, _ names: [NodeName]) -> [ImpliedScenario.Step] {
        var collector = SightingCollector(names: names)
        var failed = Set<Int>()
        var masters: [Int: Int] = [:]
        var ordered: [ImpliedScenario.Step] = []
        for (observer, interval, line) in recording.shownLines {
            guard let o = collector.number(of: observer), let s = collector.number(of: line.id) else { continue }
            let known = collector.seen.count
            collector.take(line, by: o, shown: (0, 0)) { _ in (0, 0) }
            for seen in collector.seen[known...] where seen.sighting.kind == .promoted {
                guard let master = masters[s], !failed.contains(master), !ordered.contains(where: { $0.targets == [s] })
                else { continue }
                let earliest = max(interval.after - min(InferredDeeds.takeover, max(0, interval.after)), 0)
                ordered.append(
                    ImpliedScenario.Step(
                        interval: ObservedInterval(after: earliest, before: interval.before), deed: .failover(.plain),
                        targets: [s]))
            }
            if line.flags.has(.fail) { failed.insert(s) }
            if let master = line.master.flatMap({ collector.number(of: $0) }) { masters[s] = master }
        }
        return ordered
    }
}

extension Recording {
    /// Every line that anybody showed, in the order in which it was known.
    var shownLines: [(observer: NodeName, interval: ObservedInterval, line: ClusterView.Node)] {
        entries.flatMap { entry -> [(observer: NodeName, interval: ObservedInterval, line: ClusterView.Node)] in
            switch entry {
            case .view(let seen): seen.view.nodes.map { (seen.observer, seen.interval, $0) }
            case .change(let change): change.lines.map { (change.observer, change.interval, $0) }
            case .server, .status, .silence, .note: []
            }
        }
    }
}
