import ClusterModel
import Randomness
import RedisCluster

/// How often a recorder asks, ns. What comes and goes between two questions is never seen.
package struct Polling: Sendable, Equatable {
    /// For CLUSTER NODES.
    package var views: Int64
    /// For CLUSTER INFO; nil where cluster_state was never seen to change, and is not looked for.
    package var states: Int64?

    package init(views: Int64, states: Int64?) {
        self.views = max(1, views)
        self.states = states.map { max(1, $0) }
    }
}

/// The questions to one observer: at an interval, from a phase that nobody knows.
private struct Questions {
    let interval: Int64
    let phase: Int64

    init(every interval: Int64, _ dice: inout RandomStream) {
        self.interval = interval
        phase = Int64(dice.uniform() * Double(interval))
    }

    /// When the first question after `time` is asked, and answered.
    func next(after time: Int64) -> Int64 {
        let shifted = time - phase
        let past = shifted >= 0 ? shifted / interval : (shifted - interval + 1) / interval
        return (past + 1) * interval + phase
    }
}

/// What a recorder that asks at intervals would have seen of a replication; with the exact instants, and with when it
/// would have been shown.
struct SimulatedSightings {
    private var collector: SightingCollector
    private let polling: Polling
    private let count: Int
    private var dice: RandomStream

    /// `dice` choose the phases of the questions.
    static func of(_ watch: Watch, names: [NodeName], polling: Polling, dice: RandomStream) -> [Seen] {
        var sightings = SimulatedSightings(
            collector: SightingCollector(names: names), polling: polling, count: names.count, dice: dice)
        sightings.take(watch)
        return sightings.collector.seen
    }

    private mutating func take(_ watch: Watch) {
        for (observer, view) in watch.beginning.enumerated() {
            for line in view.nodes { collector.take(line, by: observer, shown: (0, 0)) { _ in (0, 0) } }
        }
        var sights = Array(repeating: [Watch.Sight](), count: count)
        for sight in watch.sights { sights[sight.observer].append(sight) }
        for observer in 0..<count {
            let questions = Questions(every: polling.views, &dice)
            takeSights(sights[observer], of: observer, questions)
        }
        guard let interval = polling.states else { return }
        for observer in 0..<count {
            let questions = Questions(every: interval, &dice)
            takeStates(watch.states.filter { $0.observer == observer }, of: observer, questions)
        }
    }

    private mutating func takeStates(_ states: [Watch.StateSight], of observer: Int, _ questions: Questions) {
        var shown = true
        for (position, state) in states.enumerated() {
            let answer = questions.next(after: state.time)
            // Turned again before anybody asked.
            if position + 1 < states.count, questions.next(after: states[position + 1].time) == answer { continue }
            guard shown != state.isOk else { continue }
            shown = state.isOk
            collector.add(
                state.isOk ? .stateUp : .stateDown, observer, observer, (state.time, state.time),
                shown: (answer, answer))
        }
    }

    /// Changes between which nobody asked are one.
    private mutating func takeSights(_ sights: [Watch.Sight], of observer: Int, _ questions: Questions) {
        var pending: [Watch.Sight] = []
        var answer = Int64.min
        for sight in sights {
            let next = questions.next(after: sight.time)
            if next != answer {
                flush(&pending, observer, shownAt: answer)
                answer = next
            }
            pending.append(sight)
        }
        flush(&pending, observer, shownAt: answer)
    }

    private mutating func flush(_ pending: inout [Watch.Sight], _ observer: Int, shownAt answer: Int64) {
        defer { pending.removeAll(keepingCapacity: true) }
        for (position, sight) in pending.enumerated() {
            let isLast = !pending[(position + 1)...].contains { $0.line.id == sight.line.id }
            guard isLast else { continue }
            let earlier = pending[...position].filter { $0.line.id == sight.line.id }
            collector.take(sight.line, by: observer, shown: (answer, answer)) { aspect in
                // Since when it has been as it is in this respect.
                var since = sight.time
                for other in earlier.reversed() {
                    guard aspect.isSame(other.line, sight.line) else { break }
                    since = other.time
                }
                return (since, since)
            }
        }
    }
}
