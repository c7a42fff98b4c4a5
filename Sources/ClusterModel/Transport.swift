import DiscreteEvent
import Randomness
import RedisCluster
import SystemModel

/// What TCP does between two event loops: connects, sends, Nagle against delayed acknowledgements, ends of streams,
/// packets that vanish.
extension ClusterSimulation {
    /// Linux's TCP_DELACK_MIN: how long a receiver in pingpong mode hopes for data to ride on.
    static let delayedAcknowledgement: Int64 = 40_000_000
    /// Kernel timers fire on a jiffy (HZ is 250 in Debian's kernels), the first one after their time: a delayed
    /// acknowledgement leaves 40 to 44 ms after the data (measured over loopback: 40.1, median 42.7, p75 43.9 ms).
    static let jiffy: Int64 = 4_000_000

    private func delayedAcknowledgementTime(dataAt arrival: Int64) -> Int64 {
        ((arrival + ClusterSimulation.delayedAcknowledgement) / ClusterSimulation.jiffy + 1) * ClusterSimulation.jiffy
    }

    @inline(__always)
    func outboundConnection(_ p: Int, _ peer: PeerIndex) -> ConnectionID { outbound[p * peerStride + Int(peer)] }

    /// One way between two processes, ns.
    @inline(__always)
    private func latency(_ from: Int, _ to: Int, at time: Int64) -> Int64 {
        let near = processes[from].host == processes[to].host
        var delay = (near ? costs.withinHost : costs.betweenHosts).sample(&dice[from].network)
        if !reachability.faults.isEmpty { delay += reachability.extraDelay(from, to, at: time) }
        return delay
    }

    /// Hands bytes to the kernel at `time` (or holds them back, where Nagle's rule does).
    func transmit(_ message: Outgoing, from p: Int, at time: Int64) {
        let connection = connections.slots + Int(message.connection)
        guard connection.pointee.generation == message.generation, time < ClusterSimulation.never else {
            wire.release(message.message)
            return
        }
        guard message.toAcceptor else {
            reply(message, from: p, connection, at: time)
            return
        }
        if connection.pointee.state == .connecting {
            hold(message)
            return
        }
        if costs.delayedAcknowledgements, connection.pointee.unacknowledgedUntil > time {
            if connection.pointee.held.isEmpty {
                events.schedule(
                    .acknowledged(message.connection, generation: message.generation),
                    at: connection.pointee.unacknowledgedUntil)
            }
            hold(message)
            return
        }
        sendToAcceptor(message.connection, message.message, at: time)
    }

    private func hold(_ message: Outgoing) {
        held.append(message.message, to: &connections[message.connection].held)
    }

    /// The opener's bytes, by the receiver's acknowledgement state (tcp_event_data_recv, __tcp_ack_snd_check).
    private func sendToAcceptor(_ id: ConnectionID, _ message: MessageRef, at time: Int64) {
        let connection = connections.slots + Int(id)
        let from = Int(connection.pointee.opener)
        let to = Int(connection.pointee.acceptor)
        guard to >= 0, let earliest = passage(&connection.pointee.stalledToAcceptor, from, to, at: time) else {
            wire.release(message)
            return
        }
        // Bytes do not overtake each other.
        let arrival = max(earliest, connection.pointee.lastToAcceptor)
        connection.pointee.lastToAcceptor = arrival
        events.schedule(
            .arrive(id, generation: connection.pointee.generation, message, toAcceptor: true), at: arrival)
        guard costs.delayedAcknowledgements else { return }
        // An acknowledgement that nothing rode on within 40 ms went alone, and ended pingpong mode.
        if connection.pointee.acknowledgementOwed,
            arrival - connection.pointee.dataArrival > ClusterSimulation.delayedAcknowledgement
        {
            connection.pointee.delaysAcks = false
        }
        connection.pointee.acknowledgementOwed = true
        connection.pointee.dataArrival = arrival
        let acknowledged = connection.pointee.delaysAcks ? delayedAcknowledgementTime(dataAt: arrival) : arrival
        connection.pointee.unacknowledgedUntil = acknowledged + (arrival - time)
    }

    /// The acceptor's bytes: TCP_NODELAY is set there, so nothing is held; they carry the acknowledgement.
    @inline(__always)
    private func reply(
        _ message: Outgoing, from p: Int, _ connection: UnsafeMutablePointer<Connection>, at time: Int64
    ) {
        let to = Int(connection.pointee.opener)
        guard let earliest = passage(&connection.pointee.stalledToOpener, p, to, at: time) else {
            wire.release(message.message)
            return
        }
        let arrival = max(earliest, connection.pointee.lastToOpener)
        connection.pointee.lastToOpener = arrival
        events.schedule(
            .arrive(message.connection, generation: message.generation, message.message, toAcceptor: false),
            at: arrival)
        guard connection.pointee.acknowledgementOwed else { return }
        connection.pointee.acknowledgementOwed = false
        connection.pointee.delaysAcks =
            time - connection.pointee.dataArrival < ClusterSimulation.delayedAcknowledgement
        if connection.pointee.delaysAcks {
            connection.pointee.unacknowledgedUntil = min(connection.pointee.unacknowledgedUntil, arrival)
        }
    }

    /// A PONG reached the opener: what was held may go.
    func replyAcknowledges(_ id: ConnectionID) {
        if connections[id].unacknowledgedUntil <= events.now { releaseHeld(id, at: events.now) }
    }

    func releaseHeld(_ id: ConnectionID, at time: Int64) {
        guard connections[id].state == .established else { return }
        while let message = held.popFirst(&connections[id].held) { sendToAcceptor(id, message, at: time) }
    }

