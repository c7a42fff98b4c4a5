import DiscreteEvent
import Randomness
import RedisCluster
import SystemModel

/// redis-server's event loop: aeProcessEvents, serverCron and beforeSleep on one thread.
///
/// An iteration reads what is ready, runs the timer if it is due, does what clusterBeforeSleep has to, and only then
/// sends: bytes queued in an iteration leave in the next, after any save of nodes.conf. A save blocks everything.
extension ClusterSimulation {
    /// serverCron's period: 1000 / hz ms, restarted when its handler returns (fixed delay, not fixed rate).
    static let cronPeriod: Int64 = 100_000_000

    /// Beyond every horizon: the end of what has no end. Adding durations to it does not overflow.
    static let never = Int64.max / 4

    /// A message or the end of a stream reaches a kernel; the process reads it when its loop comes round.
    @inline(__always)
    func arrive(_ item: InboxItem) {
        let connection = connections.slots + Int(item.connection)
        guard connection.pointee.generation == item.generation else {
            if item.message >= 0 { wire.release(item.message) }
            return
        }
        let p = Int(item.toAcceptor ? connection.pointee.acceptor : connection.pointee.opener)
        guard item.toAcceptor ? connection.pointee.acceptorOpen : connection.pointee.openerOpen else {
            arriveAtClosedSocket(item, p)
            return
        }
        if !connection.pointee.held.isEmpty, item.message >= 0, !item.toAcceptor { replyAcknowledges(item.connection) }
        let time = events.now
        let process = processes + p
        passQuietTicks(p, until: time)
        guard process.pointee.state == .running, process.pointee.busyUntil <= time, process.pointee.inboxCount == 0
        else {
            inboxes.append(item, to: &process.pointee.inbox)
            process.pointee.inboxCount += 1
            scheduleWake(p)
            return
        }
        eventLoopReads(p, item, at: time)
    }

    /// An iteration that begins with the one packet that is there.
    @inline(__always)
    private func eventLoopReads(_ p: Int, _ item: InboxItem, at start: Int64) {
        var time = start
        read(p, item, &time)
        finishIteration(p, time)
    }

    /// A busy process looks at its sockets again as soon as it is free.
    func scheduleWake(_ p: Int) {
        let process = processes + p
        guard process.pointee.state == .running, !process.pointee.wakePending,
            process.pointee.busyUntil < ClusterSimulation.never
        else { return }
        process.pointee.wakePending = true
        events.schedule(
            .wake(Int16(p), generation: processes[p].generation), at: max(processes[p].busyUntil, events.now))
    }

    func wake(_ p: Int) {
        processes[p].wakePending = false
        // A tick may have read everything at this very instant.
        guard processes[p].state == .running, processes[p].inboxCount > 0 else { return }
        if processes[p].busyUntil > events.now {
            scheduleWake(p)
            return
        }
        iterate(p, at: events.now)
    }

    /// One round of the loop, and further ones as long as they have something to write.
    func iterate(_ p: Int, at start: Int64) {
        passRefusals(p, until: events.now)
        var time = start
        if processes[p].inboxCount > 0 { readInbox(p, &time) }
        finishIteration(p, time)
    }

    /// A round in which the sockets are not looked at: a signal that stops and continues a process ends its epoll_wait
    /// with EINTR, which ae.c takes for nothing being ready, and goes on to the timers (aeApiPoll, signal(7)).
    func iterateInterrupted(_ p: Int, at start: Int64) { finishIteration(p, start) }

    /// What follows when everything that was ready has been read.
    private func finishIteration(_ p: Int, _ start: Int64) {
        let process = processes + p
        var time = start
        guard process.pointee.state == .running else { return }
        let ticks = time >= process.pointee.timerDue
        if ticks { serverCron(p, &time) }
        guard process.pointee.state == .running else { return }
        // epoll's timeout is computed before beforeSleep runs: a save in there postpones the tick by its length.
        var reckoned: Int64
        while true {
            reckoned = time
            // The stored word is read in place: a computed property would copy the node.
            if nodes[p].todo.rawValue != 0 { perform(.beforeSleep, p, &time) }
            if storage.appends { flushAppendOnly(p, &time) }
            if outgoing.isEmpty { break }
            flush(p, at: time)
        }
        process.pointee.busyUntil = time
        if watch.isOn { look(p, at: time) }
        let due = process.pointee.timerDue
        let planned = process.pointee.tickAt
        process.pointee.tickAt =
            due <= reckoned ? time : roundedUp(due - reckoned) + time + process.pointee.wakeUp
        if process.pointee.inboxCount > 0 { scheduleWake(p) }
        if ticks || process.pointee.tickAt < planned || !isTickForeseen(p) { ensureTick(p) }
    }

    /// epoll_wait takes whole milliseconds, rounded up.
    @inline(__always)
    func roundedUp(_ duration: Int64) -> Int64 { (duration + 999_999) / 1_000_000 * 1_000_000 }

    private func readInbox(_ p: Int, _ time: inout Int64) {
        // Saves inside may let more arrive; those are read in the next round.
        let ready = processes[p].inboxCount
        for _ in 0..<ready {
            guard let item = inboxes.popFirst(&processes[p].inbox) else { break }
            if connections[item.connection].generation == item.generation {
                read(p, item, &time)
            } else if item.message >= 0 {
                wire.release(item.message)
            }
        }
        processes[p].inboxCount -= ready
    }

