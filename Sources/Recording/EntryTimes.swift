package import RedisCluster

extension Recording.Entry {
    /// When it was known, µs after the recording's start. Ascending in a recording.
    package var time: Int64 {
        switch self {
        case .server(let server): server.at
        case .view(let view): view.interval.before
        case .change(let change): change.interval.before
        case .status(let status): status.interval.before
        case .silence(let silence): silence.interval.before
        case .note(let note): note.at
        }
    }

    /// Whose reply it comes from, or who did not reply; nil for notes.
    package var observer: NodeName? {
        switch self {
        case .server(let server): server.id
        case .view(let view): view.observer
        case .change(let change): change.observer
        case .status(let status): status.observer
        case .silence(let silence): silence.observer
        case .note: nil
        }
    }

    /// All times later by `shift` µs.
    func shifted(by shift: Int64) -> Recording.Entry {
        guard shift != 0 else { return self }
        switch self {
        case .server(var server):
            server.at += shift
            return .server(server)
        case .view(var view):
            view.interval.shift(by: shift)
            return .view(view)
        case .change(var change):
            change.interval.shift(by: shift)
            return .change(change)
        case .status(var status):
            status.interval.shift(by: shift)
            return .status(status)
        case .silence(var silence):
            silence.interval.shift(by: shift)
            return .silence(silence)
        case .note(var note):
            note.at += shift
            return .note(note)
        }
    }
}

extension ObservedInterval {
    fileprivate mutating func shift(by shift: Int64) {
        after += shift
        before += shift
    }
}
