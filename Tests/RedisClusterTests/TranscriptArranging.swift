import RedisCluster

/// Commands that put a node into a situation, and that forge packets.
extension ManualCluster {
    // MARK: Words

    func node(_ command: TranscriptCommand, _ position: Int) throws -> Int {
        let number = try command.integer(position)
        guard nodes.indices.contains(number - 1) else { throw command.fail("there is no node \(number)") }
        return number - 1
    }

    func list(_ command: TranscriptCommand, from: Int = 0, to: Int? = nil) throws -> [Int] {
        try (from..<(to ?? command.words.count)).map { try node(command, $0) }
    }

    /// `1,2,3`.
    func group(_ command: TranscriptCommand, _ position: Int) throws -> [Int] {
        guard position < command.words.count else { throw command.fail("a group of nodes is missing") }
        return try numbers(command, command.words[position])
    }

    private func numbers(_ command: TranscriptCommand, _ text: String) throws -> [Int] {
        try text.split(separator: ",").map {
            guard let number = Int($0), nodes.indices.contains(number - 1) else { throw command.fail("node \($0)?") }
            return number - 1
        }
    }

    private func pair(_ command: TranscriptCommand, _ word: String) throws -> (from: Int, to: Int) {
        let ends = word.split(separator: ">")
        guard ends.count == 2, let from = Int(ends[0]), let to = Int(ends[1]), nodes.indices.contains(from - 1),
            nodes.indices.contains(to - 1)
        else { throw command.fail("\(word): 1>2 is expected") }
        return (from - 1, to - 1)
    }

    private func type(_ word: String) -> MessageType? { MessageType.allCases.first { $0.statistic == word } }

    /// Any of `ping`, `1>2`, `1>`, `>2`.
    func filter(_ command: TranscriptCommand) throws -> ManualNetwork.Filter {
        var filter = ManualNetwork.Filter()
        for word in command.words {
            if let type = type(word) {
                filter.type = type
                continue
            }
            let ends = word.split(separator: ">", omittingEmptySubsequences: false)
            guard ends.count == 2 else { throw command.fail("\(word): a message type or 1>2 is expected") }
            if let from = Int(ends[0]) { filter.from = from - 1 }
            if let to = Int(ends[1]) { filter.to = to - 1 }
        }
        return filter
    }

    func peer(_ p: Int, _ q: Int, _ command: TranscriptCommand) throws -> PeerIndex {
        let index = nodes[p].table.index(of: nodes[q].id)
        guard index != noPeer else { throw command.fail("n\(p + 1) does not know n\(q + 1)") }
        return index
    }

    // MARK: Situations

    /// `set 5 peer=1 pong=-2s flags=fail ...` changes an entry of node 5's table; `set 5 epoch=7 ...` the node itself.
    func arrange(_ command: TranscriptCommand) throws -> [String]? {
        switch command.name {
        case "set":
            let p = try node(command, 0)
            if command.values["peer"] != nil { try arrangePeer(p, command) } else { try arrangeNode(p, command) }
            nodes[p].wakeCron()
        case "inject": try inject(command)
        case "replication": replicatesByHand = command.words.first == "by-hand"
        default: return nil
        }
        return []
    }

    private func arrangePeer(_ p: Int, _ command: TranscriptCommand) throws {
        for q in try numbers(command, command.values["peer"] ?? "") {
            let index = Int(try peer(p, q, command))
            let time = { (key: String) in try command.values[key].map { self.now + (try command.duration($0)) } }
            if let value = try time("ping") { nodes[p].table.peers[index].pingSent = value }
            if let value = try time("pong") { nodes[p].table.peers[index].pongReceived = value }
            if let value = try time("data") { nodes[p].table.peers[index].dataReceived = value }
            if let value = try time("linked") { nodes[p].table.peers[index].linkCreated = value }
            if let value = try time("failed") { nodes[p].table.peers[index].failTime = value }
            if let value = try time("voted") { nodes[p].table.peers[index].votedTime = value }
            if let value = command.values["epoch"].flatMap(UInt64.init) {
                nodes[p].table.peers[index].configEpoch = value
            }
            if let value = command.values["offset"].flatMap(Int64.init) {
                nodes[p].table.peers[index].replicationOffset = value
            }
            guard let flags = command.values["flags"] else { continue }
            nodes[p].table.peers[index].flags.subtract([.pfail, .fail, .noFailover])
            nodes[p].table.peers[index].flags.formUnion(try self.flags(flags, command))
        }
    }

