import DiscreteEvent
import Randomness
import Statistics
import Testing

/// A queue whose mean delay theory gives in closed form (Pollaczek and Khinchine).
struct KnownQueue: Sendable, CustomStringConvertible {
    let name: String
    let load: Double
    let service: Distribution
    /// Variance over squared mean of the service time.
    let squaredVariation: Double

    var description: String { "\(name) at load \(load)" }
    var arrivals: Distribution { .exponential(mean: service.mean / load) }
    /// The mean time from arrival to start of service, in ns.
    var meanDelay: Double { load / (1 - load) * service.mean * (1 + squaredVariation) / 2 }

    static let all = [
        KnownQueue(name: "M/M/1", load: 0.5, service: .exponential(mean: 1e6), squaredVariation: 1),
        KnownQueue(name: "M/M/1", load: 0.7, service: .exponential(mean: 1e6), squaredVariation: 1),
        KnownQueue(name: "M/D/1", load: 0.7, service: .constant(1e6), squaredVariation: 0),
        KnownQueue(name: "M/G/1, gamma", load: 0.6, service: .gamma(mean: 1e6, cv: 0.5), squaredVariation: 0.25),
        KnownQueue(name: "M/G/1, uniform", load: 0.6, service: .uniform(0, 2e6), squaredVariation: 1.0 / 3),
    ]
}

/// The queue as a simulation: customers, a line and a server in one event list.
private struct QueueSimulation: ~Copyable {
    enum Event: Int { case arrival, departure }

    var list = EventList<Event.RawValue>(minimumCapacity: 4)
    var arrivals: RandomStream
    var services: RandomStream
    var waiting: [Int64] = []
    var front = 0
    var busy = false
    var delays = Tally()
    let queue: KnownQueue

    init(_ queue: KnownQueue, seed: UInt64, replication: UInt64) {
        self.queue = queue
        arrivals = RandomStream(seed: seed, replication: replication, purpose: .test, entity: 1)
        services = RandomStream(seed: seed, replication: replication, purpose: .test, entity: 2)
    }

    /// The delays of customers from the `first`-th to the `last`-th.
    mutating func run(from first: Int, to last: Int) -> Tally {
        var (arrived, started) = (0, 0)
        let gaps = queue.arrivals
        list.schedule(Event.arrival.rawValue, at: gaps.sample(&arrivals))
        while started < last, let event = list.next().flatMap(Event.init) {
            switch event {
            case .arrival:
                arrived += 1
                waiting.append(list.now)
                list.schedule(Event.arrival.rawValue, at: list.now + gaps.sample(&arrivals))
            case .departure:
                busy = false
            }
            if !busy && front < waiting.count {
                busy = true
                started += 1
                if started > first { delays.add(Double(list.now - waiting[front])) }
                front += 1
                list.schedule(Event.departure.rawValue, at: list.now + queue.service.sample(&services))
            }
        }
        return delays
    }
}

@Suite struct QueueingTheoryTests {
    /// The interval of a simulated mean delay holds the theoretical one as often as it promises: the replications come
    /// in groups, each group makes a 95 % interval, and the count of intervals that hold is binomial.
    @Test(arguments: KnownQueue.all) func delaysAreWhatTheoryPromises(queue: KnownQueue) throws {
        let (groups, replications, seed) = (80, 8, UInt64(20_231))
        var held = 0
        var means = Tally()
        for group in 0..<groups {
            let delays = (0..<replications).map { index in
                var simulation = QueueSimulation(queue, seed: seed, replication: UInt64(group * replications + index))
                return simulation.run(from: 60, to: 360).mean
            }
            let estimate = try #require(Summary(delays)).meanEstimate()
            means.add(estimate.value)
            if estimate.interval.contains(queue.meanDelay) { held += 1 }
        }
        let coverage = try #require(Proportion(held, of: groups)).clopperPearson(confidence: 0.998)
        #expect(coverage.contains(0.95), "\(queue): \(held) of \(groups) intervals hold it, seed \(seed)")
        let error = means.standardDeviation / Double(groups).squareRoot()
        #expect((means.mean - queue.meanDelay).magnitude < 4 * error, "\(queue): \(means.mean), seed \(seed)")
    }

    /// A facility knows on arrival what the event list finds out: both give every customer the same delay.
    @Test(arguments: KnownQueue.all) func facilitiesAgreeWithTheEventList(queue: KnownQueue) {
        var simulation = QueueSimulation(queue, seed: 9, replication: 0)
        let simulated = simulation.run(from: 0, to: 2000)
        var arrivals = RandomStream(seed: 9, replication: 0, purpose: .test, entity: 1)
        var services = RandomStream(seed: 9, replication: 0, purpose: .test, entity: 2)
        var facility = Facility()
        var (now, delays) = (Int64(0), Tally())
        for _ in 0..<2000 {
            now += queue.arrivals.sample(&arrivals)
            delays.add(Double(facility.offer(arrival: now, service: queue.service.sample(&services)).start - now))
        }
        #expect(delays == simulated, "\(queue)")
    }

    @Test func sameSeedSameDelays() {
        func delays(_ seed: UInt64) -> Tally {
            var simulation = QueueSimulation(KnownQueue.all[1], seed: seed, replication: 3)
            return simulation.run(from: 0, to: 500)
        }
        #expect(delays(1) == delays(1))
        #expect(delays(1) != delays(2))
    }
}
