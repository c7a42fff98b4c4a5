import ClusterModel
import Randomness
import RedisCluster

/// One client of a cluster: for each part of the slots an application that writes a key, one command after another,
/// over connections and a topology that they share.
///
/// It looks at the simulated world and changes nothing in it. Times are ns after the fault.
struct ClientWalk {
    /// From a command's end to the next one's start.
    static let cadence: Int64 = 100_000_000
    /// How often somebody who waits for an answer looks whether it has come.
    static let glance: Int64 = 10_000_000

    let behaviour: ClientBehaviour
    let access: ClientAccess
    private var lanes: [Lane]
    /// The owner of each part as the client believes.
    private var topology: [Address]
    /// Servers that it knows, to ask for the topology.
    private var seeds: [Address] = []
    private var connections: [Connection] = []
    private var nextRefresh: Int64
    private var lastTriggered = Int64.min / 4
    /// A refresh that was asked for, and when it has its answer.
    private var refreshAt: Int64?
    private var dice: RandomStream

    /// A connection that was opened, and that has not been seen to end.
    private struct Connection {
        let address: Address
        let process: Int
        let life: UInt32
        var failures = 0
    }

    private struct Lane {
        var state = State.idle
        /// When something happens next.
        var at: Int64
        var attempt = 0
        /// Of the present command.
        var deadline: Int64 = 0
        var target: Address = noAddress
        var redirected = false
        /// Connects that failed in a row.
        var failures = 0
        /// When a command last failed, or was late; -1 before.
        var lastTrouble: Int64 = -1
        /// When a command first succeeded after that.
        var wellSince: Int64 = -1
        var startedAt: Int64 = 0
    }

    private enum State { case idle, connecting, waiting, pausing }

    init(_ behaviour: ClientBehaviour, _ access: ClientAccess, parts: Int, start: Int64, dice: RandomStream) {
        self.behaviour = behaviour
        self.access = access
        self.dice = dice
        let cadence = Double(ClientWalk.cadence)
        lanes = (0..<parts).map { part in
            Lane(at: start + Int64(cadence * (Double(part) + 0.5) / Double(max(parts, 1))))
        }
        topology = Array(repeating: noAddress, count: parts)
        var phase = dice
        let period = behaviour.refreshPeriod ?? 0
        nextRefresh = behaviour.refreshPeriod == nil ? .max : start + Int64(phase.uniform() * Double(period))
    }

    /// Ends of the last trouble, over all parts: 0 where there was none, nil where some part is not well yet.
    var backAt: Int64? {
        var last: Int64 = 0
        for lane in lanes where lane.lastTrouble >= 0 {
            guard lane.wellSince >= lane.lastTrouble else { return nil }
            last = max(last, lane.wellSince)
        }
        return last
    }

    /// Does all that is due, and says when something is due again.
    mutating func proceed(at time: Int64, _ world: ClusterSimulation) -> Int64 {
        if seeds.isEmpty { begin(world, at: time) }
        if let due = refreshAt, due <= time { refresh(world, at: time) }
        if nextRefresh <= time {
            nextRefresh = time + (behaviour.refreshPeriod ?? 0)
            if refreshAt == nil { refresh(world, at: time) }
        }
        for part in lanes.indices where lanes[part].at <= time { step(part, world, at: time) }
        var next = min(nextRefresh, refreshAt ?? .max)
        for lane in lanes { next = min(next, lane.at) }
        return max(next, time + 1)
    }

    /// A client that has long been connected.
    private mutating func begin(_ world: ClusterSimulation, at time: Int64) {
        seeds = (0..<world.processCount).map { world.address(of: $0) }.filter { $0 != noAddress }
        for part in topology.indices {
            let server = world.server(ofPart: part)
            if server >= 0 { topology[part] = world.address(of: server) }
        }
        for p in 0..<world.processCount where world.address(of: p) != noAddress {
            connections.append(Connection(address: world.address(of: p), process: p, life: world.life(of: p)))
        }
    }

    // MARK: One part's commands

