import Recording
import RedisCluster

/// When each node answered the recorder, and under which address.
struct RecordedLives {
    /// A time in which a node did not answer, µs after the recording's start.
    struct Silence {
        var node: Int
        /// Between the last answer and the first question without one.
        var begins: ObservedInterval
        /// Between the last question without an answer and the first with one; nil if it lasts to the end.
        var ends: ObservedInterval?
        /// Its port was closed, or it came back as another process.
        var died: Bool
    }

    /// In the order in which they began.
    private(set) var silences: [Silence] = []
    private var addresses: [[NodeAddress]]
    /// Run ids and since when, by node.
    private var runs: [[(at: Int64, id: String)]]

    init(_ recording: Recording, names: [NodeName]) {
        addresses = Array(repeating: [], count: names.count)
        runs = Array(repeating: [], count: names.count)
        let numbers = Dictionary(names.enumerated().map { ($0.element, $0.offset) }) { first, _ in first }
        var open = [Int?](repeating: nil, count: names.count)
        for entry in recording.entries {
            switch entry {
            case .silence(let silence):
                guard let node = numbers[silence.observer] else { continue }
                take(silence, node, &open)
            case .server(let server):
                guard let node = numbers[server.id] else { continue }
                if addresses[node].last != server.address { addresses[node].append(server.address) }
                if runs[node].last?.id != server.runID { runs[node].append((server.at, server.runID)) }
            case .view, .change, .status, .note: break
            }
        }
        for index in silences.indices where !silences[index].died {
            let silence = silences[index]
            // The server's entry may follow the first answer by a poll.
            let end = silence.ends.map { $0.before.addingReportingOverflow(2_000_000) }
            guard let end, !end.overflow else { continue }
            silences[index].died = runs[silence.node].dropFirst().contains {
                $0.at >= silence.begins.after && $0.at <= end.partialValue
            }
        }
        silences.sort { ($0.begins.before, $0.node) < ($1.begins.before, $1.node) }
    }

    private mutating func take(_ silence: ObservedSilence, _ node: Int, _ open: inout [Int?]) {
        switch (silence.kind, open[node]) {
        case (.answers, let index?):
            silences[index].ends = silence.interval
            open[node] = nil
        case (.answers, nil): break
        case (let kind, let index?):
            if kind != .timeout { silences[index].died = true }
        case (let kind, nil):
            open[node] = silences.count
            silences.append(Silence(node: node, begins: silence.interval, died: kind != .timeout))
        }
    }

    /// Whether a node was ever reached under another address than at first.
    func movesElsewhere(_ node: Int) -> Bool {
        addresses[node].dropFirst().contains { $0.ip != addresses[node][0].ip || $0.port != addresses[node][0].port }
    }

    /// The first silence of a node that had not ended at `time`.
    func silence(of node: Int, from time: Int64) -> Silence? {
        silences.first { $0.node == node && ($0.ends?.before ?? Int64.max) > time }
    }
}
