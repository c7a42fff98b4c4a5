import SystemModel

/// What is still to be done in a trial and when, in ns after the fault.
struct Agenda {
    enum Entry: Equatable {
        /// A step of the scenario's timeline.
        case step(Int)
        case thaw([Int])
        /// Starts a server again. It may have to end first.
        case start(Int, newAddress: Bool)
        case heal
    }

    private var entries: [(time: Int64, entry: Entry)] = []

    init(_ scenario: Scenario) {
        for (index, step) in scenario.timeline.enumerated() { add(.step(index), at: step.at) }
    }

    /// Entries of the same time stay in the order in which they came.
    mutating func add(_ entry: Entry, at time: Int64) {
        let place = entries.firstIndex { $0.time > time } ?? entries.endIndex
        entries.insert((time, entry), at: place)
    }

    var isEmpty: Bool { entries.isEmpty }

    /// When the next is due; nil if there is none.
    var next: Int64? { entries.first?.time }

    /// The first that is due, and when it was.
    mutating func take(dueAt time: Int64) -> (entry: Entry, due: Int64)? {
        guard let first = entries.first, first.time <= time else { return nil }
        entries.removeFirst()
        return (first.entry, first.time)
    }
}