    @inline(__always)
    private func read(_ p: Int, _ item: InboxItem, _ time: inout Int64) {
        guard item.message >= 0 else {
            endOfStream(p, item)
            return
        }
        time += costs.packet.sample(&dice[p].loop)
        let connection = connections.slots + Int(item.connection)
        let link: LinkRef
        let from: Address
        let local: Address
        if item.toAcceptor {
            link = .accepted(item.connection, connection.pointee.acceptorPeer)
            from = connection.pointee.openerAddress
            local = connection.pointee.address
        } else {
            link = .outbound(connection.pointee.openerPeer)
            from = connection.pointee.address
            local = connection.pointee.openerAddress
        }
        if underLoad { nodes[p].replication.offset = offset(of: p, at: time) }
        nodes[p].receive(
            item.message, link, from: from, local: local, at: wall(time), dice: &nodeDice[p], wire: &wire,
            effects: &effects)
        if !effects.isEmpty {
            // Most packets are pings, which have one effect.
            if effects.count == 1, case .reply(let message, let connection) = effects[0] {
                effects.removeAll()
                queue(message, p, connection, toAcceptor: false)
            } else {
                interpret(p, &time)
            }
        }
        wire.release(item.message)
    }

    /// serverCron, in its order: shutdown, postponed AOF, replication once a second, the cluster ten times.
    @inline(__always)
    private func serverCron(_ p: Int, _ time: inout Int64) {
        if processes[p].shutdownRequested, shutdownStep(p, &time) { return }
        if storage.appends, processes[p].postponedSince != 0 { flushAppendOnly(p, &time) }
        if processes[p].untilReplicationCron == 0 {
            processes[p].untilReplicationCron = 10
            replicationCron(p, at: time)
            processes[p].secondsRun += 1
        }
        processes[p].untilReplicationCron -= 1
        // Whether a tick is quiet is decided at its begin, here as in makeUpTicks.
        let isQuiet = nodes[p].passQuietTick(at: wall(time))
        time += costs.tick.sample(&dice[p].loop)
        if !isQuiet { clusterCron(p, &time) }
        processes[p].timerDue = time + ClusterSimulation.cronPeriod
        processes[p].wakeUp = costs.wakeUp.sample(&dice[p].loop)
    }

    @inline(__always)
    private func clusterCron(_ p: Int, _ time: inout Int64) {
        if underLoad { nodes[p].replication.offset = offset(of: p, at: time) }
        nodes[p].cron(wall(time), &nodeDice[p], &wire, &effects)
        if !effects.isEmpty { interpret(p, &time) }
    }

    /// Lets the node handle one input, and does what it asks in its order. `time` advances by what blocks.
    func perform(_ input: Input, _ p: Int, _ time: inout Int64) {
        if underLoad { nodes[p].replication.offset = offset(of: p, at: time) }
        nodes[p].handle(input, at: wall(time), dice: &nodeDice[p], wire: &wire, effects: &effects)
        if effects.isEmpty { return }
        interpret(p, &time)
    }

    private func interpret(_ p: Int, _ time: inout Int64) {
        var position = 0
        while position < effects.count {
            let effect = effects[position]
            position += 1
            switch effect {
            case .send(let message, let peer): queue(message, p, outboundConnection(p, peer), toAcceptor: true)
            case .reply(let message, let connection): queue(message, p, connection, toAcceptor: false)
            case .connect(let peer):
                if !connect(p, peer, at: time) {
                    nodes[p].handle(
                        .connectFailedSynchronously(peer), at: wall(time), dice: &nodeDice[p], wire: &wire,
                        effects: &effects)
                }
            case .disconnect(let peer): disconnect(p, peer, at: time)
            case .identify(let connection, let peer): connections[connection].acceptorPeer = peer
            case .closeAccepted(let connection): closeAccepted(p, connection, at: time)
            case .save(let fsync): time = save(p, fsync: fsync, at: time)
            case .follow(let node, let address): follow(p, node, address, at: time)
            case .forgetOffset: forgetOffset(p, at: time)
            case .stopFollowing: stopFollowing(p, at: time)
            case .pauseWrites(let until):
                pauseWrites(p, until: until * 1_000_000 - wallOffset, at: time)
            case .resumeWrites:
                processes[p].writesPausedUntil = 0
                servingChanged(at: time)
            case .observed(let observation): observe(observation, by: p, at: time)
            }
        }
        effects.removeAll()
    }

    @inline(__always)
    private func queue(_ message: MessageRef, _ p: Int, _ connection: ConnectionID, toAcceptor: Bool) {
        guard connection >= 0 else {
            wire.release(message)
            return
        }
        outgoing.append(
            Outgoing(
                connection: connection, generation: connections[connection].generation, message: message,
                toAcceptor: toAcceptor))
    }

    @inline(__always)
    func flush(_ p: Int, at time: Int64) {
        if time - events.now > ClusterSimulation.longWait {
            deferSends(p, until: time)
        } else {
            for position in outgoing.indices { transmit(outgoing[position], from: p, at: time) }
        }
        outgoing.removeAll()
    }
}
