import DiscreteEvent
import Recording
import RedisCluster
import SystemModel

/// What was done, by the notes that whoever did it wrote.
struct NotedDeeds {
    private(set) var steps: [ImpliedScenario.Step] = []
    private(set) var obstacles: [String] = []
    /// Some note has an action: then nothing is guessed.
    private(set) var isComplete = false
    private let notes: [Note]
    private let numbers: [NodeName: Int]
    private let lives: RecordedLives
    private let startUp: Int64

    init(_ recording: Recording, names: [NodeName], lives: RecordedLives, model: SystemModel) {
        numbers = Dictionary(names.enumerated().map { ($0.element, $0.offset) }) { first, _ in first }
        self.lives = lives
        startUp = Int64(model.environment.process.startUp.quantile(0.5)) / 1000
        notes = recording.notes.filter { $0.action != nil }.enumerated()
            .sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }.map(\.element)
        isComplete = !notes.isEmpty
        for (position, note) in notes.enumerated() { take(note, later: notes[(position + 1)...]) }
    }

    private mutating func take(_ note: Note, later: ArraySlice<Note>) {
        let targets = note.targets.compactMap { numbers[$0] }
        let isEnding = ["start", "thaw", "heal"].contains(note.action)
        if isEnding { return }
        guard !targets.isEmpty, targets.count == note.targets.count else {
            obstacles.append("the note \"\(note.text)\" is about nodes that the replay does not have")
            return
        }
        switch note.action {
        case "kill": for target in targets { end(.kill, target, note, later) }
        case "terminate": for target in targets { end(.terminate, target, note, later) }
        case "lose-volume", "loseVolume": for target in targets { end(.loseVolume, target, note, later) }
        case "freeze": for target in targets { freeze(target, note, later) }
        case "cut":
            let healed = later.first { other in
                other.action == "heal"
                    && (other.targets.isEmpty || !Set(other.targets).isDisjoint(with: note.targets))
            }
            add(.cut, targets, note, duration: healed.map { nanoseconds(from: note.at, to: $0.at) })
        case "failover": for target in targets { add(.failover(NotedDeeds.mode(note.text)), [target], note) }
        default: obstacles.append("the note \"\(note.text)\" tells of something that can't be repeated")
        }
    }

    private mutating func add(
        _ deed: ImpliedScenario.Deed, _ targets: [Int], _ note: Note, duration: Int64? = nil, newAddress: Bool = false
    ) {
        steps.append(
            ImpliedScenario.Step(
                interval: ObservedInterval(after: note.at, before: note.at), deed: deed, targets: targets,
                duration: duration, newAddress: newAddress))
    }

    /// A process that ends: how long it stayed away is counted from its end, which a SIGTERM only asks for.
    private mutating func end(_ deed: ImpliedScenario.Deed, _ target: Int, _ note: Note, _ later: ArraySlice<Note>) {
        let silence = lives.silence(of: target, from: note.at)
        var gone = note.at
        if deed == .terminate, let silence, silence.begins.before > note.at {
            gone = max(note.at, silence.begins.middle)
        }
        let started = later.first { $0.action == "start" && $0.targets.contains { numbers[$0] == target } }?.at
        // Whoever starts it again without a note does so a start-up before it answers.
        let answered = silence?.ends.map { max(gone, $0.before - startUp) }
        add(
            deed, [target], note, duration: (started ?? answered).map { nanoseconds(from: gone, to: $0) },
            newAddress: lives.movesElsewhere(target))
    }

    private mutating func freeze(_ target: Int, _ note: Note, _ later: ArraySlice<Note>) {
        let thawed = later.first { $0.action == "thaw" && $0.targets.contains { numbers[$0] == target } }?.at
        let answered = lives.silence(of: target, from: note.at)?.ends?.before
        add(.freeze, [target], note, duration: (thawed ?? answered).map { nanoseconds(from: note.at, to: $0) })
    }

    private func nanoseconds(from start: Int64, to end: Int64) -> Int64 {
        max(0, end.microsecondsLater(than: start)) * 1000
    }

    private static func mode(_ text: String) -> FailoverMode {
        let words = text.lowercased()
        return words.contains("takeover") ? .takeover : words.contains("force") ? .force : .plain
    }
}
