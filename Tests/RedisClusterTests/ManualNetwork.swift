import RedisCluster

/// What a connect meets.
enum ConnectOutcome: String { case normal, refused, silent, unreachable }

/// The sockets between the nodes of a `ManualCluster`, and what is in them. As with TCP, what cannot arrive now waits:
/// for a cut to heal, a frozen process to go on, or a vanished host to come back and answer with a reset.
struct ManualNetwork {
    var links: [Link] = []
    /// In the order sent.
    var parcels: [Parcel] = []
    private(set) var parcelsSent = 0
    /// The last link each node opened to each of its peers; looked up, never walked.
    private var newest: [Int: ConnectionID] = [:]
    /// Pairs between which nothing arrives.
    private var cuts: Set<Int> = []
    /// Messages that are lost for good, until taken back; no network does that, but it isolates a rule.
    var losses: [Filter] = []

    /// One TCP connection, opened by one node's cron. Never reused.
    struct Link {
        var opener: Int
        var openerPeer: PeerIndex
        var acceptor = -1
        var acceptorPeer = noPeer
        var isEstablished = false
        var openerOpen = true
        var acceptorOpen = true
        var address: Address
        var openerAddress: Address = noAddress

        init(opener: Int, openerPeer: PeerIndex, address: Address) {
            self.opener = opener
            self.openerPeer = openerPeer
            self.address = address
        }
    }

    struct Parcel {
        var link: ConnectionID
        var toAcceptor: Bool
        var content: Content
        enum Content { case message(MessageRef), attempt, end }
    }

    /// Some messages: by type, by sender, by receiver.
    struct Filter: Equatable {
        var type: MessageType?
        var from: Int?
        var to: Int?

        func matches(_ type: MessageType, _ from: Int, _ to: Int) -> Bool {
            (self.type ?? type) == type && (self.from ?? from) == from && (self.to ?? to) == to
        }
    }

    mutating func add(_ link: Link) -> ConnectionID {
        links.append(link)
        newest[key(link.opener, link.openerPeer)] = ConnectionID(links.count - 1)
        return ConnectionID(links.count - 1)
    }

    mutating func post(_ parcel: Parcel) {
        parcels.append(parcel)
        parcelsSent += 1
    }

    func outbound(_ p: Int, _ peer: PeerIndex) -> ConnectionID? {
        guard let id = newest[key(p, peer)], links[Int(id)].openerOpen else { return nil }
        return id
    }

    private func key(_ p: Int, _ peer: PeerIndex) -> Int { p << 16 | Int(UInt16(bitPattern: peer)) }

    func isCut(_ p: Int, _ q: Int) -> Bool { !cuts.isEmpty && cuts.contains(min(p, q) << 16 | max(p, q)) }

    mutating func cut(_ p: Int, _ q: Int) { if p != q { cuts.insert(min(p, q) << 16 | max(p, q)) } }

    mutating func heal() { cuts.removeAll() }

    func receiver(_ parcel: Parcel) -> Int {
        let link = links[Int(parcel.link)]
        return parcel.toAcceptor ? link.acceptor : link.opener
    }

    func sender(_ parcel: Parcel) -> Int {
        let link = links[Int(parcel.link)]
        return parcel.toAcceptor ? link.opener : link.acceptor
    }
}

extension ManualCluster {
    func send(_ message: MessageRef, _ p: Int, _ id: ConnectionID?, toAcceptor: Bool) {
        guard let id else {
            wire.release(message)
            return
        }
        let parcel = ManualNetwork.Parcel(link: id, toAcceptor: toAcceptor, content: .message(message))
        if tracesMessages { note(p, "sends \(describe(message)) to \(receiverLabel(parcel))") }
        network.post(parcel)
    }

    private func receiverLabel(_ parcel: ManualNetwork.Parcel) -> String {
        let q = network.receiver(parcel)
        return q < 0 ? "nobody" : "n\(q + 1)"
    }

    func connect(_ p: Int, _ peer: PeerIndex) {
        let address = nodes[p].table.peers[Int(peer)].address
        var link = ManualNetwork.Link(opener: p, openerPeer: peer, address: address)
        link.openerAddress = lives[p].address
        link.acceptor = resident(address) ?? -1
        if address == noAddress || outcome(link) == .unreachable {
            answerSynchronously(p, peer)
            return
        }
        network.post(.init(link: network.add(link), toAcceptor: false, content: .attempt))
    }

    /// What a connect meets now.
    private func outcome(_ link: ManualNetwork.Link) -> ConnectOutcome {
        link.acceptor < 0 || lives[link.acceptor].address != link.address ? .refused : lives[link.acceptor].connects
    }

    func disconnect(_ p: Int, _ peer: PeerIndex) {
        guard let id = network.outbound(p, peer) else { return }
        network.links[Int(id)].openerOpen = false
        if network.links[Int(id)].isEstablished { network.post(.init(link: id, toAcceptor: true, content: .end)) }
    }

