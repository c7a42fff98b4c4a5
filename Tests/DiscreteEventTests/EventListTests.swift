import DiscreteEvent
import Randomness
import Testing

/// What `EventList` must do, written without any cleverness: an array searched for its least (time, order).
private struct NaiveList {
    var pending: [(time: Int64, order: Int, payload: Int64)] = []
    var order = 0

    mutating func schedule(_ payload: Int64, at time: Int64) -> Int {
        order += 1
        pending.append((time, order, payload))
        return order
    }

    mutating func cancel(_ order: Int) -> Bool {
        guard let index = pending.firstIndex(where: { $0.order == order }) else { return false }
        pending.remove(at: index)
        return true
    }

    mutating func next(notAfter horizon: Int64) -> (time: Int64, payload: Int64)? {
        func key(_ index: Int) -> (Int64, Int) { (pending[index].time, pending[index].order) }
        guard let least = pending.indices.min(by: { key($0) < key($1) }), pending[least].time <= horizon
        else { return nil }
        let event = pending.remove(at: least)
        return (event.time, event.payload)
    }
}

/// `#expect` captures what it examines, which a noncopyable list does not allow: a reference to one does.
private final class ListUnderTest<Payload: BitwiseCopyable> {
    private var list: EventList<Payload>

    init(minimumCapacity: Int) { list = EventList(minimumCapacity: minimumCapacity) }
    var now: Int64 { list.now }
    var count: Int { list.count }
    var storedKeys: Int { list.storedKeys }
    @discardableResult
    func schedule(_ payload: Payload, at time: Int64) -> EventToken { list.schedule(payload, at: time) }
    func cancel(_ token: EventToken) -> Bool { list.cancel(token) }
    func next() -> Payload? { list.next() }
    func next(notAfter horizon: Int64) -> Payload? { list.next(notAfter: horizon) }
    func removeAll() { list.removeAll() }
}

@Suite struct EventListTests {
    @Test func takesEventsInOrderOfTime() {
        let list = ListUnderTest<Int64>(minimumCapacity: 0)
        for time: Int64 in [50, 10, 40, 20, 30] { list.schedule(time, at: time) }
        var taken: [Int64] = []
        while let payload = list.next() {
            taken.append(payload)
            #expect(list.now == payload)
        }
        #expect(taken == [10, 20, 30, 40, 50])
        #expect(list.count == 0)
    }

    @Test(arguments: [1, 3, 64, 1000]) func tiesComeFirstInFirstOut(count: Int) {
        let list = ListUnderTest<Int>(minimumCapacity: 4)
        for index in 0..<count { list.schedule(index, at: 7) }
        var taken: [Int] = []
        // Each first handler files a successor at the same instant: it must come after all that wait already.
        while let payload = list.next() {
            taken.append(payload)
            if payload < count { list.schedule(payload + count, at: list.now) }
        }
        #expect(taken == Array(0..<2 * count))
    }

    @Test func horizonStopsTheClockBetweenEvents() {
        let list = ListUnderTest<Int>(minimumCapacity: 4)
        list.schedule(1, at: 100)
        #expect(list.next(notAfter: 99) == nil)
        #expect(list.now == 99)
        #expect(list.next(notAfter: 100) == 1)
        #expect(list.next(notAfter: 250) == nil)
        #expect(list.now == 250)
        #expect(list.next(notAfter: 200) == nil)
        #expect(list.now == 250)
    }

    @Test func tokensCancelTheirOwnEventOnly() {
        let list = ListUnderTest<Int>(minimumCapacity: 4)
        let first = list.schedule(1, at: 10)
        #expect(list.cancel(first))
        #expect(!list.cancel(first))
        #expect(list.count == 0)
        #expect(list.next() == nil)
        let second = list.schedule(2, at: 20)
        #expect(!list.cancel(first), "the slot serves a stranger now")
        #expect(list.next() == 2)
        #expect(!list.cancel(second))
        let third = list.schedule(3, at: 30)
        #expect(!list.cancel(second) && !list.cancel(.none))
        #expect(list.cancel(third))
    }

