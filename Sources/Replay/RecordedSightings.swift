import Recording
import RedisCluster

/// What a recording shows, in the same words as a replication.
struct RecordedSightings {
    private(set) var collector: SightingCollector
    /// Since when an observer that does not answer has been silent, µs after the recording's start.
    private var silentSince: [Int64?]
    private var stateIsOk: [Bool?]
    private let fault: ObservedInterval

    static func of(_ recording: Recording, names: [NodeName], fault: ObservedInterval) -> [Seen] {
        var sightings = RecordedSightings(
            collector: SightingCollector(names: names), silentSince: Array(repeating: nil, count: names.count),
            stateIsOk: Array(repeating: nil, count: names.count), fault: fault)
        for entry in recording.entries { sightings.take(entry) }
        return sightings.collector.seen
    }

    private mutating func take(_ entry: Recording.Entry) {
        guard let observer = entry.observer.flatMap({ collector.number(of: $0) }) else { return }
        switch entry {
        case .view(let seen): show(seen.view.nodes, observer, seen.interval)
        case .change(let change): show(change.lines, observer, change.interval)
        case .silence(let silence):
            if silence.kind == .answers { break }
            silentSince[observer] = silentSince[observer] ?? silence.interval.after
        case .status(let status):
            guard let state = status.fields.first(where: { $0.name == "cluster_state" }) else { return }
            let isOk = state.value == "ok"
            defer { stateIsOk[observer] = isOk }
            guard let earlier = stateIsOk[observer], earlier != isOk else { return }
            collector.add(
                isOk ? .stateUp : .stateDown, observer, observer, sinceFault(status.interval, silentSince: nil),
                shown: shown(status.interval))
        case .server, .note: break
        }
    }

    /// What a node shows when it answers again may have changed at any time since it last did.
    private mutating func show(_ lines: [ClusterView.Node], _ observer: Int, _ interval: ObservedInterval) {
        let time = sinceFault(interval, silentSince: silentSince[observer])
        silentSince[observer] = nil
        for line in lines { collector.take(line, by: observer, shown: shown(interval)) { _ in time } }
    }

    private func shown(_ interval: ObservedInterval) -> SightingTime {
        let later = interval.before.microsecondsLater(than: fault.after) * 1000
        return (min(interval.before.microsecondsLater(than: fault.before) * 1000, later), later)
    }

    /// ns after the fault, whose own moment may be known as an interval only.
    private func sinceFault(_ interval: ObservedInterval, silentSince: Int64?) -> SightingTime {
        let start = min(interval.after, silentSince ?? interval.after)
        let after = start.microsecondsLater(than: fault.before) * 1000
        let before = interval.before.microsecondsLater(than: fault.after) * 1000
        return (min(after, before), before)
    }
}

extension Recording {
    /// How often it asked: for the views its header says so, for CLUSTER INFO the width of the answers' intervals does.
    func polling(_ names: [NodeName]) -> Polling {
        let known = Set(names)
        var widths: [Int64] = []
        // The first answer has nothing before it, nor has the first one after a silence.
        var asked = Set<NodeName>()
        for entry in entries {
            guard let observer = entry.observer, known.contains(observer) else { continue }
            switch entry {
            case .silence: asked.remove(observer)
            case .status(let status) where status.fields.contains(where: { $0.name == "cluster_state" }):
                if asked.insert(observer).inserted { continue }
                widths.append(status.interval.before.microsecondsLater(than: status.interval.after))
            case .server, .view, .change, .status, .note: break
            }
        }
        widths.sort()
        let views = header.interval.microsecondsLater(than: 0) * 1000
        if !widths.isEmpty { return Polling(views: views, states: max(1, widths[widths.count / 2]) * 1000) }
        // It is asked about as often as for the views where it is asked for at all.
        return Polling(views: views, states: asked.isEmpty ? nil : views)
    }
}
