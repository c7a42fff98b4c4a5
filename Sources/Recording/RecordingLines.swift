import RedisCluster

/// The file format: one JSON object a line, the header first. `models/README.md` describes it for users.
extension Recording {
    package static let format = "rehearse.recording"
    /// The newest version of the format that can be read, and the one that is written.
    package static let formatVersion = 1

    /// The whole file.
    package var text: String { header.line + entries.map(\.line).joined() }
}

extension Recording.Header {
    /// With its newline, as all lines here.
    package var line: String {
        var json = JSONLine()
        json.put("format", Recording.format)
        json.put("version", Int64(version))
        json.put("startedAt", startedAt)
        json.put("interval", interval)
        json.put("redacted", isRedacted)
        json.close()
        return json.text + "\n"
    }
}

extension Recording.Entry {
    package var line: String {
        var json = JSONLine()
        switch self {
        case .server(let server): server.put(into: &json)
        case .view(let seen):
            json.open("view", seen.interval, seen.observer)
            json.put("nodes", seen.view.nodes.map(\.text))
        case .change(let change):
            json.open("change", change.interval, change.observer)
            json.put("nodes", change.lines.map(\.text))
            if !change.gone.isEmpty { json.put("gone", change.gone.map(\.text)) }
        case .status(let status):
            json.open("status", status.interval, status.observer)
            json.put("fields", status.fields)
        case .silence(let silence):
            json.open("silence", silence.interval, silence.observer)
            json.put("state", silence.kind.rawValue)
        case .note(let note):
            json.put("kind", "note")
            json.put("at", note.at)
            json.put("text", note.text)
            if let action = note.action { json.put("action", action) }
            if !note.targets.isEmpty { json.put("targets", note.targets.map(\.text)) }
        }
        json.close()
        return json.text + "\n"
    }
}

extension JSONLine {
    fileprivate mutating func open(_ kind: String, _ interval: ObservedInterval, _ observer: NodeName) {
        put("kind", kind)
        put("after", interval.after)
        put("before", interval.before)
        put("observer", observer.text)
    }
}

extension ObservedServer {
    fileprivate func put(into json: inout JSONLine) {
        json.put("kind", "server")
        json.put("at", at)
        json.put("id", id.text)
        json.put("ip", address.ip)
        json.put("port", Int64(address.port))
        if let bus = address.busPort { json.put("busPort", Int64(bus)) }
        if let hostname = address.hostname { json.put("hostname", hostname) }
        if !address.auxiliary.isEmpty { json.put("auxiliary", address.auxiliary) }
        json.put("runID", runID)
        json.put("product", product)
        json.put("version", version)
        json.put("configuration", configuration)
        if let pod { json.put("pod", pod) }
        if let worker { json.put("worker", worker) }
        if let podPhase { json.put("podPhase", podPhase) }
    }
}
