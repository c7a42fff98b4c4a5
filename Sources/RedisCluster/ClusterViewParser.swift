/// What is wrong with a text that should be CLUSTER NODES or nodes.conf, and where.
package struct ClusterViewError: Error, Equatable, CustomStringConvertible {
    /// Both from 1; the column counts bytes.
    package var line: Int
    package var column: Int
    package var what: Reason

    package enum Reason: Sendable, Equatable {
        case tooManyNodes, lineTooLong, tooFewFields
        case badID(String), badAddress(String), badPort(String), unknownFlag(String), badMaster(String)
        case badNumber(String), badLinkState(String), badSlots(String), badMove(String), oddVars
        case duplicateNode(String)
    }

    package var description: String { "\(line):\(column): \(what.text)" }
}

extension ClusterViewError.Reason {
    package var text: String {
        switch self {
        case .tooManyNodes: "more than \(ClusterView.maximumNodes) nodes"
        case .lineTooLong: "a line of more than \(ClusterView.maximumLineBytes) bytes"
        case .tooFewFields: "a node's line has at least 8 fields: id, address, flags, master, ping, pong, epoch, link"
        case .badID(let word): "node id \(word): 40 hexadecimal digits are expected"
        case .badAddress(let word): "address \(word): ip:port@busport is expected"
        case .badPort(let word): "port \(word): a number from 0 to 65535 is expected"
        case .unknownFlag(let word): "flag \(word) is unknown"
        case .badMaster(let word): "master \(word): a node id or - is expected"
        case .badNumber(let word): "\(word): a whole number is expected"
        case .badLinkState(let word): "link state \(word): connected or disconnected is expected"
        case .badSlots(let word): "slots \(word): numbers from 0 to 16383, ascending, are expected"
        case .badMove(let word): "slot in migration \(word): [slot->-id] or [slot-<-id] is expected"
        case .oddVars: "vars is followed by pairs of names and values"
        case .duplicateNode(let word): "node \(word) has a line already"
        }
    }
}

extension ClusterView {
    /// Far above any cluster (servers recommend 1,000), far below what a hostile text could make us hold.
    package static let maximumNodes = 20_000
    /// clusterLoadConfig's own bound: 1024 + 16384 x 128.
    package static let maximumLineBytes = 1024 + SlotLayout.slotCount * 128

    /// Reads CLUSTER NODES or nodes.conf. Blank lines are skipped, as clusterLoadConfig skips the padding of a file
    /// that has become shorter.
    package init(parsing text: String) throws(ClusterViewError) {
        var known = Set<NodeName>()
        var number = 0
        for bytes in text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            number += 1
            guard bytes.count <= ClusterView.maximumLineBytes else {
                throw ClusterViewError(line: number, column: 1, what: .lineTooLong)
            }
            let words = ClusterViewLine(bytes, number: number)
            guard let first = words.first else { continue }
            if first.lowercased() == "vars" {
                vars = try words.vars()
                continue
            }
            let node = try words.node()
            guard known.insert(node.id).inserted else { throw words.error(.duplicateNode(node.id.text)) }
            guard nodes.count < ClusterView.maximumNodes else { throw words.error(.tooManyNodes) }
            nodes.append(node)
        }
    }
}

/// One line, split at blanks.
private struct ClusterViewLine {
    private let number: Int
    private var words: [(text: String, column: Int)] = []

    init(_ bytes: Substring.UTF8View, number: Int) {
        self.number = number
        var column = 1
        var word: [UInt8] = []
        for byte in bytes {
            if byte == 0x20 || byte == 0x09 || byte == 0x0D {
                close(&word, at: column)
            } else {
                word.append(byte)
            }
            column += 1
        }
        close(&word, at: column)
    }

    private mutating func close(_ word: inout [UInt8], at column: Int) {
        guard !word.isEmpty else { return }
        words.append((String(decoding: word, as: UTF8.self), column - word.count))
        word.removeAll(keepingCapacity: true)
    }

    var first: String? { words.first?.text }

    func error(_ what: ClusterViewError.Reason, word: Int = 0) -> ClusterViewError {
        ClusterViewError(line: number, column: word < words.count ? words[word].column : 1, what: what)
    }

    func vars() throws(ClusterViewError) -> ClusterView.Vars {
        guard words.count % 2 == 1 else { throw error(.oddVars, word: words.count - 1) }
        var pairs: [ClusterView.Vars.Pair] = []
        for position in stride(from: 1, to: words.count, by: 2) {
            let pair = ClusterView.Vars.Pair(name: words[position].text, value: words[position + 1].text)
            if pair.name == "currentEpoch" || pair.name == "lastVoteEpoch", UInt64(pair.value) == nil {
                throw error(.badNumber(pair.value), word: position + 1)
            }
            pairs.append(pair)
        }
        return ClusterView.Vars(pairs: pairs)
    }

