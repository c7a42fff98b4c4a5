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
        var delay = near ? costs.withinHost.sample(&dice[from].network) : costs.betweenHosts.sample(&dice[from].network)
        if !reachability.faults.isEmpty { delay += reachability.extraDelay(from, to, at: time) }
        return delay
    }

    /// Hands bytes to the kernel at `time` (or holds them back, where Nagle's rule does).
    func transmit(_ message: Outgoing, from p: Int, at time: Int64) {
        guard connections[message.connection].generation == message.generation, time < ClusterSimulation.never else {
            wire.release(message.message)
            return
        }
        guard message.toAcceptor else {
            reply(message, from: p, at: time)
            return
        }
        let connection = connections.slots + Int(message.connection)
        if connection.pointee.state == .connecting {
            hold(message)
            return
        }
        if costs.delayedAcknowledgements, connection.pointee.unacknowledgedUntil > time {
            if connection.pointee.heldCount == 0 {
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
        held.append(HeldMessage(connection: message.connection, message: message.message))
        connections[message.connection].heldCount += 1
    }

    /// The opener's bytes, by the receiver's acknowledgement state (tcp_event_data_recv, __tcp_ack_snd_check).
    private func sendToAcceptor(_ id: ConnectionID, _ message: MessageRef, at time: Int64) {
        let from = Int(connections[id].opener)
        let to = Int(connections[id].acceptor)
        guard to >= 0, let arrival = arrivalTime(id, from, to, at: time, toAcceptor: true) else {
            wire.release(message)
            return
        }
        events.schedule(
            .arrive(id, generation: connections[id].generation, message, toAcceptor: true), at: arrival)
        guard costs.delayedAcknowledgements else { return }
        // An acknowledgement that nothing rode on within 40 ms went alone, and ended pingpong mode.
        if connections[id].acknowledgementOwed,
            arrival - connections[id].dataArrival > ClusterSimulation.delayedAcknowledgement
        {
            connections[id].delaysAcks = false
        }
        connections[id].acknowledgementOwed = true
        connections[id].dataArrival = arrival
        let acknowledged = connections[id].delaysAcks ? delayedAcknowledgementTime(dataAt: arrival) : arrival
        connections[id].unacknowledgedUntil = acknowledged + (arrival - time)
    }

    /// The acceptor's bytes: TCP_NODELAY is set there, so nothing is held; they carry the acknowledgement.
    private func reply(_ message: Outgoing, from p: Int, at time: Int64) {
        let id = message.connection
        let to = Int(connections[id].opener)
        guard let arrival = arrivalTime(id, p, to, at: time, toAcceptor: false) else {
            wire.release(message.message)
            return
        }
        events.schedule(
            .arrive(id, generation: message.generation, message.message, toAcceptor: false), at: arrival)
        guard connections[id].acknowledgementOwed else { return }
        connections[id].acknowledgementOwed = false
        if time - connections[id].dataArrival < ClusterSimulation.delayedAcknowledgement {
            connections[id].delaysAcks = true
            connections[id].unacknowledgedUntil = min(connections[id].unacknowledgedUntil, arrival)
        } else {
            connections[id].delaysAcks = false
        }
    }

    /// A PONG reached the opener: what was held may go.
    func replyAcknowledges(_ id: ConnectionID) {
        if connections[id].unacknowledgedUntil <= events.now { releaseHeld(id, at: events.now) }
    }

    func releaseHeld(_ id: ConnectionID, at time: Int64) {
        guard connections[id].heldCount > 0, connections[id].state == .established else { return }
        connections[id].heldCount = 0
        var kept = 0
        var ready: [MessageRef] = []
        for message in held {
            if message.connection == id {
                ready.append(message.message)
            } else {
                held[kept] = message
                kept += 1
            }
        }
        held.removeSubrange(kept...)
        for message in ready { sendToAcceptor(id, message, at: time) }
    }

    /// When bytes sent now arrive: in order, and after a cut by TCP's retransmission. Nil if never.
    private func arrivalTime(_ id: ConnectionID, _ from: Int, _ to: Int, at time: Int64, toAcceptor: Bool) -> Int64? {
        var departure = time
        if !reachability.faults.isEmpty {
            if let end = reachability.cutUntil(from, to, at: time) {
                guard end < ClusterSimulation.never else { return nil }
                let stalled = toAcceptor ? connections[id].stalledToAcceptor : connections[id].stalledToOpener
                let since = stalled == 0 ? time : stalled
                if toAcceptor {
                    connections[id].stalledToAcceptor = since
                } else {
                    connections[id].stalledToOpener = since
                }
                departure = Retransmission.attempt(after: end, since: since, initial: Retransmission.initial)
            } else if toAcceptor {
                connections[id].stalledToAcceptor = 0
            } else {
                connections[id].stalledToOpener = 0
            }
        }
        let earliest = departure + latency(from, to, at: departure)
        if toAcceptor {
            connections[id].lastToAcceptor = max(earliest, connections[id].lastToAcceptor)
            return connections[id].lastToAcceptor
        }
        connections[id].lastToOpener = max(earliest, connections[id].lastToOpener)
        return connections[id].lastToOpener
    }

    // MARK: Connecting

    /// A non-blocking connect. False if connect() itself fails, which a known address never makes it do.
    func connect(_ p: Int, _ peer: PeerIndex, at time: Int64) -> Bool {
        let address = nodes[p].table.peers[Int(peer)].address
        guard address != noAddress else { return false }
        ensurePeerCapacity(Int(peer))
        let id = connections.allocate()
        connections[id].opener = Int16(p)
        connections[id].openerPeer = peer
        connections[id].state = .connecting
        connections[id].openerOpen = true
        connections[id].address = address
        connections[id].openerAddress = processes[p].address
        outbound[p * peerStride + Int(peer)] = id
        guard let answer = connectAnswer(p, address, at: time) else { return true }
        connections[id].acceptor = answer.acceptor
        events.schedule(
            .connectDone(id, generation: connections[id].generation, succeeded: answer.acceptor >= 0),
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
            perform(.beforeSleep, p, &time)
        } while !outgoing.isEmpty
        processes[p].busyUntil = max(processes[p].busyUntil, time)
        if watch.isOn { look(p, at: time) }
        if processes[p].state == .running { ensureTick(p) }
    }

    func ensurePeerCapacity(_ peer: Int) {
        guard peer >= peerStride else { return }
        let wider = peer * 2
        let moved = UnsafeMutablePointer<ConnectionID>.allocate(capacity: count * wider)
        moved.initialize(repeating: -1, count: count * wider)
        for p in 0..<count { (moved + p * wider).update(from: outbound + p * peerStride, count: peerStride) }
        outbound.deallocate()
        outbound = moved
        peerStride = wider
    }
}
