import DiscreteEvent
import Testing

@Suite struct TallyTests {
    @Test func momentsSurviveALargeOffset() {
        var tally = Tally()
        for value in [4.0, 7, 13, 16] { tally.add(1e9 + value) }
        #expect(tally.count == 4 && tally.mean == 1e9 + 10 && tally.variance == 30)
        #expect(tally.minimum == 1e9 + 4 && tally.maximum == 1e9 + 16)
    }

    @Test func emptyAndSingle() {
        var tally = Tally()
        #expect(tally.count == 0 && tally.mean == 0 && tally.variance == 0 && tally.minimum == .infinity)
        tally.add(-3)
        #expect(tally.mean == -3 && tally.standardDeviation == 0 && tally.maximum == -3)
    }

    @Test func levelsAreWeightedByTheirTime() {
        var level = TimeWeighted(level: 1, at: 100)
        level.set(3, at: 200)
        level.set(0, at: 250)
        #expect(level.average(until: 300) == (100.0 + 150) / 200)
        #expect(level.maximum == 3 && level.level == 0)
        #expect(TimeWeighted(level: 2).average(until: 0) == 2)
        level.set(5, at: 10)
        #expect(level.average(until: 250) == 250.0 / 150)
    }

    @Test func aFacilityServesInOrderOfArrival() {
        var server = Facility()
        #expect(server.offer(arrival: 10, service: 5) == (10, 15))
        #expect(server.offer(arrival: 12, service: 5) == (15, 20))
        #expect(server.offer(arrival: 30, service: 1) == (30, 31))
        server.hold(until: 100)
        #expect(server.offer(arrival: 40, service: 2) == (100, 102))
        #expect(server.offer(arrival: 200, service: -7) == (200, 200))
        #expect(server.freeAt == 200)
    }
}