    func node() throws(ClusterViewError) -> ClusterView.Node {
        let idText = words[0].text
        guard let id = NodeName(idText) else { throw error(.badID(idText)) }
        guard words.count >= 8 else { throw error(.tooFewFields, word: words.count - 1) }
        var node = ClusterView.Node(
            id: id, address: try address(1), flags: try flags(2), master: try master(3), pingSent: try number(4),
            pongReceived: try number(5), configEpoch: try number(6), isConnected: try linkState(7), slots: [])
        for position in words.indices.dropFirst(8) {
            if words[position].text.hasPrefix("[") {
                node.moves.append(try move(position))
            } else {
                node.slots.append(try slots(position))
            }
        }
        return node
    }

    private func address(_ position: Int) throws(ClusterViewError) -> NodeAddress {
        let word = words[position].text
        let parts = word.split(separator: ",", omittingEmptySubsequences: false)
        let endpoint = parts[0]
        // The last colon, because an IPv6 address has some of its own.
        guard let colon = endpoint.lastIndex(of: ":") else { throw error(.badAddress(word), word: position) }
        let ports = endpoint[endpoint.index(after: colon)...].split(separator: "@", omittingEmptySubsequences: false)
        guard ports.count <= 2, let portText = ports.first else { throw error(.badAddress(word), word: position) }
        let port = try self.port(portText, position)
        let busPort: Int? = ports.count == 2 ? try self.port(ports[1], position) : nil
        return NodeAddress(
            ip: String(endpoint[..<colon]), port: port, busPort: busPort,
            hostname: parts.count > 1 ? String(parts[1]) : nil, auxiliary: parts.dropFirst(2).map(String.init))
    }

    private func port(_ text: Substring, _ position: Int) throws(ClusterViewError) -> Int {
        guard let port = decimal(text), port <= 65_535 else { throw error(.badPort(String(text)), word: position) }
        return port
    }

    private func flags(_ position: Int) throws(ClusterViewError) -> NodeFlags {
        var flags: NodeFlags = []
        let printed = words[position].text.split(separator: ",", omittingEmptySubsequences: false)
        for word in printed where word != "noflags" {
            guard let known = NodeFlags.printed.first(where: { $0.word == word }) else {
                throw error(.unknownFlag(String(word)), word: position)
            }
            flags.insert(known.flag)
        }
        return flags
    }

    private func master(_ position: Int) throws(ClusterViewError) -> NodeName? {
        let word = words[position].text
        if word == "-" { return nil }
        guard let name = NodeName(word) else { throw error(.badMaster(word), word: position) }
        return name
    }

    private func number<Number: FixedWidthInteger>(_ position: Int) throws(ClusterViewError) -> Number {
        let word = words[position].text
        guard let value = Number(word), !word.hasPrefix("+") else { throw error(.badNumber(word), word: position) }
        return value
    }

    private func linkState(_ position: Int) throws(ClusterViewError) -> Bool {
        switch words[position].text {
        case "connected": return true
        case "disconnected": return false
        case let word: throw error(.badLinkState(word), word: position)
        }
    }

    private func slots(_ position: Int) throws(ClusterViewError) -> ClosedRange<Int> {
        let word = words[position].text
        let ends = word.split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count <= 2, let first = decimal(ends[0]), let last = decimal(ends[ends.count - 1]), first <= last,
            last < SlotLayout.slotCount
        else { throw error(.badSlots(word), word: position) }
        return first...last
    }

    private func move(_ position: Int) throws(ClusterViewError) -> ClusterView.SlotMove {
        let word = words[position].text
        let parts = word.dropFirst().dropLast().split(separator: "-", omittingEmptySubsequences: false)
        guard word.hasSuffix("]"), parts.count == 3, let slot = decimal(parts[0]), slot < SlotLayout.slotCount,
            parts[1] == ">" || parts[1] == "<", let name = NodeName(parts[2])
        else { throw error(.badMove(word), word: position) }
        return ClusterView.SlotMove(
            slot: slot, direction: parts[1] == ">" ? .migratingTo : .importingFrom, node: name)
    }

    /// Digits only: no sign, no blanks.
    private func decimal(_ text: Substring) -> Int? {
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Int(text)
    }
}