    private func arrangeNode(_ p: Int, _ command: TranscriptCommand) throws {
        if let value = command.values["epoch"].flatMap(UInt64.init) { nodes[p].currentEpoch = value }
        if let value = command.values["own-epoch"].flatMap(UInt64.init) { nodes[p].table.peers[0].configEpoch = value }
        if let value = command.values["vote"].flatMap(UInt64.init) { nodes[p].lastVoteEpoch = value }
        if let value = command.values["offset"].flatMap(Int64.init) { nodes[p].replication.offset = value }
        if let value = command.values["heard"] {
            nodes[p].replication.lastInteraction = (now + (try command.duration(value))) / 1000
        }
        if let value = command.values["down"] {
            nodes[p].replication.linkUp = false
            lives[p].isAttached = false
            nodes[p].replication.downSince = value == "never" ? 0 : (now + (try command.duration(value))) / 1000
        }
    }

    private func flags(_ text: String, _ command: TranscriptCommand) throws -> NodeFlags {
        var flags: NodeFlags = []
        for word in text.split(separator: ",") where word != "none" {
            guard let known = NodeFlags.printed.first(where: { $0.word == word }) else {
                throw command.fail("\(word)?")
            }
            flags.insert(known.flag)
        }
        return flags
    }

    // MARK: Forged packets

    /// `inject 2>5 ping gossip=1:fail?:-3s,4:ok:-1s epoch=9 ...`: node 5 reads a packet as node 2 would send it now,
    /// but for what the words say. `on=outbound` makes it arrive on 5's own link to 2, as answers do.
    private func inject(_ command: TranscriptCommand) throws {
        guard command.words.count == 2, let type = type(command.words[1]) else { throw command.fail("inject 1>2 TYPE") }
        let (from, to) = try pair(command, command.words[0])
        let ref = wire.allocate(try forge(type, from, command))
        for word in command.values["gossip"]?.split(separator: ",") ?? [] {
            wire.addGossip(ref, try entry(word.split(separator: ":").map(String.init), from, command))
        }
        let sender = nodes[to].table.index(of: nodes[from].id)
        let link: LinkRef
        if command.values["on"] == "outbound" {
            link = .outbound(sender)
        } else {
            let accepted = network.links.lastIndex { $0.opener == from && $0.acceptor == to && $0.acceptorOpen }
            link = .accepted(accepted.map(ConnectionID.init) ?? strangersLink(from, to), sender)
        }
        step(to, .received(ref, link, from: lives[from].address, local: lives[to].address))
        wire.release(ref)
        if !deliversByHand { deliver() }
    }

    /// A connection of a node that has none to `to`.
    private func strangersLink(_ from: Int, _ to: Int) -> ConnectionID {
        var link = ManualNetwork.Link(opener: from, openerPeer: noPeer, address: lives[to].address)
        link.acceptor = to
        link.isEstablished = true
        link.openerAddress = lives[from].address
        return network.add(link)
    }

