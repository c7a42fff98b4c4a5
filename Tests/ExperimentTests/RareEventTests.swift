import DiscreteEvent
import Experiments
import Glibc
import Randomness
import Statistics
import SystemModel
import Testing

@Suite("Rare events")
struct RareEventTests {
    /// The sum of `count` exponential delays of mean 1 s, with as many that do not matter, against a limit in s.
    private func sampler(_ count: Int, limit: Double, seed: UInt64) -> RareEventSampler {
        let delay = Distribution.exponential(mean: 1e9)
        return RareEventSampler(delays: ["matters", "does not"], threshold: 1) { proposal in
            let meter = TailMeter()
            let tilted = proposal.tilts.map {
                meter.tilted(delay, lower: $0.lower, upper: $0.upper, extreme: $0.extreme)
            }
            return WeightedTrial(meter: meter) { replication in
                var dice = RandomStream(seed: seed, replication: UInt64(replication), purpose: .test, entity: 0)
                var sum = 0.0
                for _ in 0..<count {
                    sum += Double(tilted[0].sample(&dice)) / 1e9
                    _ = tilted[1].sample(&dice)
                }
                return sum > limit ? 1 : sum / limit * 0.999
            }
        }
    }

    /// The chance that the sum of `count` exponentials of mean 1 exceeds x: Poisson's of fewer than `count` at mean x.
    private func gammaTail(_ count: Int, _ x: Double) -> Double {
        var (term, sum) = (exp(-x), 0.0)
        for index in 0..<count {
            sum += term
            term *= x / Double(index + 1)
        }
        return sum
    }

    @Test("One in a million, and one in a billion, of one long delay", arguments: [13.8155, 20.7233])
    func oneDelay(limit: Double) throws {
        let truth = exp(-limit)
        let found = try #require(
            sampler(1, limit: limit, seed: 1).estimate(
                exploration: 1000, maximum: 20_000, precision: 0.15, workers: 2))
        #expect(!found.isVague && found.meanWeight.interval.contains(1), "\(found), seed 1")
        #expect((found.estimate.value / truth - 1).magnitude < 0.3, "\(found.estimate), seed 1")
        #expect(found.causes.first?.delay == "matters" && found.causes.first?.isLong == true, "\(found.causes)")
        #expect(found.searched < 40_000)
    }

    @Test("One in a million of three delays together")
    func threeDelays() throws {
        let truth = gammaTail(3, 19.1)
        #expect(truth > 5e-7 && truth < 2e-6)
        let found = try #require(
            sampler(3, limit: 19.1, seed: 2).estimate(exploration: 2000, maximum: 40_000, precision: 0.15, workers: 2))
        #expect(!found.isVague, "\(found), seed 2")
        #expect((found.estimate.value / truth - 1).magnitude < 0.4, "\(found.estimate), truth \(truth), seed 2")
    }

    @Test("Rounds of one replication come to an end", .timeLimit(.minutes(1)))
    func roundsOfOne() throws {
        let found = try #require(
            sampler(1, limit: 1, seed: 3).estimate(exploration: 1, maximum: 6, precision: 1e-9, workers: 1))
        #expect(found.replications == 6)
    }

    @Test("The interval holds the truth as often as it says")
    func coverage() throws {
        let truth = exp(-9.0)
        let covered = try (1...200).count { seed in
            let found = try #require(
                sampler(1, limit: 9, seed: UInt64(seed)).estimate(
                    exploration: 300, maximum: 1000, precision: 0.3, workers: 1))
            return found.estimate.interval.contains(truth)
        }
        // 95 % of 200 are 190; fewer than 180 would happen once in a thousand times.
        #expect(covered >= 180, "\(covered) of 200")
    }

    @Test("A likelihood ratio is 1 on average, and never much above")
    func weights() {
        let meter = TailMeter()
        let tilted = meter.tilted(.lognormal(p50: 1e6, p99: 1e8), lower: 0.1, upper: 0.2, extreme: 0.01)
        var dice = RandomStream(seed: 5, replication: 0, purpose: .test, entity: 0)
        var (sum, sumOfLong, largest) = (0.0, 0.0, 0.0)
        let count = 200_000
        for _ in 0..<count {
            meter.reset()
            let value = tilted.sample(&dice)
            let weight = exp(meter.logWeight)
            sum += weight
            if Double(value) > 1e8 { sumOfLong += weight }
            largest = max(largest, weight)
        }
        #expect((sum / Double(count) - 1).magnitude < 0.01, "seed 5")
        #expect((sumOfLong / Double(count) - 0.01).magnitude < 0.0005, "seed 5")
        #expect(largest <= 1 / 0.7 + 1e-9)
    }

    @Test("Without a tilt draws and outcomes are what they always are")
    func untilted() {
        let meter = TailMeter()
        for base in [Distribution.lognormal(p50: 1e6, p99: 1e8), .uniform(1, 5e9), .exponential(mean: 2e6)] {
            let tilted = meter.tilted(base, lower: 0, upper: 0, extreme: 0)
            var one = RandomStream(seed: 6, replication: 0, purpose: .test, entity: 0)
            var other = one
            for _ in 0..<2000 {
                let (left, right) = (Double(base.sample(&one)), Double(tilted.sample(&other)))
                #expect((left - right).magnitude <= 1 + 0.002 * left, "\(base), seed 6")
            }
        }
        #expect(meter.logWeight == 0)
    }

    @Test("What plain repetition reaches, both find alike")
    func bruteForce() throws {
        // The master is back after 3 s, unless its start is slow enough for the election at about 5 s.
        let settings = ["environment.process.startUp=lognormal(p50 50ms, p99 6s)"]
        let (model, scenario) = try Shipped.killAndReturn(settings)
        let event = ReplicationEvent(.promoted, .holds(true))
        let table = Runner(model: model, scenario: scenario, seed: 1).run(replications: 500, workers: 2)
        let plain = try #require(Statistic.probability(event).estimate(from: table.values(of: .probability(event))))
        let found = try #require(
            RareEventSampler(event, model: model, scenario: scenario, seed: 2).estimate(
                exploration: 150, maximum: 400, precision: 0.2, workers: 2))
        #expect(plain.value > 0.005 && plain.value < 0.2, "\(plain), seed 1")
        #expect(
            found.estimate.interval.high > plain.interval.low && found.estimate.interval.low < plain.interval.high,
            "rare \(found.estimate), plain \(plain), seeds 2 and 1")
        #expect(found.causes.first?.delay == "process.startUp", "\(found.causes), seed 2")
    }
}
