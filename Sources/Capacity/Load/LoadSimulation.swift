import DiscreteEvent
import Randomness
import RedisCluster
import SystemModel

/// Requests at the busiest master while all servers share the storage: an event loop each, queues, and the AOF.
///
/// Requests arrive as they please (Poisson), in groups of the pipelining; a loop takes all that have come, works, makes
/// the AOF as stable as `appendfsync` says, and answers. Under `everysec` the fsync runs beside the loop at each second
/// of the wall clock, which all hosts share, and a write that finds one running for two seconds waits for its end
/// (aof.c, flushAppendOnlyFile). Under `always` every loop with a write waits for its own.
///
/// The dice of an arrival do not depend on the load: two loads see the same arrivals, only closer together.
struct LoadSimulation {
    private enum Event: BitwiseCopyable {
        /// A loop begins: something has arrived.
        case loop(Int32)
        /// A server whose loop is not simulated has written in a new second.
        case sync(Int32)
        /// A child has written as much as it flushes at a time.
        case chunk(Int32)
    }

    private struct Server {
        var reads: Double
        var writes: Double
        var host: Int
        var nextArrival: Int64 = 0
        var nextTick: Int64 = 0
        var fsyncEnds: Int64 = 0
        var fsyncBegan: Int64 = 0
        var fsyncSecond: Int64 = 0
        /// The second in which a write was first postponed; -1 where none is.
        var postponedSince: Int64 = -1
        var arrivals: RandomStream
        var work: RandomStream
        var storage: RandomStream
    }

    /// A child flushes what it wrote every 4 MiB (rdb.c and rio.c, `rdb-save-incremental-fsync`).
    private static let chunkBytes = 4_194_304.0
    /// No group of requests and no tick takes longer, ns: absurd settings stay within 64 bits.
    private static let longestWork = 1e12
    private static let second: Int64 = 1_000_000_000
    private static let unit = Distribution.exponential(mean: 1e9)

    private let setup: LoadSetup
    private let horizon: Int64
    private let timeout: Int64
    private var servers: [Server]
    private var storage: SharedStorage
    private var outcome = LoadOutcome()
    /// Of the present loop; kept to be used again.
    private var arrivals: [Int64] = []

    /// - Parameters:
    ///   - factor: multiplies reads and writes.
    ///   - seconds: how long, more than 0.
    ///   - timeout: of clients, seconds.
    init(
        _ setup: LoadSetup, factor: Double, seconds: Double, timeout: Double, seed: UInt64, replication: Int
    ) {
        self.setup = setup
        horizon = Int64(seconds * 1e9)
        self.timeout = Int64(min(timeout, 1e9) * 1e9)
        func stream(_ purpose: StreamPurpose, _ entity: Int) -> RandomStream {
            RandomStream(seed: seed, replication: UInt64(replication), purpose: purpose, entity: UInt64(entity))
        }
        servers = setup.servers.enumerated().map { index, server in
            Server(
                reads: server.reads * factor, writes: server.writes * factor, host: server.host,
                arrivals: stream(.client, index), work: stream(.workload, index), storage: stream(.storage, index))
        }
        storage = SharedStorage(setup)
    }

    mutating func run() -> LoadOutcome {
        var events = EventList<Event>(minimumCapacity: 64)
        for index in servers.indices { start(index, &events) }
        for child in 0..<setup.rewriting { events.schedule(.chunk(Int32(child)), at: Int64(child) * 7_000_000) }
        while let event = events.next(notAfter: horizon) {
            switch event {
            case .loop(let index): loop(Int(index), &events)
            case .sync(let index): sync(Int(index), &events)
            case .chunk(let child): chunk(child, &events)
            }
        }
        outcome.seconds = Double(horizon) / 1e9
        outcome.commits = storage.commits
        outcome.storageBusy = min(1, Double(storage.worked) / Double(horizon) / Double(storage.diskCount))
        return outcome
    }

    /// Under `everysec` only the first server's loop matters; what the others flush is known without.
    private mutating func start(_ index: Int, _ events: inout EventList<Event>) {
        if index == 0 || waitsForEveryWrite {
            servers[index].nextTick = Int64(servers[index].work.uniform() * 1e9 / setup.hz)
            expectArrival(index, after: 0, &events)
        } else if setup.appendOnly, setup.appendFsync == .everysec, servers[index].writes > 0 {
            events.schedule(.sync(Int32(index)), at: nextWrite(of: index, after: 0))
        }
    }

    private var waitsForEveryWrite: Bool { setup.appendOnly && setup.appendFsync == .always }

    // MARK: Arrivals

    private mutating func expectArrival(_ index: Int, after time: Int64, _ events: inout EventList<Event>) {
        guard drawArrival(index, after: time) else { return }
        events.schedule(.loop(Int32(index)), at: max(servers[index].nextArrival, events.now))
    }

    /// False where nothing comes any more.
    private mutating func drawArrival(_ index: Int, after time: Int64) -> Bool {
        let rate = (servers[index].reads + servers[index].writes) / setup.pipelining
        guard rate > 1e-6 else {
            servers[index].nextArrival = .max
            return false
        }
        servers[index].nextArrival = time + Int64(Double(Self.unit.sample(&servers[index].arrivals)) / rate)
        return true
    }

