package import Recording
import RedisCluster

/// What a recording shows at a glance while it grows: every node, and the last transitions.
package struct LiveTable {
    private var views: [NodeName: ClusterView] = [:]
    private var servers: [NodeName: ObservedServer] = [:]
    private var silences: [NodeName: ObservedSilence.Kind] = [:]
    private var states: [NodeName: String] = [:]
    /// In the order in which they were found.
    private var order: [NodeName] = []
    private var events: [String] = []
    private var now: Int64 = 0

    package static let eventCount = 12

    package init() {}

    package mutating func add(_ entries: [Recording.Entry]) {
        for entry in entries { add(entry) }
    }

    private mutating func add(_ entry: Recording.Entry) {
        now = max(now, entry.time)
        if let observer = entry.observer, !order.contains(observer) { order.append(observer) }
        switch entry {
        case .server(let server):
            servers[server.id] = server
        case .view(let seen): see(seen.view, by: seen.observer, at: seen.interval.before)
        case .change(let change):
            let earlier = views[change.observer] ?? ClusterView()
            see(earlier.applying(change), by: change.observer, at: change.interval.before)
        case .status(let status):
            for field in status.fields where field.name == "cluster_state" {
                if let old = states[status.observer], old != field.value {
                    tell(status.interval.before, "\(name(status.observer)) says cluster_state \(field.value)")
                }
                states[status.observer] = field.value
            }
        case .silence(let silence):
            silences[silence.observer] = silence.kind == .answers ? nil : silence.kind
            tell(silence.interval.before, "\(name(silence.observer)) \(LiveTable.words(silence.kind))")
        case .note(let note):
            tell(note.at, "note: \(note.text)")
        }
    }

    private mutating func see(_ view: ClusterView, by observer: NodeName, at time: Int64) {
        let earlier = views[observer]
        views[observer] = view
        for id in view.nodes.map(\.id) where !order.contains(id) && view[id]?.flags.has(.handshake) == false {
            order.append(id)
        }
        guard let earlier else { return }
        for transition in view.transitions(since: earlier) {
            tell(time, "\(name(observer)) sees \(name(transition.subject)): \(LiveTable.words(transition.change))")
        }
        order.removeAll { id in servers[id] == nil && !views.values.contains { $0[id] != nil } }
    }

    private mutating func tell(_ time: Int64, _ text: String) {
        events.append("\(LiveTable.clock(time))  \(text)")
        if events.count > LiveTable.eventCount { events.removeFirst() }
    }

    // MARK: Words

    /// The pod's name, or the address, or the id's beginning.
    private func name(_ id: NodeName) -> String {
        if let pod = servers[id]?.pod { return pod }
        if let address = servers[id]?.address ?? views.values.lazy.compactMap({ $0[id]?.address }).first,
            address.port > 0
        {
            return "\(address.ip):\(address.port)"
        }
        return String(id.text.prefix(8))
    }

    private static func words(_ kind: ObservedSilence.Kind) -> String {
        switch kind {
        case .refused: "refuses"
        case .timeout: "is silent"
        case .loading: "loads its data"
        case .answers: "answers again"
        }
    }

    private static func words(_ change: Transition.Change) -> String {
        switch change {
        case .appeared: "appeared"
        case .vanished: "vanished"
        case .flags(let from, let to): "\(from.text) -> \(to.text)"
        case .master(let from, let to): "replica of \(short(from)) -> \(short(to))"
        case .address(let from, let to): "\(from.text) -> \(to.text)"
        case .configEpoch(let from, let to): "epoch \(from) -> \(to)"
        case .slots(let from, let to): "\(count(from)) slots -> \(count(to))"
        case .link(_, let to): to ? "link is up" : "link is down"
        }
    }

    private static func short(_ node: NodeName?) -> String { node.map { String($0.text.prefix(8)) } ?? "-" }

    private static func count(_ slots: [ClosedRange<Int>]) -> Int { slots.reduce(0) { $0 + $1.count } }

    /// `01:02:03.456` after the start.
    private static func clock(_ time: Int64) -> String {
        func padded(_ number: Int64, _ width: Int) -> String {
            let digits = String(number)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        let ms = max(0, time) / 1000
        let hours = padded(ms / 3_600_000, 2)
        return "\(hours):\(padded(ms / 60_000 % 60, 2)):\(padded(ms / 1000 % 60, 2)).\(padded(ms % 1000, 3))"
    }

    // MARK: Lines

    /// The table as it stands, no line longer than `width` characters.
    package func lines(width: Int) -> [String] {
        var rows = [["NODE", "ID", "ROLE", "SLOTS", "EPOCH", "ANSWERS", "STATE", "OTHERS SAY", "WORKER"]]
        rows += order.map(row)
        if !rows.dropFirst().contains(where: { !$0[8].isEmpty }) { rows = rows.map { Array($0.dropLast()) } }
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        var lines = rows.map { row in
            zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }.joined(separator: "  ")
        }
        lines += [""] + events
        return lines.map { String($0.prefix(max(1, width))) }
    }

    private func row(_ id: NodeName) -> [String] {
        let own = silences[id] == nil ? views[id]?[id] : nil
        // Whoever does not answer is what the others take it for.
        let seen = own ?? order.lazy.compactMap { silences[$0] == nil ? views[$0]?[id] : nil }.first ?? views[id]?[id]
        let role =
            seen.map { line in
                line.flags.has(.replica) ? "replica of \(line.master.map(name) ?? "-")" : "master"
            } ?? "?"
        let answers = silences[id].map(LiveTable.words) ?? (views[id] == nil ? "not yet" : "yes")
        return [
            name(id), String(id.text.prefix(8)), role, "\(LiveTable.count(seen?.slots ?? []))",
            "\(seen?.configEpoch ?? 0)", answers, states[id] ?? "?", opinion(of: id), place(of: id),
        ]
    }

    /// How many of those who answer suspect or condemn it.
    private func opinion(of id: NodeName) -> String {
        let observers = order.filter { $0 != id && silences[$0] == nil && views[$0] != nil }
        let lines = observers.compactMap { views[$0]?[id] }
        let failed = lines.count { $0.flags.has(.fail) }
        let suspected = lines.count { $0.flags.has(.pfail) }
        var words: [String] = []
        if failed > 0 { words.append("fail by \(failed)") }
        if suspected > 0 { words.append("fail? by \(suspected)") }
        if lines.count < observers.count { words.append("unknown to \(observers.count - lines.count)") }
        return words.isEmpty ? "ok" : words.joined(separator: ", ")
    }

    private func place(of id: NodeName) -> String {
        guard let server = servers[id] else { return "" }
        let phase = server.podPhase.flatMap { $0 == "Running" ? nil : " (\($0))" } ?? ""
        return (server.worker ?? "") + phase
    }
}
