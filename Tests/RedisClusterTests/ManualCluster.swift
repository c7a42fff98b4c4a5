import Randomness
import RedisCluster

/// Several nodes on a network without delays that a test moves by hand: no event list, no process, no disk. What the
/// world's model does with queues and times, this does at once, so that each rule of the protocol can be looked at.
final class ManualCluster {
    /// Every node's clock, ms.
    var now: Milliseconds = ManualCluster.start
    static let start: Milliseconds = 100_000_000

    var wire: Wire
    /// Nodes cannot be copied, so they do not fit into an array.
    let nodes: UnsafeMutableBufferPointer<ClusterNode>
    var dice: [NodeDice] = []
    var lives: [Life] = []
    var network = ManualNetwork()
    /// Packets wait for `deliver` instead of arriving at once.
    var deliversByHand = false
    /// Replicas keep the link state and the offset that the test gave them.
    var replicatesByHand = false
    /// Each tick does its full work, as if nothing had been remembered about quiet ones.
    var forgetsQuietTicks = false
    /// What happened since the log was last taken.
    var log: [String] = []
    var tracesMessages = false
    /// Lines are dropped instead of logged.
    var isMuted = false
    /// Called around each iteration of a node's loop, and with every effect before it is carried out.
    var beforeStep: ((Int) -> Void)?
    var afterStep: ((Int) -> Void)?
    var onEffect: ((Int, Effect) -> Void)?

    /// One server process and its volume.
    struct Life {
        var state = State.running
        var address: Address
        /// nodes.conf as last written.
        var disk = SavedConfig()
        /// The link to the master is established.
        var isAttached = false
        /// What connects to this node's address meet.
        var connects = ConnectOutcome.normal

        enum State { case running, frozen, dead }
    }

    init(layout: SlotLayout, seed: UInt64, count: Int, conf: RedisConf, rules: EngineRules = .redis70) {
        wire = Wire(layout: layout, nodes: count)
        nodes = .allocate(capacity: count)
        for p in 0..<count {
            let stream = { (purpose: StreamPurpose) in
                RandomStream(seed: seed, replication: 0, purpose: purpose, entity: UInt64(p))
            }
            dice.append(
                NodeDice(gossip: stream(.gossip), election: stream(.election), table: stream(.nodeTable)))
            nodes.initializeElement(at: p, to: ClusterNode(conf: conf, rules: rules))
            nodes[p].startFresh(id: wire.mint(ManualCluster.name(p)), &dice[p], &wire)
            lives.append(Life(address: wire.mint(ip: "10.0.0.\(p + 1)", port: 6379)))
        }
    }

    deinit {
        nodes.deinitialize()
        nodes.deallocate()
    }

    /// Node 1 is 111...1, node 10 aaa...a; beyond fifteen the digits differ.
    static func name(_ p: Int) -> NodeName {
        if p < 15, let name = NodeName(String(repeating: String(p + 1, radix: 16), count: 40)) { return name }
        return NodeName(high: UInt64(p + 1), middle: UInt64(p + 1), low: UInt32(p + 1))
    }

    /// A cluster that has been up for long: masters first, in epochs 1, 2, 3 ...; replicas attached in turn.
    static func running(
        masters: Int, replicas: Int, seed: UInt64, conf: RedisConf, rules: EngineRules = .redis70
    ) -> ManualCluster {
        let count = masters * (1 + replicas)
        let layout = SlotLayout.evenly(masters: masters)
        let cluster = ManualCluster(layout: layout, seed: seed, count: count, conf: conf, rules: rules)
        for p in 0..<count { cluster.fillTable(p, masters) }
        for p in 0..<count {
            for q in 0..<count where q != p { cluster.join(p, q) }
        }
        for p in 0..<count { cluster.nodes[p].save(into: &cluster.lives[p].disk) }
        return cluster
    }

    private func fillTable(_ p: Int, _ masters: Int) {
        for q in nodes.indices where q != p {
            var peer = Peer(id: nodes[q].id, flags: q < masters ? .master : .replica)
            peer.address = lives[q].address
            peer.pongReceived = now
            peer.dataReceived = now
            peer.replicationOffset = 1000
            peer.configEpoch = UInt64((q < masters ? q : (q - masters) % masters) + 1)
            nodes[p].table.add(peer, &dice[p].table)
        }
        nodes[p].table.peers[0].address = lives[p].address
        nodes[p].table.peers[0].configEpoch = p < masters ? UInt64(p + 1) : 0
        nodes[p].currentEpoch = UInt64(nodes.count)
        for q in nodes.indices {
            let index = nodes[p].table.index(of: nodes[q].id)
            guard q >= masters else {
                nodes[p].setOwner(of: q, to: index, &wire)
                continue
            }
            nodes[p].table.peers[Int(index)].flags.remove(.master)
            nodes[p].table.peers[Int(index)].flags.insert(.replica)
            nodes[p].setMaster(of: index, to: nodes[p].table.index(of: nodes[(q - masters) % masters].id))
        }
        nodes[p].stateIsOk = true
        nodes[p].size = masters
        nodes[p].firstStateCall = now - 3_600_000
        nodes[p].replication.offset = 1000
        if p >= masters {
            nodes[p].replication.following = lives[(p - masters) % masters].address
            nodes[p].replication.linkUp = true
            nodes[p].replication.lastInteraction = now / 1000
            lives[p].isAttached = true
        }
    }