    func closeAccepted(_ id: ConnectionID) {
        guard network.links[Int(id)].acceptorOpen else { return }
        network.links[Int(id)].acceptorOpen = false
        network.post(.init(link: id, toAcceptor: false, content: .end))
    }

    /// A process is gone, with or without its kernel to say so.
    func closeAll(_ p: Int, goodbye: Bool) {
        for id in network.links.indices {
            if network.links[id].opener == p, network.links[id].openerOpen {
                network.links[id].openerOpen = false
                if goodbye { network.post(.init(link: ConnectionID(id), toAcceptor: true, content: .end)) }
            }
            if network.links[id].acceptor == p, network.links[id].isEstablished, network.links[id].acceptorOpen {
                network.links[id].acceptorOpen = false
                if goodbye { network.post(.init(link: ConnectionID(id), toAcceptor: false, content: .end)) }
            }
        }
    }

    // MARK: Delivery

    /// Everything that can arrive does (or what the filter picks), and what it causes, and so on.
    func deliver(_ filter: ManualNetwork.Filter = .init()) {
        var position = 0
        var budget = 200_000
        while position < network.parcels.count, budget > 0 {
            budget -= 1
            let parcel = network.parcels[position]
            if isHeld(parcel) || !isPicked(parcel, filter) {
                position += 1
                continue
            }
            network.parcels.remove(at: position)
            arrive(parcel)
        }
    }

    /// Throws away what the filter picks; the number of messages lost.
    func drop(_ filter: ManualNetwork.Filter) -> Int {
        var lost = 0
        network.parcels.removeAll { parcel in
            guard case .message(let message) = parcel.content, isPicked(parcel, filter) else { return false }
            wire.release(message)
            lost += 1
            return true
        }
        return lost
    }

    private func isPicked(_ parcel: ManualNetwork.Parcel, _ filter: ManualNetwork.Filter) -> Bool {
        guard case .message(let message) = parcel.content else { return true }
        return filter.matches(wire[message].type, network.sender(parcel), network.receiver(parcel))
    }

    private func isHeld(_ parcel: ManualNetwork.Parcel) -> Bool {
        let link = network.links[Int(parcel.link)]
        if network.isCut(link.opener, link.acceptor) { return true }
        let receiver = network.receiver(parcel)
        if receiver >= 0, lives[receiver].state == .frozen { return true }
        // Towards a host that is off the net.
        return link.acceptor >= 0 && outcome(link) == .silent && (parcel.toAcceptor || !link.isEstablished)
    }

    private func arrive(_ parcel: ManualNetwork.Parcel) {
        let link = network.links[Int(parcel.link)]
        switch parcel.content {
        case .message(let message):
            if isDeliverable(parcel, link, message) {
                read(message, parcel, link)
            } else if parcel.toAcceptor, link.isEstablished, !link.acceptorOpen {
                // The other end knows nothing of this connection: a reset.
                network.post(.init(link: parcel.link, toAcceptor: false, content: .end))
            }
            wire.release(message)
        case .attempt:
            guard link.openerOpen else { return }
            if outcome(link) == .normal {
                network.links[Int(parcel.link)].isEstablished = true
                step(link.opener, .connected(link.openerPeer))
            } else {
                network.links[Int(parcel.link)].openerOpen = false
                step(link.opener, .connectFailed(link.openerPeer))
            }
        case .end: end(parcel, link)
        }
    }

    private func isDeliverable(
        _ parcel: ManualNetwork.Parcel, _ link: ManualNetwork.Link, _ message: MessageRef
    ) -> Bool {
        let from = network.sender(parcel)
        let to = network.receiver(parcel)
        guard link.isEstablished, parcel.toAcceptor ? link.acceptorOpen : link.openerOpen else { return false }
        let type = wire[message].type
        return lives[to].state == .running && !network.losses.contains { $0.matches(type, from, to) }
    }

    private func read(_ message: MessageRef, _ parcel: ManualNetwork.Parcel, _ link: ManualNetwork.Link) {
        if parcel.toAcceptor {
            let source = LinkRef.accepted(parcel.link, link.acceptorPeer)
            step(link.acceptor, .received(message, source, from: link.openerAddress, local: link.address))
        } else {
            let source = LinkRef.outbound(link.openerPeer)
            step(link.opener, .received(message, source, from: link.address, local: link.openerAddress))
        }
    }

    private func end(_ parcel: ManualNetwork.Parcel, _ link: ManualNetwork.Link) {
        if parcel.toAcceptor {
            guard link.acceptor >= 0, link.acceptorOpen else { return }
            network.links[Int(parcel.link)].acceptorOpen = false
            let peer = link.acceptorPeer
            if peer != noPeer, nodes[link.acceptor].table.peers[Int(peer)].accepted == parcel.link {
                nodes[link.acceptor].table.peers[Int(peer)].accepted = -1
            }
        } else if link.openerOpen {
            network.links[Int(parcel.link)].openerOpen = false
            step(link.opener, .linkLost(link.openerPeer))
        }
    }
}
