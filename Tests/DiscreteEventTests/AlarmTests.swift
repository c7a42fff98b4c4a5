import DiscreteEvent
import Randomness
import Testing

struct AlarmTests {
    @Test("The earliest alarm is at hand, the first owner's among equals", arguments: [1, 2, 6, 8, 100])
    func earliestIsAtHand(_ count: Int) {
        var dice = RandomStream(key: UInt64(count))
        var alarms = Alarms(count: count)
        var times = [Int64](repeating: .max, count: count)
        for _ in 0..<10_000 {
            let owner = dice.below(count)
            times[owner] = dice.chance(0.1) ? .max : Int64(dice.below(50))
            alarms.set(owner, at: times[owner])
            let earliest = times.min() ?? .max
            #expect(alarms.earliest == earliest && alarms[owner] == times[owner])
            if earliest < .max { #expect(alarms.owner == times.firstIndex(of: earliest)) }
        }
        alarms.silenceAll()
        #expect(alarms.earliest == .max)
    }
}
