/// Replications per CPU second of a model, and what one of its events costs beside a PHOLD event of the same run.
///
/// A benchmark names itself and runs one replication at a time; each round takes as many as fit into its CPU time.
struct ModelBenchmark {
    let name: String
    /// Runs the replication of an index; returns the events it took and the nanoseconds it simulated.
    let replicate: (_ index: Int) throws -> (events: Int, simulated: Int64)

    /// Prints the rates, median (min-max) of the rounds of `seconds` CPU seconds each, on the calling thread.
    func run(rounds: Int, seconds: Double, pholdRate: Double) throws {
        var replicationRates: [Double] = []
        var eventRates: [Double] = []
        var paces: [Double] = []
        // The first replication pays for storage that the others reuse.
        _ = try replicate(0)
        for _ in 0..<rounds {
            var (count, events, simulated) = (0, 0, Int64(0))
            let start = threadCPUSeconds()
            var used = 0.0
            repeat {
                let result = try replicate(count)
                count += 1
                events += result.events
                simulated += result.simulated
                used = threadCPUSeconds() - start
            } while used < seconds
            replicationRates.append(Double(count) / used)
            eventRates.append(Double(events) / used)
            paces.append(Double(simulated) * 1e-9 / used)
        }
        print("\(name)")
        print("  replications per CPU second       \(Self.spread(replicationRates, 0))")
        print("  simulated seconds per CPU second  \(Self.spread(paces, 0))")
        print("  million events per CPU second     \(Self.spread(eventRates.map { $0 / 1e6 }, 2))")
        let cost = pholdRate / Self.median(eventRates)
        print("  one event costs \(fixed(cost, 1)) PHOLD events (target 4: \(cost <= 4 ? "met" : "MISSED"))")
    }

    private static func median(_ values: [Double]) -> Double { values.isEmpty ? 0 : values.sorted()[values.count / 2] }

    private static func spread(_ values: [Double], _ decimals: Int) -> String {
        let (low, high) = (values.min() ?? 0, values.max() ?? 0)
        return "\(fixed(median(values), decimals)) (\(fixed(low, decimals))-\(fixed(high, decimals)))"
    }
}
