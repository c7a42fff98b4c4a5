package import RedisCluster

/// Replaces what identifies a cluster: ids, run ids, addresses, host names, names of pods and workers, wherever they
/// stand, notes included. The same one becomes the same pseudonym for as long as the redactor lives; ports stay.
///
/// Ids are hashed with a random key that is kept nowhere, so that they can't be found by trying; their order, by which
/// Redis settles a tie of epochs, is not kept. IPv4 addresses become ones of 198.18.0.0/15 (RFC 2544), IPv6 ones of
/// 2001:db8::/32 (RFC 3849), in the order in which they appear.
package struct Redactor {
    private let key = (UInt64.random(in: .min ... .max), UInt64.random(in: .min ... .max))
    private var names: [String: String] = [:]
    private var counts: [Kind: Int] = [:]

    private enum Kind: String { case ipv4, ipv6, host, pod, worker, name }

    package init() {}

    package mutating func redact(_ entry: Recording.Entry) -> Recording.Entry {
        switch entry {
        case .server(var server):
            server.id = redact(server.id)
            server.address = redact(server.address)
            server.runID = redactDigits(server.runID)
            server.pod = server.pod.map { pseudonym($0, .pod) }
            server.worker = server.worker.map { pseudonym($0, .worker) }
            return .server(server)
        case .view(var seen):
            seen.observer = redact(seen.observer)
            seen.view = ClusterView(nodes: seen.view.nodes.map { redact($0) })
            return .view(seen)
        case .change(var change):
            change.observer = redact(change.observer)
            change.lines = change.lines.map { redact($0) }
            change.gone = change.gone.map { redact($0) }
            return .change(change)
        case .status(var status):
            status.observer = redact(status.observer)
            status.fields = status.fields.map { redact($0) }
            return .status(status)
        case .silence(var silence):
            silence.observer = redact(silence.observer)
            return .silence(silence)
        case .note(var note):
            note.text = redact(text: note.text)
            note.targets = note.targets.map { redact($0) }
            return .note(note)
        }
    }

    private mutating func redact(_ node: ClusterView.Node) -> ClusterView.Node {
        var line = node
        line.id = redact(node.id)
        line.address = redact(node.address)
        line.master = node.master.map { redact($0) }
        line.moves = node.moves.map { move in
            ClusterView.SlotMove(slot: move.slot, direction: move.direction, node: redact(move.node))
        }
        return line
    }

    private mutating func redact(_ address: NodeAddress) -> NodeAddress {
        var redacted = address
        redacted.ip = redact(host: address.ip)
        redacted.hostname = address.hostname.map { $0.isEmpty ? $0 : pseudonym($0, .host) }
        redacted.auxiliary = address.auxiliary.map { field in
            guard let equals = field.firstIndex(of: "=") else { return pseudonym(field, .name) }
            let value = String(field[field.index(after: equals)...])
            // Ports and shard ids are the ones known; whatever else there is may be a name.
            let hidden = Int(value) != nil || value.isEmpty ? value : isID(value) ? redactDigits(value) : hide(value)
            return field[...equals] + hidden
        }
        return redacted
    }

    /// An auxiliary field's value: an address or any name.
    private mutating func hide(_ value: String) -> String {
        Redactor.addressKind(value) == nil ? pseudonym(value, .name) : redact(host: value)
    }

    private mutating func redact(_ field: ObservedServer.Setting) -> ObservedServer.Setting {
        switch field.name {
        case "master_host": ObservedServer.Setting(name: field.name, value: redact(host: field.value))
        case "master_replid": ObservedServer.Setting(name: field.name, value: redactDigits(field.value))
        default: field
        }
    }

    /// An address, or a name that stands for one. Empty where the node has none.
    private mutating func redact(host: String) -> String {
        host.isEmpty ? host : pseudonym(host, Redactor.addressKind(host) ?? .host)
    }

    private mutating func pseudonym(_ name: String, _ kind: Kind) -> String {
        if let known = names[name] { return known }
        let number = counts[kind, default: 0] + 1
        counts[kind] = number
        let made =
            switch kind {
            case .ipv4: "198.\(18 + number >> 16 & 1).\(number >> 8 & 255).\(number & 255)"
            case .ipv6: "2001:db8::\(String(number, radix: 16))"
            case .host, .pod, .worker, .name: "\(kind.rawValue)-\(number)"
            }
        names[name] = made
        return made
    }

    // MARK: Ids

    package func redact(_ id: NodeName) -> NodeName {
        let digits = hashed(id.text)
        return NodeName(high: digits.0, middle: digits.1, low: UInt32(truncatingIfNeeded: digits.2))
    }

    private func isID(_ text: String) -> Bool { NodeName(text) != nil }

    private func redactDigits(_ text: String) -> String { NodeName(text).map { redact($0).text } ?? text }

    /// SipHash, keyed by the process and by us.
    private func hashed(_ text: String) -> (UInt64, UInt64, UInt64) {
        func word(_ number: Int) -> UInt64 {
            var hasher = Hasher()
            hasher.combine(key.0)
            hasher.combine(number)
            hasher.combine(text)
            hasher.combine(key.1)
            return UInt64(bitPattern: Int64(hasher.finalize()))
        }
        return (word(0), word(1), word(2))
    }

    // MARK: Free text

    /// Words that are known, or look like an id or an address, within a note.
    private mutating func redact(text: String) -> String {
        var result = ""
        var word = ""
        for character in text {
            if character.isLetter || character.isNumber || "-.:_".contains(character) {
                word.append(character)
            } else {
                result += redact(word: word) + String(character)
                word = ""
            }
        }
        return result + redact(word: word)
    }

    private mutating func redact(word: String) -> String {
        if word.isEmpty { return word }
        if let known = names[word] { return known }
        if isID(word) { return redactDigits(word) }
        if let kind = Redactor.addressKind(word) { return pseudonym(word, kind) }
        // An address with its port, or the end of a sentence.
        guard let mark = word.lastIndex(where: { $0 == ":" || $0 == "." }) else { return word }
        let head = redact(word: String(word[..<mark]))
        return head == word[..<mark] ? word : head + word[mark...]
    }

    private static func addressKind(_ text: String) -> Kind? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        if parts.count == 4, parts.allSatisfy({ UInt8($0) != nil }) { return .ipv4 }
        let colons = text.count { $0 == ":" }
        let isHexadecimal = text.allSatisfy { $0.isHexDigit || $0 == ":" || $0 == "." || $0 == "%" }
        return colons >= 2 && isHexadecimal ? .ipv6 : nil
    }
}