    // MARK: The event loop

    private mutating func loop(_ index: Int, _ events: inout EventList<Event>) {
        var begin = events.now
        tick(index, until: &begin)
        let share = servers[index].writes / (servers[index].reads + servers[index].writes)
        let perTrip = setup.requestTime * 1e9
        var end = begin
        var writes = 0.0
        arrivals.removeAll(keepingCapacity: true)
        while servers[index].nextArrival <= begin, servers[index].nextArrival <= horizon {
            arrivals.append(servers[index].nextArrival)
            let written = writesOfTrip(index, share)
            writes += written
            let commands = written * setup.writeTime + (setup.pipelining - written) * setup.readTime
            end += Int64(min(perTrip + commands * 1e9, Self.longestWork))
            guard drawArrival(index, after: servers[index].nextArrival) else { break }
        }
        if writes > 0, setup.appendOnly { append(index, writes, at: &end) }
        if index == 0 { answer(at: end) }
        guard servers[index].nextArrival < .max else { return }
        events.schedule(.loop(Int32(index)), at: max(end, servers[index].nextArrival))
    }

    /// How many of a group's commands are writes: exact on average, and whole where groups are.
    private mutating func writesOfTrip(_ index: Int, _ share: Double) -> Double {
        if setup.pipelining < 2 { return servers[index].work.chance(share) ? setup.pipelining : 0 }
        let mean = setup.pipelining * share
        let whole = mean.rounded(.down)
        return whole + (servers[index].work.chance(mean - whole) ? 1 : 0)
    }

    /// serverCron, with the bus packets since the last one, has held up the loop that begins now.
    private mutating func tick(_ index: Int, until begin: inout Int64) {
        let period = Int64(1e9 / setup.hz)
        let packets = setup.packetsPerSecond / setup.hz
        while servers[index].nextTick <= min(begin, horizon) {
            let tick = Double(setup.environment.process.tickCost.sample(&servers[index].work))
            let reading = packets * Double(setup.environment.process.packetCost.sample(&servers[index].work))
            begin = max(begin, servers[index].nextTick + Int64(min(tick + reading, Self.longestWork)))
            servers[index].nextTick += period
        }
    }

    private mutating func answer(at end: Int64) {
        for arrival in arrivals {
            let waited = end - arrival
            outcome.latency.add(waited)
            if waited > timeout { outcome.failed += 1 }
        }
    }

    // MARK: The AOF

    private mutating func append(_ index: Int, _ writes: Double, at end: inout Int64) {
        switch setup.appendFsync {
        case .no: return
        case .always:
            let bytes = writes * setup.bytesPerWrite
            let stable = flush(index, bytes, at: end)
            if index == 0 { outcome.longestFreeze = max(outcome.longestFreeze, stable - end) }
            end = stable
        case .everysec: everySecond(index, at: &end)
        }
    }

    private mutating func everySecond(_ index: Int, at end: inout Int64) {
        let now = end / Self.second
        if servers[index].fsyncEnds > end {
            if servers[index].postponedSince < 0 { servers[index].postponedSince = now }
            guard now - servers[index].postponedSince >= 2 else { return }
            outcome.longestFreeze = max(outcome.longestFreeze, servers[index].fsyncEnds - end)
            end = servers[index].fsyncEnds
        }
        servers[index].postponedSince = -1
        guard end / Self.second > servers[index].fsyncSecond else { return }
        beginSync(index, at: end)
    }

    private mutating func beginSync(_ index: Int, at time: Int64) {
        let bytes = Double(time - servers[index].fsyncBegan) / 1e9 * servers[index].writes * setup.bytesPerWrite
        servers[index].fsyncSecond = time / Self.second
        servers[index].fsyncBegan = time
        servers[index].fsyncEnds = flush(index, bytes, at: time)
    }

    private mutating func flush(_ index: Int, _ bytes: Double, at time: Int64) -> Int64 {
        storage.flush(bytes, host: servers[index].host, at: time, &servers[index].storage)
    }

    // MARK: The other servers and the children

    private mutating func sync(_ index: Int, _ events: inout EventList<Event>) {
        beginSync(index, at: events.now)
        events.schedule(.sync(Int32(index)), at: nextWrite(of: index, after: servers[index].fsyncEnds))
    }

    /// The first write in a second that begins at or after `time`; at the earliest when the last fsync has ended.
    private mutating func nextWrite(of index: Int, after time: Int64) -> Int64 {
        let next = max((servers[index].fsyncSecond + 1) * Self.second, time)
        return next + Int64(Double(Self.unit.sample(&servers[index].storage)) / max(servers[index].writes, 1e-6))
    }

    private mutating func chunk(_ child: Int32, _ events: inout EventList<Event>) {
        let writer = Int(child) % servers.count
        let done = flush(writer, Self.chunkBytes, at: events.now)
        let due = events.now + Int64(Self.chunkBytes / setup.snapshotRate * 1e9)
        events.schedule(.chunk(child), at: max(done, due))
    }
}