    /// When bytes sent now would arrive if nothing went before them: after a cut by TCP's retransmission, whose series
    /// began at `stalled` where that is not 0. Nil if never.
    @inline(__always)
    private func passage(_ stalled: inout Int64, _ from: Int, _ to: Int, at time: Int64) -> Int64? {
        if reachability.faults.isEmpty { return time + latency(from, to, at: time) }
        guard let departure = departureTime(&stalled, from, to, at: time) else { return nil }
        return departure + latency(from, to, at: departure)
    }

    @inline(never)
    private func departureTime(_ stalled: inout Int64, _ from: Int, _ to: Int, at time: Int64) -> Int64? {
        guard let end = reachability.cutUntil(from, to, at: time) else {
            stalled = 0
            return time
        }
        guard end < ClusterSimulation.never else { return nil }
        if stalled == 0 { stalled = time }
        return Retransmission.attempt(after: end, since: stalled, initial: Retransmission.initial)
    }

    // MARK: Connecting

    /// A non-blocking connect. False if connect() itself fails, which a known address never makes it do.
    func connect(_ p: Int, _ peer: PeerIndex, at time: Int64) -> Bool {
        let address = nodes[p].table.peers[Int(peer)].address
        guard address != noAddress else { return false }
        if Int(peer) >= peerStride { widenOutbound(for: Int(peer)) }
        processes[p].awaitsConnect = true
        let answer = connectAnswer(p, address, at: time)
        if let answer, answer.acceptor < 0, answer.at < time + ClusterSimulation.cronPeriod {
            expectRefusal(p, of: peer, at: answer.at)
            return true
        }
        let id = connections.allocate()
        let connection = connections.slots + Int(id)
        connection.pointee.opener = Int16(p)
        connection.pointee.openerPeer = peer
        connection.pointee.state = .connecting
        connection.pointee.openerOpen = true
        connection.pointee.address = address
        connection.pointee.openerAddress = processes[p].address
        outbound[p * peerStride + Int(peer)] = id
        guard let answer else { return true }
        connection.pointee.acceptor = answer.acceptor
        events.schedule(
            .connectDone(id, generation: connection.pointee.generation, succeeded: answer.acceptor >= 0),
            at: max(answer.at, events.now))
        return true
    }

    /// Who answers a SYN to an address, and when; nil is silence.
    func connectAnswer(_ p: Int, _ address: Address, at time: Int64) -> (acceptor: Int16, at: Int64)? {
        let q = Int(residents[Int(address)])
        guard q >= 0 else { return silence(p, address, at: time) }
        var sent = time
        if !reachability.faults.isEmpty, let end = reachability.cutUntil(p, q, at: time) {
            guard end < ClusterSimulation.never else { return nil }
            sent = Retransmission.attempt(after: end, since: time, initial: Retransmission.initialSyn)
        }
        let roundTrip = latency(p, q, at: sent) + latency(p, q, at: sent)
        let listens = processes[q].isAlive || processes[q].portOpenUntil > sent
        return (listens ? Int16(q) : -1, sent + roundTrip)
    }

    func connectDone(_ id: ConnectionID, _ generation: UInt32, succeeded: Bool) {
        guard connections[id].generation == generation else { return }
        let p = Int(connections[id].opener)
        guard succeeded else {
            refuse(id)
            return
        }
        let q = Int(connections[id].acceptor)
        processes[p].awaitsConnect = false
        connections[id].state = .established
        connections[id].acceptorOpen = processes[q].isAlive
        arriveConnect(p, id)
    }

    /// The opener's loop handles the writable socket; a busy or frozen one does so when it can.
    private func arriveConnect(_ p: Int, _ id: ConnectionID) {
        guard processes[p].state == .running else { return }
        passQuietTicks(p, until: events.now)
        var time = max(events.now, processes[p].busyUntil)
        guard time < ClusterSimulation.never else { return }
        releaseHeld(id, at: time)
        perform(.connected(connections[id].openerPeer), p, &time)
        finishSideIteration(p, time)
    }

    /// ECONNREFUSED or EHOSTUNREACH through the write event: the link is gone, ping_sent is left as it is.
    private func refuse(_ id: ConnectionID) {
        let p = Int(connections[id].opener)
        let peer = connections[id].openerPeer
        dropHeld(id)
        connections.release(id)
        guard processes[p].isAlive else { return }
        outbound[p * peerStride + Int(peer)] = -1
        passQuietTicks(p, until: events.now)
        var time = max(events.now, processes[p].busyUntil)
        guard time < ClusterSimulation.never else { return }
        perform(.connectFailed(peer), p, &time)
        finishSideIteration(p, time)
    }

    /// Ends an iteration that an event other than a packet or a tick began.
    func finishSideIteration(_ p: Int, _ start: Int64) {
        var time = start
        repeat {
            flush(p, at: time)
            if underLoad || nodes[p].todo.rawValue != 0 { perform(.beforeSleep, p, &time) }
        } while !outgoing.isEmpty
        processes[p].busyUntil = max(processes[p].busyUntil, time)
        if watch.isOn { look(p, at: time) }
        if processes[p].state == .running { ensureTick(p) }
    }

    private func widenOutbound(for peer: Int) {
        let wider = peer * 2
        let moved = UnsafeMutablePointer<ConnectionID>.allocate(capacity: count * wider)
        moved.initialize(repeating: -1, count: count * wider)
        for p in 0..<count { (moved + p * wider).update(from: outbound + p * peerStride, count: peerStride) }
        outbound.deallocate()
        outbound = moved
        peerStride = wider
    }
}
