import DiscreteEvent
import Randomness
import RedisCluster
import SystemModel

/// How connections end.
extension ClusterSimulation {
    /// The opener closes its outbound link (half-timeout drop, a new address, an unexpected id).
    func disconnect(_ p: Int, _ peer: PeerIndex, at time: Int64) {
        let id = outboundConnection(p, peer)
        guard id >= 0 else { return }
        outbound[p * peerStride + Int(peer)] = -1
        dropHeld(id)
        connections[id].openerOpen = false
        guard connections[id].state == .established, connections[id].acceptorOpen else {
            connections.release(id)
            return
        }
        sendEnd(id, from: p, to: Int(connections[id].acceptor), at: time, toAcceptor: true)
    }

    /// The acceptor closes: a newer connection of the same peer replaces this one.
    func closeAccepted(_ p: Int, _ id: ConnectionID, at time: Int64) {
        guard connections[id].state == .established, Int(connections[id].acceptor) == p else { return }
        connections[id].acceptorOpen = false
        guard connections[id].openerOpen else {
            connections.release(id)
            return
        }
        sendEnd(id, from: p, to: Int(connections[id].opener), at: time, toAcceptor: false)
    }

    /// FIN (or RST) travels behind the bytes that are under way; one that is lost in a cut comes with a retransmission.
    private func sendEnd(_ id: ConnectionID, from: Int, to: Int, at time: Int64, toAcceptor: Bool) {
        var sent = time
        if !reachability.faults.isEmpty, let end = reachability.cutUntil(from, to, at: time) {
            guard end < ClusterSimulation.never else { return }
            sent = Retransmission.attempt(after: end, since: time, initial: Retransmission.initial)
        }
        let near = processes[from].host == processes[to].host
        let delay = (near ? costs.withinHost : costs.betweenHosts).sample(&dice[from].network)
        let last = toAcceptor ? connections[id].lastToAcceptor : connections[id].lastToOpener
        events.schedule(
            .closed(id, generation: connections[id].generation, atAcceptor: toAcceptor),
            at: max(sent + delay, last, events.now))
    }

    /// Bytes for a socket that is closed. A living process at that address answers with a reset; nobody else does.
    func arriveAtClosedSocket(_ item: InboxItem, _ p: Int) {
        if item.message >= 0 { wire.release(item.message) }
        let connection = connections[item.connection]
        guard item.toAcceptor, connection.openerOpen, processes[p].isAlive,
            processes[p].address == connection.address
        else { return }
        sendEnd(item.connection, from: p, to: Int(connection.opener), at: events.now, toAcceptor: false)
    }

    /// The dying process's bus port closes: connections that only its backlog held are reset.
    func closePort(_ p: Int) {
        processes[p].portOpenUntil = 0
        pods?.processEnded(self, p)
        for slot in 0..<connections.used {
            let connection = connections[ConnectionID(slot)]
            guard connection.state == .established, Int(connection.acceptor) == p, !connection.acceptorOpen,
                connection.openerOpen
            else { continue }
            sendEnd(ConnectionID(slot), from: p, to: Int(connection.opener), at: events.now, toAcceptor: false)
        }
    }

    /// A process reads the end of a stream (handleLinkIOError).
    func endOfStream(_ p: Int, _ item: InboxItem) {
        let connection = connections[item.connection]
        if item.toAcceptor {
            if connection.acceptorPeer != noPeer,
                nodes[p].table.peers[Int(connection.acceptorPeer)].accepted == item.connection
            {
                nodes[p].table.peers[Int(connection.acceptorPeer)].accepted = -1
            }
            connections[item.connection].acceptorOpen = false
            if !connections[item.connection].openerOpen { connections.release(item.connection) }
            return
        }
        let peer = connection.openerPeer
        guard outboundConnection(p, peer) == item.connection else {
            connections.release(item.connection)
            return
        }
        outbound[p * peerStride + Int(peer)] = -1
        dropHeld(item.connection)
        connections.release(item.connection)
        var time = max(events.now, processes[p].busyUntil)
        perform(.linkLost(peer), p, &time)
    }

    func dropHeld(_ id: ConnectionID) {
        while let message = held.popFirst(&connections[id].held) { wire.release(message) }
    }

    /// A process is gone. With `goodbye` its kernel closes every socket; without (power loss) nobody is told.
    func closeAllConnections(of p: Int, goodbye: Bool, at time: Int64) {
        while let item = inboxes.popFirst(&processes[p].inbox) {
            if item.message >= 0 { wire.release(item.message) }
        }
        processes[p].inboxCount = 0
        for slot in 0..<connections.used {
            let id = ConnectionID(slot)
            let connection = connections[id]
            guard connection.state != .free else { continue }
            if Int(connection.opener) == p, connection.openerOpen {
                close(id, openedBy: p, goodbye: goodbye, at: time)
            } else if Int(connection.acceptor) == p, connection.acceptorOpen {
                connections[id].acceptorOpen = false
                if !connection.openerOpen {
                    connections.release(id)
                } else if goodbye {
                    sendEnd(id, from: p, to: Int(connection.opener), at: time, toAcceptor: false)
                }
            }
        }
        for peer in 0..<peerStride { outbound[p * peerStride + peer] = -1 }
    }

    private func close(_ id: ConnectionID, openedBy p: Int, goodbye: Bool, at time: Int64) {
        dropHeld(id)
        connections[id].openerOpen = false
        if connections[id].state == .established, connections[id].acceptorOpen, goodbye {
            sendEnd(id, from: p, to: Int(connections[id].acceptor), at: time, toAcceptor: true)
        } else if connections[id].state != .established || !connections[id].acceptorOpen {
            connections.release(id)
        }
    }
}
