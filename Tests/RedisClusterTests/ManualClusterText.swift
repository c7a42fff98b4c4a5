import RedisCluster

/// What a transcript shows of a `ManualCluster`: nodes are n1, n2 ...; times are seconds from the start or from now.
extension ManualCluster {
    func note(_ p: Int, _ text: @autoclosure () -> String) {
        if !isMuted { log.append("\(clock) n\(p + 1) \(text())") }
    }

    private var clock: String { seconds(now - ManualCluster.start) }

    /// Tenths of a second, as ticks are; ms where that is not enough.
    func seconds(_ duration: Milliseconds) -> String {
        let tenths = abs(duration) / 100
        let fraction = abs(duration) % 100 == 0 ? "\(tenths % 10)" : padded(abs(duration) % 1000)
        return "\(duration < 0 ? "-" : "")\(tenths / 10).\(fraction)s"
    }

    private func padded(_ ms: Int64) -> String { String(String(1000 + ms).dropFirst()) }

    func takeLog() -> [String] {
        defer { log.removeAll() }
        return log
    }

    /// A node by its present or any earlier identity.
    func label(_ id: NodeID) -> String {
        guard id != noNode else { return "-" }
        if let p = nodes.indices.first(where: { nodes[$0].id == id }) { return "n\(p + 1)" }
        let earlier = nodes.indices.first { ManualCluster.name($0) == wire.names[Int(id)] }
        return earlier.map { "n\($0 + 1)(old)" } ?? "stranger"
    }

    func describe(_ observation: Observation) -> String {
        var words = ["\(observation.kind)"]
        if observation.subject != noNode { words.append(label(observation.subject)) }
        if observation.other != noNode { words.append("by \(label(observation.other))") }
        switch observation.kind {
        case .voteRefused: words.append(VoteRefusal(rawValue: observation.value).map { "because \($0)" } ?? "")
        case .cannotFailover: words.append(FailoverObstacle(rawValue: observation.value).map { "because \($0)" } ?? "")
        default: if observation.value != 0 { words.append(String(observation.value)) }
        }
        return words.joined(separator: " ")
    }

    /// Type, epochs where they matter, and the gossip section.
    func describe(_ ref: MessageRef) -> String {
        let message = wire[ref]
        var words = [message.type.statistic]
        if message.paused { words.append("paused") }
        if message.forceAck { words.append("force") }
        switch message.type {
        case .ping, .pong, .meet:
            let entries = (0..<Int(message.gossipCount)).map { describe(wire.gossip(ref, $0)) }
            words.append("[\(entries.joined(separator: " "))]")
        case .fail: words.append("about \(label(message.about))")
        case .update: words.append("about \(label(message.about)) in epoch \(message.aboutEpoch)")
        case .authRequest, .authAck: words.append("in epoch \(message.currentEpoch)")
        case .manualFailoverStart: break
        }
        return words.joined(separator: " ")
    }

    private func describe(_ entry: GossipEntry) -> String {
        label(entry.node) + (entry.flags.has(.pfail) ? "?" : "") + (entry.flags.has(.fail) ? "!" : "")
    }

    /// One row of a node's table.
    func row(_ p: Int, _ index: PeerIndex) -> String {
        let peer = nodes[p].table.peers[Int(index)]
        var words = [label(peer.id), peer.flags.text]
        if peer.flags.has(.meet) { words.append("meet") }
        if peer.flags.has(.migrateTo) { words.append("migrate-to") }
        if peer.master != noPeer { words.append("of \(label(nodes[p].table.peers[Int(peer.master)].id))") }
        words.append("epoch \(peer.configEpoch)")
        let address = peer.address == noAddress ? "-" : wire.addresses[Int(peer.address)].ip
        if address != resident(peer.address).map({ "10.0.0.\($0 + 1)" }) { words.append("at \(address)") }
        let slots = wire.slots.ranges(of: peer.slots).map { "\($0.lowerBound)-\($0.upperBound)" }
        if !slots.isEmpty { words.append("slots \(slots.joined(separator: ","))") }
        if index != ClusterNode.myself {
            words.append("\(peer.link)")
            words.append("ping \(peer.pingSent == 0 ? "none" : seconds(peer.pingSent - now))")
            words.append("pong \(seconds(peer.pongReceived - now))")
            let validity = nodes[p].conf.nodeTimeout * 2
            let reports = nodes[p].reports.valid(peer.reports, at: now, validity: validity)
            if reports > 0 { words.append("reports \(reports)") }
        }
        return words.joined(separator: " ")
    }

    /// What a node thinks of the cluster as a whole, and of its own elections.
    func summary(_ p: Int) -> String {
        let election = nodes[p].election
        let manual = nodes[p].manualFailover
        var words = ["n\(p + 1)", nodes[p].isMaster ? "master" : "replica", nodes[p].stateIsOk ? "ok" : "fail"]
        words.append("size \(nodes[p].size) epoch \(nodes[p].currentEpoch) vote \(nodes[p].lastVoteEpoch)")
        if election.time != 0 {
            words.append("election at \(seconds(election.time - now)) rank \(election.rank) epoch \(election.epoch)")
            words.append(election.requestSent ? "votes \(election.votes)" : "not asked")
        }
        if manual.end != 0 {
            words.append("manual failover for \(seconds(manual.end - now))")
            if manual.canStart { words.append("ready") }
        }
        return words.joined(separator: " ")
    }
}
