import RedisCluster

/// The members of one line, asked for by name and type. Members that nobody asks for are let pass: later versions of
/// the program may add some.
struct RecordingFields {
    private var members: [JSONValue.Member]

    init(_ bytes: ArraySlice<UInt8>) throws(RecordingLineFault) {
        let value: JSONValue
        do {
            value = try JSONValue(parsing: bytes)
        } catch {
            throw RecordingLineFault("no JSON: \(error.what) (at byte \(error.column))")
        }
        guard case .object(let members) = value else { throw RecordingLineFault("no JSON object") }
        self.members = members
    }

    private func value(_ name: String) throws(RecordingLineFault) -> JSONValue {
        guard let member = members.first(where: { $0.name == name }) else {
            throw RecordingLineFault("\(name) is missing")
        }
        return member.value
    }

    func has(_ name: String) -> Bool { members.contains { $0.name == name } }

    func integer(_ name: String) throws(RecordingLineFault) -> Int64 {
        guard case .number(let digits) = try value(name), let number = Int64(digits) else {
            throw RecordingLineFault("\(name): a whole number is expected")
        }
        return number
    }

    /// µs after the start. No recording is longer than a century, so sums of times can't overflow.
    func time(_ name: String) throws(RecordingLineFault) -> Int64 {
        let time = try integer(name)
        guard abs(time.clamped) < RecordingFields.longest else {
            throw RecordingLineFault("\(name): \(time) µs is more than a century")
        }
        return time
    }

    static let longest: Int64 = 100 * 366 * 86_400 * 1_000_000

    func boolean(_ name: String) throws(RecordingLineFault) -> Bool {
        guard case .boolean(let value) = try value(name) else {
            throw RecordingLineFault("\(name): true or false is expected")
        }
        return value
    }

    func text(_ name: String) throws(RecordingLineFault) -> String {
        guard case .text(let text) = try value(name) else { throw RecordingLineFault("\(name): a text is expected") }
        return text
    }

    func texts(_ name: String) throws(RecordingLineFault) -> [String] {
        guard case .list(let values) = try value(name) else { throw RecordingLineFault("\(name): a list is expected") }
        var texts: [String] = []
        for value in values {
            guard case .text(let text) = value else { throw RecordingLineFault("\(name): texts are expected") }
            texts.append(text)
        }
        return texts
    }

    func id(_ name: String) throws(RecordingLineFault) -> NodeName {
        let text = try text(name)
        guard let id = NodeName(text) else {
            throw RecordingLineFault("\(name): \(text): 40 hexadecimal digits are expected")
        }
        return id
    }

    /// None where there is no such member.
    func ids(_ name: String) throws(RecordingLineFault) -> [NodeName] {
        guard has(name) else { return [] }
        var ids: [NodeName] = []
        for text in try texts(name) {
            guard let id = NodeName(text) else {
                throw RecordingLineFault("\(name): \(text): 40 hexadecimal digits are expected")
            }
            ids.append(id)
        }
        return ids
    }

    func settings(_ name: String) throws(RecordingLineFault) -> [ObservedServer.Setting] {
        guard case .object(let members) = try value(name) else {
            throw RecordingLineFault("\(name): an object is expected")
        }
        var settings: [ObservedServer.Setting] = []
        for member in members {
            guard case .text(let text) = member.value else {
                throw RecordingLineFault("\(name).\(member.name): a text is expected")
            }
            settings.append(ObservedServer.Setting(name: member.name, value: text))
        }
        return settings
    }

    func interval() throws(RecordingLineFault) -> ObservedInterval {
        let interval = ObservedInterval(after: try time("after"), before: try time("before"))
        guard interval.after <= interval.before else { throw RecordingLineFault("after is later than before") }
        return interval
    }

    /// Lines of CLUSTER NODES.
    func nodes() throws(RecordingLineFault) -> [ClusterView.Node] {
        do {
            return try ClusterView(parsing: texts("nodes").joined(separator: "\n")).nodes
        } catch let error as ClusterViewError {
            throw RecordingLineFault("nodes: line \(error)")
        } catch let fault as RecordingLineFault {
            throw fault
        } catch {
            throw RecordingLineFault("nodes: \(error)")
        }
    }
}

extension Int64 {
    /// A number whose magnitude exists.
    fileprivate var clamped: Int64 { Swift.max(self, -Int64.max) }
}

/// What is wrong with a line.
struct RecordingLineFault: Error {
    var what: String

    init(_ what: String) { self.what = what }
}