    private mutating func step(_ part: Int, _ world: ClusterSimulation, at time: Int64) {
        switch lanes[part].state {
        case .idle:
            lanes[part].attempt = 1
            lanes[part].startedAt = time
            lanes[part].redirected = false
            attempt(part, world, at: time)
        case .pausing, .connecting:
            attempt(part, world, at: time)
        case .waiting:
            hear(part, world, at: time)
        }
    }

    private mutating func attempt(_ part: Int, _ world: ClusterSimulation, at time: Int64) {
        if !lanes[part].redirected { lanes[part].target = topology[part] }
        let target = lanes[part].target
        if let standing = connection(to: target, world, at: time) {
            lanes[part].state = .waiting
            lanes[part].deadline = time + behaviour.commandTimeout
            hear(part, on: standing, world, at: time)
            return
        }
        connect(part, target, world, at: time)
    }

    /// The connection to an address, if it stands as far as the client knows.
    private mutating func connection(to address: Address, _ world: ClusterSimulation, at time: Int64) -> Connection? {
        guard let index = connections.firstIndex(where: { $0.address == address }) else { return nil }
        let connection = connections[index]
        if world.isConnected(to: connection.process, life: connection.life, at: time) { return connection }
        connections.remove(at: index)
        return nil
    }

    private mutating func connect(_ part: Int, _ target: Address, _ world: ClusterSimulation, at time: Int64) {
        let limit = time + behaviour.connectTimeout
        switch world.connect(to: target, at: time) {
        case .accepted(let process):
            connections.append(Connection(address: target, process: process, life: world.life(of: process)))
            lanes[part].failures = 0
            lanes[part].state = .waiting
            lanes[part].deadline = time + behaviour.commandTimeout
            lanes[part].at = time + 1_000_000
        case .refused: failConnect(part, at: time, until: time + 1_000_000)
        case .unreachable(let after): failConnect(part, at: time, until: min(limit, time + after))
        case .silence: failConnect(part, at: time, until: limit)
        }
    }

    private mutating func failConnect(_ part: Int, at time: Int64, until end: Int64) {
        lanes[part].failures += 1
        lanes[part].lastTrouble = max(lanes[part].lastTrouble, max(time, 0))
        if let limit = behaviour.refreshesAfterFailures, lanes[part].failures >= limit { trigger(at: end) }
        if behaviour.queuesWhileDisconnected {
            // The command stays where it is; the watchdog tries the connection again, at most 30 s apart.
            let longest: Int64 = 30_000_000_000
            let pause = min(longest, 1_000_000 << Int64(min(lanes[part].failures, 15)))
            if end + pause >= lanes[part].startedAt + behaviour.commandTimeout {
                finish(part, at: max(end, lanes[part].startedAt + behaviour.commandTimeout))
            } else {
                lanes[part].state = .connecting
                lanes[part].at = end + pause
            }
            return
        }
        retry(part, at: end)
    }

    private mutating func hear(_ part: Int, _ world: ClusterSimulation, at time: Int64) {
        guard let standing = connection(to: lanes[part].target, world, at: time) else {
            // The connection ended while the answer was waited for.
            lanes[part].lastTrouble = max(lanes[part].lastTrouble, max(time, 0))
            lanes[part].failures += 1
            if let limit = behaviour.refreshesAfterFailures, lanes[part].failures >= limit { trigger(at: time) }
            if behaviour.queuesWhileDisconnected {
                lanes[part].state = .connecting
                lanes[part].at = time + 1_000_000
            } else {
                retry(part, at: time)
            }
            return
        }
        hear(part, on: standing, world, at: time)
    }

