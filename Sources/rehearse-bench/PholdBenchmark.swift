/// Events per CPU second of the event list under PHOLD, ours and the rivals', in interleaved rounds of one run.
struct PholdBenchmark {
    static let allSizes = [64, 1024, 65_536]
    var sizes = allSizes
    static let events = 4_000_000
    static let simpyEvents = 300_000

    /// Rates in events per CPU second, one for each round.
    private struct Series {
        var name: String
        var rates: [Double] = []
        var median: Double { rates.isEmpty ? 0 : rates.sorted()[rates.count / 2] }
        var text: String {
            let sorted = rates.map { $0 / 1e6 }.sorted()
            guard let low = sorted.first, let high = sorted.last else { return "-" }
            return "\(fixed(median / 1e6, 2)) (\(fixed(low, 2))-\(fixed(high, 2)))"
        }
    }

    /// True while every engine has executed the same events.
    private(set) var agreed = true
    /// Our median rate by size, in events per CPU second; what a model's event is held against.
    private(set) var rates: [Int: Double] = [:]

    mutating func run(rounds: Int, rivals: Rivals?, targets: inout Targets) throws {
        print("PHOLD, \(Phold.processes) processes: million events per CPU second, median (min-max), \(rounds) rounds")
        for pending in sizes { try run(pending: pending, rounds: rounds, rivals: rivals, targets: &targets) }
    }

    private mutating func run(pending: Int, rounds: Int, rivals: Rivals?, targets: inout Targets) throws {
        let expected = Phold.run(pending: pending, events: Self.events).checksum
        let expectedShort = Phold.run(pending: pending, events: Self.simpyEvents).checksum
        var ours = Series(name: "Rehearse")
        var theirs = rivals == nil ? [] : Rivals.Engine.allCases.map { Series(name: $0.rawValue) }
        for _ in 0..<rounds {
            note(&ours, Phold.run(pending: pending, events: Self.events), Self.events, expected)
            for (index, engine) in Rivals.Engine.allCases.enumerated() {
                guard let rivals else { break }
                let events = engine == .simpy ? Self.simpyEvents : Self.events
                let outcome = try rivals.run(engine, pending: pending, events: events)
                note(&theirs[index], outcome, events, engine == .simpy ? expectedShort : expected)
            }
        }
        rates[pending] = ours.median
        print("\(pending) pending, checksum \(expected) (\(expectedShort) after \(Self.simpyEvents) events)")
        print("  \(padded(ours.name, 10)) \(ours.text)")
        for (series, engine) in zip(theirs, Rivals.Engine.allCases) {
            let ratio = ours.median / series.median
            let target = engine == .simpy ? 60.0 : pending > 10_000 ? 2 : 3
            let verdict = targets.judge("\(pending) pending: \(series.name)", ratio >= target, fixed(target, 0))
            let figure = "Rehearse is \(fixed(ratio, 1)) times as fast"
            print("  \(padded(series.name, 10)) \(series.text): \(figure) \(verdict)")
        }
    }

    private mutating func note(_ series: inout Series, _ outcome: Phold.Outcome, _ events: Int, _ expected: UInt64) {
        series.rates.append(Double(events) / outcome.cpuSeconds)
        if outcome.checksum != expected {
            agreed = false
            print("  \(series.name): checksum \(outcome.checksum) is not \(expected): other events, no comparison")
        }
    }
}

/// A number with a fixed count of decimals.
func fixed(_ value: Double, _ decimals: Int) -> String {
    guard value.isFinite, value.magnitude < 1e12 else { return "\(value)" }
    let scale = (0..<decimals).reduce(1) { product, _ in product * 10 }
    let units = Int((value.magnitude * Double(scale)).rounded())
    let sign = value < 0 && units > 0 ? "-" : ""
    let fraction = decimals == 0 ? "" : "." + String(String(scale + units % scale).dropFirst())
    return "\(sign)\(units / scale)\(fraction)"
}

func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(width - text.count, 0))
}