    private func forge(_ type: MessageType, _ from: Int, _ command: TranscriptCommand) throws -> ClusterMessage {
        let own = nodes[from].table.peers[0]
        let source = own.master == noPeer ? own : nodes[from].table.peers[Int(own.master)]
        var message = ClusterMessage(
            type: type, sender: own.id, flags: own.flags, address: lives[from].address,
            slots: source.slots, currentEpoch: nodes[from].currentEpoch, configEpoch: source.configEpoch,
            offset: nodes[from].replication.offset)
        if own.master != noPeer { message.master = source.id }
        message.forceAck = try command.flag("force", default: false)
        message.paused = try command.flag("paused", default: false)
        if let value = command.values["epoch"].flatMap(UInt64.init) { message.currentEpoch = value }
        if let value = command.values["config-epoch"].flatMap(UInt64.init) { message.configEpoch = value }
        if let value = command.values["offset"].flatMap(Int64.init) { message.offset = value }
        if let value = command.values["of"] {
            message.master = value == "nobody" ? noNode : nodes[try numbers(command, value)[0]].id
        }
        if let value = command.values["slots"] { message.slots = slotSet(value) }
        if let value = command.values["about"] { message.about = nodes[try numbers(command, value)[0]].id }
        if let value = command.values["about-epoch"].flatMap(UInt64.init) { message.aboutEpoch = value }
        if let value = command.values["about-slots"] { message.aboutSlots = slotSet(value) }
        return message
    }

    /// `0,2` by parts, or `none`.
    private func slotSet(_ text: String) -> SlotSetID {
        text.split(separator: ",").compactMap { Int($0) }.reduce(SlotSets.empty) {
            wire.slots.changing($0, part: $1, to: true)
        }
    }

    /// `node:flags[:age]`; the address is the one the sender's table has.
    private func entry(_ parts: [String], _ from: Int, _ command: TranscriptCommand) throws -> GossipEntry {
        guard parts.count >= 2, let subject = try numbers(command, parts[0]).first else {
            throw command.fail("gossip?")
        }
        var flags: NodeFlags = nodes[subject].isMaster ? .master : .replica
        flags.formUnion(parts[1] == "ok" ? [] : try self.flags(parts[1], command))
        let age = parts.count > 2 ? try command.duration(parts[2]) : 0
        return GossipEntry(
            node: nodes[subject].id, flags: flags, address: lives[subject].address,
            pongReceivedSeconds: (now + age) / 1000)
    }

    // MARK: Showing

    /// `show 1 [peers]`, `state 1 2 3`, `ask nodes|info|slots|role|conf 1`, `in-flight`.
    func show(_ command: TranscriptCommand) throws -> [String]? {
        switch command.name {
        case "show":
            let p = try node(command, 0)
            if command.words.count > 1 {
                return try list(command, from: 1).map { "n\(p + 1): \(row(p, try peer(p, $0, command)))" }
            }
            let known = nodes[p].table.peers.indices.filter { nodes[p].table.peers[$0].inUse }
            return known.map { "n\(p + 1): \(row(p, PeerIndex($0)))" }.sorted()
        case "state": return try list(command).map(summary)
        case "in-flight":
            return network.parcels.compactMap { parcel in
                guard case .message(let message) = parcel.content else { return nil }
                return "n\(network.sender(parcel) + 1) to n\(network.receiver(parcel) + 1): \(describe(message))"
            }
        case "ask": return try ask(command)
        default: return nil
        }
    }

    private func ask(_ command: TranscriptCommand) throws -> [String] {
        let p = try node(command, 1)
        let text =
            switch command.words[0] {
            case "nodes": nodes[p].clusterNodesText(wire)
            case "info": nodes[p].clusterInfoText(wire)
            case "slots": nodes[p].clusterSlotsText(wire)
            case "role": nodes[p].roleText(wire, replicas: attachedReplicas(of: p))
            case "conf": lives[p].disk.text(wire, port: nodes[p].conf.port)
            default: throw command.fail("ask what?")
            }
        return text.split(omittingEmptySubsequences: true) { $0 == "\n" || $0 == "\r\n" }.map(String.init)
    }

    private func attachedReplicas(of p: Int) -> [AttachedReplica] {
        nodes.indices.filter { lives[$0].isAttached && nodes[$0].replication.following == lives[p].address }.map {
            let address = wire.addresses[Int(lives[$0].address)]
            return AttachedReplica(
                ip: address.ip, port: address.port, acknowledgedOffset: nodes[$0].replication.offset)
        }
    }
}
