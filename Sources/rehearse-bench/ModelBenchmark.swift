import AllocationCounter
import ClusterModel

/// What a model does per CPU second, and what one of its events costs beside a PHOLD event of the same run.
struct ModelBenchmark {
    let name: String
    let simulation: ClusterSimulation
    /// The fault, if there is one, strikes this long before a replication's end, ns.
    let faultBeforeEnd: Int64
    /// Simulated seconds that a CPU second must reach; nil where nothing is asked.
    let targetPace: Double?

    /// Prints the rates, median (min-max) of the rounds of `seconds` CPU seconds each, on the calling thread.
    func run(rounds: Int, seconds: Double, pholdRate: Double, targets: inout Targets) {
        // The first replications pay for storage that the others reuse.
        for index in 0..<Self.warmUp { _ = simulation.replicate(index) }
        var replicationRates: [Double] = []
        var eventRates: [Double] = []
        var paces: [Double] = []
        for _ in 0..<rounds {
            let (count, events, simulated, used) = round(seconds)
            replicationRates.append(Double(count) / used)
            eventRates.append(Double(events) / used)
            paces.append(Double(simulated) * 1e-9 / used)
        }
        print("\(name)")
        print("  replications per CPU second       \(Self.spread(replicationRates, 1))")
        print("  simulated seconds per CPU second  \(Self.spread(paces, 0)) \(paceVerdict(paces, &targets))")
        print("  million events per CPU second     \(Self.spread(eventRates.map { $0 / 1e6 }, 2))")
        let cost = pholdRate / Self.median(eventRates)
        print("  one event costs \(fixed(cost, 1)) PHOLD events \(targets.judge("\(name): cost", cost <= 4, "4"))")
        reportAllocations(&targets)
    }

    /// Replications that are run before anything is measured.
    private static let warmUp = 5

    /// As many replications as fit into the CPU time, from index 0 on.
    private func round(_ seconds: Double) -> (count: Int, events: Int, simulated: Int64, used: Double) {
        var (count, simulated) = (0, Int64(0))
        let before = simulation.eventsDispatched
        let start = threadCPUSeconds()
        var used = 0.0
        repeat {
            _ = simulation.replicate(count)
            count += 1
            simulated += simulation.now
            used = threadCPUSeconds() - start
        } while used < seconds
        return (count, simulation.eventsDispatched - before, simulated, used)
    }

    /// Counts what is allocated while events happen, in replications that were run before: the steady state. Only what
    /// the scenario itself does to the cluster, at one instant, may allocate.
    private func reportAllocations(_ targets: inout Targets) {
        var allocations: UInt = 0
        let before = simulation.eventsDispatched
        for index in 0..<Self.warmUp {
            simulation.prepare(index)
            let fault = simulation.horizon - faultBeforeEnd
            allocations += allocationsOfEvents(until: fault - 1)
            simulation.run(until: fault)
            allocations += allocationsOfEvents(until: simulation.horizon)
        }
        let events = simulation.eventsDispatched - before
        print(
            "  \(allocations) allocations in \(events) events"
                + " \(targets.judge("\(name): allocations", allocations == 0, "0"))")
    }

    private func allocationsOfEvents(until time: Int64) -> UInt {
        let before = allocations_of_this_thread()
        simulation.run(until: time)
        return allocations_of_this_thread() - before
    }

    private func paceVerdict(_ paces: [Double], _ targets: inout Targets) -> String {
        guard let targetPace else { return "" }
        return targets.judge("\(name): pace", Self.median(paces) >= targetPace, fixed(targetPace, 0))
    }

    private static func median(_ values: [Double]) -> Double { values.isEmpty ? 0 : values.sorted()[values.count / 2] }

    private static func spread(_ values: [Double], _ decimals: Int) -> String {
        let (low, high) = (values.min() ?? 0, values.max() ?? 0)
        return "\(fixed(median(values), decimals)) (\(fixed(low, decimals))-\(fixed(high, decimals)))"
    }
}