    @Test func aHandlerMayCancelBeforeItSchedules() {
        let list = ListUnderTest<Int>(minimumCapacity: 4)
        let tokens = (0..<400).map { list.schedule($0, at: Int64($0)) }
        #expect(list.next() == 0)
        #expect(!list.cancel(tokens[0]))
        for token in tokens[1..<399] { #expect(list.cancel(token)) }
        list.schedule(1000, at: 1000)
        #expect(list.count == 2)
        #expect(list.next() == 399)
        #expect(list.next() == 1000)
        #expect(list.next() == nil)
    }

    @Test(arguments: 0..<40) func agreesWithANaiveList(seed: UInt64) {
        var dice = RandomStream(seed: seed, replication: 0, purpose: .test, entity: 1)
        let list = ListUnderTest<Int64>(minimumCapacity: 0)
        var naive = NaiveList()
        var tokens: [(EventToken, Int)] = []
        // Few distinct times make ties; phases that fill and phases that drain make growth, reuse and compaction.
        for step in 0..<2500 {
            let filling = step / 250 % 2 == 0
            switch dice.below(filling ? 6 : 12) {
            case 0..<4:
                let time = list.now + Int64(dice.below(40))
                tokens.append((list.schedule(Int64(step), at: time), naive.schedule(Int64(step), at: time)))
            case 4 where !tokens.isEmpty:
                for _ in 0..<(1 + dice.below(4)) {
                    let (token, order) = tokens[dice.below(tokens.count)]
                    check(list.cancel(token) == naive.cancel(order), seed, step)
                }
            default:
                let horizon = dice.chance(0.5) ? Int64.max : list.now + Int64(dice.below(6))
                let expected = naive.next(notAfter: horizon)
                let unlimited = horizon == .max && expected != nil
                let payload = unlimited ? list.next() : list.next(notAfter: min(horizon, 1 << 61))
                check(payload == expected?.payload, seed, step)
                if let expected { check(list.now == expected.time, seed, step) }
            }
            if list.now >= 1 << 61 {
                check(list.count == 0, seed, step)
                list.removeAll()
                tokens.removeAll()
                naive.order = 0
            }
            check(list.count == naive.pending.count, seed, step)
        }
    }

    /// Cheaper than `#expect`, which examines even what holds.
    private func check(_ holds: Bool, _ seed: UInt64, _ step: Int, line: Int = #line) {
        if !holds { Issue.record("seed \(seed), step \(step), line \(line)") }
    }

    @Test(arguments: [10, 300]) func startsAgainAsNew(pending: Int) {
        func trace(_ list: ListUnderTest<Int>) -> [Int64] {
            var dice = RandomStream(seed: 5, replication: 0, purpose: .test, entity: 2)
            var taken: [Int64] = []
            var tokens = (0..<pending).map { list.schedule($0, at: Int64(dice.below(1000))) }
            for _ in 0..<2000 {
                guard let payload = list.next() else { break }
                taken.append(list.now * 1000 + Int64(payload))
                if dice.chance(0.9) { tokens[payload] = list.schedule(payload, at: list.now + Int64(dice.below(100))) }
                if dice.chance(0.1) { _ = list.cancel(tokens[dice.below(pending)]) }
            }
            return taken
        }
        let fresh = ListUnderTest<Int>(minimumCapacity: 1)
        let first = trace(fresh)
        fresh.removeAll()
        #expect(fresh.now == 0 && fresh.count == 0)
        #expect(trace(fresh) == first)
        #expect(first.count > pending)
    }

    @Test func cancellingForEverKeepsMemoryBounded() {
        // A timeout re-armed over and over: without compaction every cancelled key would stay until its time comes.
        let list = ListUnderTest<Int>(minimumCapacity: 4)
        list.schedule(-1, at: 5_000_000)
        var armed = list.schedule(0, at: 1_000_000)
        for round in 1...100_000 {
            if !list.cancel(armed) { Issue.record("round \(round)") }
            armed = list.schedule(round, at: 1_000_000 + Int64(round))
        }
        #expect(list.count == 2)
        #expect(list.storedKeys <= 256)
        #expect(list.next() == 100_000)
        #expect(list.next() == -1)
    }
}
