import DiscreteEvent
import Randomness
import Testing

/// What `EventList` must do, written without any cleverness: an array kept in descending (time, order).
private struct NaiveList {
    var pending: [(time: Int64, order: Int, payload: Int64)] = []
    var order = 0

    /// Where an event of this key stands, or would stand.
    private func place(_ time: Int64, _ order: Int) -> Int {
        var (low, high) = (0, pending.count)
        while low < high {
            let middle = (low + high) / 2
            if (pending[middle].time, pending[middle].order) > (time, order) { low = middle + 1 } else { high = middle }
        }
        return low
    }

    mutating func schedule(_ payload: Int64, at time: Int64) -> (time: Int64, order: Int) {
        order += 1
        pending.insert((time, order, payload), at: place(time, order))
        return (time, order)
    }

    mutating func cancel(_ event: (time: Int64, order: Int)) -> Bool {
        let index = place(event.time, event.order)
        guard index < pending.count, pending[index].order == event.order else { return false }
        pending.remove(at: index)
        return true
    }

    mutating func next(notAfter horizon: Int64) -> (time: Int64, payload: Int64)? {
        guard let least = pending.last, least.time <= horizon else { return nil }
        pending.removeLast()
        return (least.time, least.payload)
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
        var tokens: [(EventToken, (time: Int64, order: Int))] = []
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

    enum Increments: CaseIterable {
        case even, exponential, farAndNear, tied, growing

        func next(_ dice: inout RandomStream, _ step: Int) -> Int64 {
            switch self {
            case .even: Int64(dice.below(1_000_000))
            case .exponential: Distribution.exponential(mean: 1e6).sample(&dice)
            case .farAndNear: dice.chance(0.1) ? Int64(dice.below(1 << 50)) : Int64(dice.below(1000))
            case .tied: Int64(dice.below(3)) * 1000
            case .growing: Int64(dice.below(1 << (step / 1000)))
            }
        }
    }

    /// Thousands pending, so that buckets open, spread, are compacted and close again, with times that fit and defeat
    /// their width.
    @Test(arguments: Increments.allCases, [400, 3000])
    func agreesWithANaiveListInCrowds(increments: Increments, size: Int) {
        let seed = UInt64(size)
        var dice = RandomStream(seed: seed, replication: 0, purpose: .test, entity: 3)
        let list = ListUnderTest<Int64>(minimumCapacity: 16)
        var naive = NaiveList()
        var tokens: [(EventToken, (time: Int64, order: Int))] = []
        for round in 0..<2 {
            for step in 0..<12_000 {
                // Filled to its size, held there, and drained at the end.
                let target = step < 9000 ? size : 0
                if naive.pending.count < target || dice.chance(0.5) && step < 9000 {
                    let time = list.now + increments.next(&dice, step)
                    let payload = Int64(step)
                    tokens.append((list.schedule(payload, at: time), naive.schedule(payload, at: time)))
                }
                if naive.pending.count >= target {
                    for _ in 0..<(step < 9000 ? 1 : 2) {
                        let horizon = dice.chance(0.9) ? 1 << 61 : list.now + increments.next(&dice, 0)
                        let expected = naive.next(notAfter: horizon)
                        check(list.next(notAfter: horizon) == expected?.payload, seed, step)
                        if let expected { check(list.now == expected.time, seed, step) }
                        if list.now >= 1 << 61 { break }
                    }
                }
                // Bursts of cancellations, enough to compact.
                if step % 3000 > 2700 {
                    for _ in 0..<10 {
                        let (token, event) = tokens[dice.below(tokens.count)]
                        check(list.cancel(token) == naive.cancel(event), seed, step)
                    }
                }
                check(list.count == naive.pending.count, seed, step)
                if list.now >= 1 << 61 { break }
            }
            #expect(list.storedKeys <= max(2 * list.count, 130), "round \(round)")
            list.removeAll()
            #expect(list.next() == nil && list.now == 0 && list.count == 0 && list.storedKeys == 0)
            naive = NaiveList()
            tokens = []
        }
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
