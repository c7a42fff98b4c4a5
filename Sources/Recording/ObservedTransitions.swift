package import RedisCluster

/// A change in one observer's view, and between which two of its replies it came about.
package struct ObservedTransition: Sendable, Equatable {
    package var interval: ObservedInterval
    package var transition: Transition

    package init(interval: ObservedInterval, transition: Transition) {
        self.interval = interval
        self.transition = transition
    }
}

extension Recording {
    /// What changed in whose view, in the order in which it was known; each observer's own changes in its order.
    ///
    /// An observer's first view is where it starts, not a change. After a silence its new view is held against the
    /// one before.
    package var transitions: [ObservedTransition] {
        var views: [NodeName: ClusterView] = [:]
        var found: [ObservedTransition] = []
        for entry in entries {
            guard let observer = entry.observer, let interval = entry.viewInterval else { continue }
            let earlier = views[observer]
            let later = entry.applied(to: earlier)
            views[observer] = later
            guard let earlier else { continue }
            for var transition in later.transitions(since: earlier) {
                transition.observer = observer
                found.append(ObservedTransition(interval: interval, transition: transition))
            }
        }
        return found
    }

    /// What `observer` last said of the cluster until `time` (µs after the start), if it had said anything.
    package func view(of observer: NodeName, at time: Int64) -> ClusterView? {
        var view: ClusterView?
        for entry in entries where entry.observer == observer && entry.time <= time && entry.viewInterval != nil {
            view = entry.applied(to: view)
        }
        return view
    }

    /// Everybody who was asked, in the order of their first entry.
    package var observers: [NodeName] {
        var known: Set<NodeName> = []
        return entries.compactMap(\.observer).filter { known.insert($0).inserted }
    }

    package var notes: [Note] {
        entries.compactMap { if case .note(let note) = $0 { note } else { nil } }
    }

    /// The time of the last entry, µs after the start; 0 without entries.
    package var end: Int64 { entries.map(\.time).max() ?? 0 }
}

extension Recording.Entry {
    /// Of entries that say something of a view.
    fileprivate var viewInterval: ObservedInterval? {
        switch self {
        case .view(let view): view.interval
        case .change(let change): change.interval
        case .server, .status, .silence, .note: nil
        }
    }

    fileprivate func applied(to view: ClusterView?) -> ClusterView {
        switch self {
        case .view(let seen): seen.view
        case .change(let change): (view ?? ClusterView()).applying(change)
        case .server, .status, .silence, .note: view ?? ClusterView()
        }
    }
}

extension ClusterView {
    /// The view after a change: lines replaced where they stand, new ones at the end.
    package func applying(_ change: ObservedChange) -> ClusterView {
        var view = self
        view.nodes.removeAll { change.gone.contains($0.id) }
        for line in change.lines {
            if let place = view.nodes.firstIndex(where: { $0.id == line.id }) {
                view.nodes[place] = line
            } else {
                view.nodes.append(line)
            }
        }
        return view
    }

    /// The lines that differ from `earlier` in more than pings and pongs, and who is gone. nil if nobody.
    package func change(since earlier: ClusterView) -> (lines: [Node], gone: [NodeName])? {
        let before = Dictionary(earlier.nodes.map { ($0.id, $0) }) { first, _ in first }
        let lines = nodes.filter { $0.withoutPings != before[$0.id]?.withoutPings }
        let present = Set(nodes.map(\.id))
        let gone = earlier.nodes.map(\.id).filter { !present.contains($0) }
        return lines.isEmpty && gone.isEmpty ? nil : (lines, gone)
    }
}

extension ClusterView.Node {
    fileprivate var withoutPings: ClusterView.Node {
        var line = self
        line.pingSent = 0
        line.pongReceived = 0
        return line
    }
}