    private mutating func hear(_ part: Int, on connection: Connection, _ world: ClusterSimulation, at time: Int64) {
        switch world.write(toPart: part, at: connection.process, time: time) {
        case .done:
            if lanes[part].wellSince < lanes[part].lastTrouble { lanes[part].wellSince = time }
            lanes[part].failures = 0
            lanes[part].state = .idle
            lanes[part].at = time + ClientWalk.cadence
        case .moved(let address):
            if behaviour.learnsFromMoved { topology[part] = address }
            if behaviour.refreshesOnMoved { trigger(at: time) }
            lanes[part].redirected = true
            lanes[part].target = address
            lanes[part].attempt += 1
            if lanes[part].attempt > behaviour.attempts {
                fail(part, at: time)
            } else {
                lanes[part].state = .pausing
                lanes[part].at = time + 1_000_000
            }
        case .refused:
            lanes[part].lastTrouble = max(lanes[part].lastTrouble, max(time, 0))
            retry(part, at: time)
        case .silence: keepWaiting(part, at: time)
        }
    }

    private mutating func keepWaiting(_ part: Int, at time: Int64) {
        guard time >= lanes[part].deadline else {
            if time - lanes[part].startedAt > ClientWalk.cadence {
                lanes[part].lastTrouble = max(lanes[part].lastTrouble, max(time, 0))
            }
            lanes[part].at = min(time + ClientWalk.glance, lanes[part].deadline)
            return
        }
        // A command that timed out takes its connection along, in all libraries but those that queue.
        if !behaviour.queuesWhileDisconnected {
            let target = lanes[part].target
            connections.removeAll { $0.address == target }
        }
        lanes[part].failures += 1
        if let limit = behaviour.refreshesAfterFailures, lanes[part].failures >= limit { trigger(at: time) }
        retry(part, at: time)
    }

    private mutating func retry(_ part: Int, at time: Int64) {
        lanes[part].attempt += 1
        guard lanes[part].attempt <= behaviour.attempts, !behaviour.queuesWhileDisconnected else {
            fail(part, at: time)
            return
        }
        lanes[part].redirected = false
        lanes[part].state = .pausing
        lanes[part].at = time + max(1_000_000, behaviour.pause(afterAttempt: lanes[part].attempt - 1))
    }

    /// The application gets an error, and tries again with the next command.
    private mutating func fail(_ part: Int, at time: Int64) {
        lanes[part].lastTrouble = max(lanes[part].lastTrouble, max(time, 0))
        finish(part, at: time)
    }

    private mutating func finish(_ part: Int, at time: Int64) {
        lanes[part].state = .idle
        lanes[part].redirected = false
        lanes[part].at = time + ClientWalk.cadence
    }

    // MARK: Topology

    private mutating func trigger(at time: Int64) {
        guard refreshAt == nil, time - lastTriggered >= behaviour.refreshSpacing else { return }
        lastTriggered = time
        refreshAt = time
    }

    /// The server that is asked: the first drawn that does not refuse; -1 for one that keeps silent, nil for none.
    private mutating func candidate(_ world: ClusterSimulation, at time: Int64) -> Int? {
        switch access {
        case .service:
            let ready = world.endpoints
            return ready.isEmpty ? nil : ready[dice.below(ready.count)]
        case .addresses:
            var known = seeds
            while !known.isEmpty {
                let address = known.remove(at: dice.below(known.count))
                switch world.connect(to: address, at: time) {
                case .accepted(let process): return process
                case .refused: continue
                case .unreachable, .silence: return -1
                }
            }
            return nil
        }
    }

    /// Asks one server after another until one answers; a silent one costs the connect's timeout.
    private mutating func refresh(_ world: ClusterSimulation, at time: Int64) {
        refreshAt = nil
        guard let first = candidate(world, at: time) else { return }
        if first >= 0, let owners = world.slots(accordingTo: first, at: time) {
            for (part, owner) in owners.enumerated() where owner != noAddress && owner != topology[part] {
                topology[part] = owner
                // What waits for a connection is sent to the new owner instead.
                if lanes[part].state == .connecting { lanes[part].at = time + 1_000_000 }
            }
            learnSeeds(world, from: first)
        } else {
            // It has not answered: another is asked when this one is given up.
            refreshAt = time + min(behaviour.connectTimeout, behaviour.commandTimeout)
        }
    }

    /// All servers that the answering one names.
    private mutating func learnSeeds(_ world: ClusterSimulation, from p: Int) {
        let named = world.knownAddresses(of: p)
        if !named.isEmpty { seeds = named }
    }
}