    private func join(_ p: Int, _ q: Int) {
        let toQ = nodes[p].table.index(of: nodes[q].id)
        let toP = nodes[q].table.index(of: nodes[p].id)
        var link = ManualNetwork.Link(opener: p, openerPeer: toQ, address: lives[q].address)
        link.acceptor = q
        link.acceptorPeer = toP
        link.isEstablished = true
        link.openerAddress = lives[p].address
        let id = network.add(link)
        nodes[p].table.peers[Int(toQ)].link = .connected
        nodes[p].table.peers[Int(toQ)].linkCreated = now - 3_600_000
        nodes[q].table.peers[Int(toP)].accepted = id
    }

    // MARK: Time

    /// One tick of each running node (or of some), 100 ms after the last.
    func tick(_ only: [Int]? = nil) {
        now += 100
        for p in only ?? Array(nodes.indices) where lives[p].state == .running {
            if forgetsQuietTicks { nodes[p].wakeCron() }
            step(p, .cron)
            if !deliversByHand { deliver() }
        }
        if !replicatesByHand { replicate() }
    }

    /// One iteration of a node's event loop.
    func step(_ p: Int, _ input: Input) {
        guard lives[p].state == .running else { return }
        beforeStep?(p)
        var sent = network.parcelsSent
        handle(p, input)
        // What was queued is written in the next iteration, which sleeps again.
        for _ in 0..<8 {
            handle(p, .beforeSleep)
            if network.parcelsSent == sent { break }
            sent = network.parcelsSent
        }
        afterStep?(p)
    }

    private func handle(_ p: Int, _ input: Input) {
        var effects = Effects()
        nodes[p].handle(input, at: now, dice: &dice[p], wire: &wire, effects: &effects)
        for position in effects.indices { perform(effects[position], p) }
    }

    private func perform(_ effect: Effect, _ p: Int) {
        onEffect?(p, effect)
        switch effect {
        case .send(let message, let peer): send(message, p, network.outbound(p, peer), toAcceptor: true)
        case .reply(let message, let link): send(message, p, link, toAcceptor: false)
        case .connect(let peer): connect(p, peer)
        case .disconnect(let peer): disconnect(p, peer)
        case .identify(let link, let peer): network.links[Int(link)].acceptorPeer = peer
        case .closeAccepted(let link): closeAccepted(link)
        case .save(let fsync):
            nodes[p].save(into: &lives[p].disk)
            note(p, fsync ? "saves and fsyncs" : "saves")
        case .follow(let source, _):
            note(p, "follows \(label(source))")
            detach(p)
        case .forgetOffset:
            note(p, "forgets its offset")
            nodes[p].replication.offset = 0
        case .stopFollowing:
            note(p, "stops following")
            lives[p].isAttached = false
        case .pauseWrites(let until): note(p, "pauses writes for \(until - now) ms")
        case .resumeWrites: note(p, "resumes writes")
        case .observed(let observation): note(p, describe(observation))
        }
    }

    /// connectFailedSynchronously is answered at once, inside the effects of the tick that asked.
    func answerSynchronously(_ p: Int, _ peer: PeerIndex) { handle(p, .connectFailedSynchronously(peer)) }

    // MARK: Lives

    /// `goodbye`: the kernel closes the sockets; otherwise the host vanished.
    func kill(_ p: Int, goodbye: Bool = true) {
        guard lives[p].state != .dead else { return }
        lives[p].state = .dead
        lives[p].connects = goodbye ? .refused : .silent
        lives[p].isAttached = false
        closeAll(p, goodbye: goodbye)
        if goodbye { for r in nodes.indices where isFollowing(r, p) { detach(r) } }
        if !deliversByHand { deliver() }
    }

    /// A new process on the volume of the old one, or on an empty one.
    func restart(_ p: Int, newAddress: Bool = false, lostConfig: Bool = false) {
        guard lives[p].state == .dead else { return }
        if newAddress { lives[p].address = wire.mint(ip: "10.0.1.\(p + 1)", port: 6379) }
        lives[p].state = .running
        lives[p].connects = .normal
        if lostConfig {
            let name = NodeName(high: UInt64.max - UInt64(p), middle: UInt64(wire.names.count), low: 0)
            nodes[p].startFresh(id: wire.mint(name), &dice[p], &wire)
            nodes[p].save(into: &lives[p].disk)
        } else {
            nodes[p].start(from: lives[p].disk, at: now, &dice[p], &wire)
        }
    }

    func freeze(_ p: Int) { if lives[p].state == .running { lives[p].state = .frozen } }

    /// What the kernel buffered is read first.
    func thaw(_ p: Int) {
        guard lives[p].state == .frozen else { return }
        lives[p].state = .running
        if !deliversByHand { deliver() }
    }

    // MARK: Replication

    /// The process at an address, if any.
    func resident(_ address: Address) -> Int? {
        address == noAddress ? nil : lives.indices.first { lives[$0].address == address }
    }

    private func isFollowing(_ r: Int, _ p: Int) -> Bool {
        lives[r].isAttached && nodes[r].replication.following == lives[p].address
    }

    private func detach(_ p: Int) {
        if lives[p].isAttached { nodes[p].replication.downSince = now / 1000 }
        lives[p].isAttached = false
        nodes[p].replication.linkUp = false
    }

    /// Links stand as soon as both ends do; offsets follow at once.
    private func replicate() {
        for p in nodes.indices where lives[p].state == .running {
            guard let q = resident(nodes[p].replication.following), lives[q].state == .running, !network.isCut(p, q),
                nodes[q].isMaster || nodes[q].replication.linkUp
            else { continue }
            if !lives[p].isAttached {
                nodes[p].replication.downSince = 0
                nodes[p].replication.linkUp = true
                lives[p].isAttached = true
            }
            nodes[p].replication.lastInteraction = now / 1000
            nodes[p].replication.offset = nodes[q].replication.offset
        }
    }
}
