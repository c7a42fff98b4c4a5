import DiscreteEvent
import Randomness

/// PHOLD, the customary benchmark of event lists (Fujimoto 1990): a fixed number of events is pending; each one that
/// happens touches the state of its logical process and schedules one more, at a random process after an exponential
/// time.
///
/// Everything is integer arithmetic on shared numbers, so that every engine executes the same events in the same order,
/// whatever its language and C library: increments are exponential with mean 1 ms, linear between 1025 tabulated
/// quantiles and rounded down to whole ns, which makes ties that every engine must break first in, first out. One
/// 64-bit draw makes one event: 10 bits choose the table's cell, 32 the place in it, 6 the destination.
struct Phold {
    static let processes = 64
    static let seed: UInt64 = 42
    /// Quantiles of the increment in ns, at 0, 1/1024, ... and, for the last, 1 - 2^-16.
    static let increments: [Int64] = (0...1024).map { index in
        Int64(Distribution.exponential(mean: 1e6).quantile(min(Double(index) / 1024, 1 - 0x1p-16)))
    }

    /// What a run leaves behind. The checksum sums, over all events, the time since the process's last one times the
    /// process's count of events so far: it differs as soon as two events change places.
    struct Outcome {
        var checksum: UInt64
        var cpuSeconds: Double
    }

    struct Process {
        var last: Int64 = 0
        var count: Int64 = 0
    }

    /// The stream of draws: one for each pending event at the start, then one for each event that happens.
    static func draws() -> RandomStream { RandomStream(key: seed) }

    /// One draw's increment in ns.
    @inline(__always)
    static func increment(_ bits: UInt64, _ table: UnsafePointer<Int64>) -> Int64 {
        let cell = table + Int(truncatingIfNeeded: bits >> 54)
        let fraction = Int64(truncatingIfNeeded: (bits >> 22) & 0xFFFF_FFFF)
        return cell[0] &+ ((cell[1] &- cell[0]) &* fraction) >> 32
    }

    /// One draw's destination, seen from a process.
    @inline(__always)
    static func destination(_ bits: UInt64, from process: Int) -> Int {
        (process &+ Int(truncatingIfNeeded: bits)) & (processes - 1)
    }

    /// Runs `events` events with `pending` ones waiting, timing the loop only.
    static func run(pending: Int, events: Int) -> Outcome {
        increments.withUnsafeBufferPointer { table in
            guard let table = table.baseAddress else { preconditionFailure("the table of increments is never empty") }
            let states = UnsafeMutablePointer<Process>.allocate(capacity: processes)
            states.initialize(repeating: Process(), count: processes)
            defer { states.deallocate() }
            var list = EventList<Int>(minimumCapacity: pending)
            var draws = draws()
            for index in 0..<pending {
                let bits = draws.next()
                list.schedule(destination(bits, from: index), at: increment(bits, table))
            }
            let start = threadCPUSeconds()
            let checksum = hold(&list, draws, states, table, events)
            return Outcome(checksum: checksum, cpuSeconds: threadCPUSeconds() - start)
        }
    }

    @inline(never)
    private static func hold(
        _ list: inout EventList<Int>, _ stream: RandomStream, _ states: UnsafeMutablePointer<Process>,
        _ table: UnsafePointer<Int64>, _ events: Int
    ) -> UInt64 {
        var checksum: Int64 = 0
        var remaining = events
        var draws = stream
        while remaining > 0, let process = list.next() {
            let state = states + process
            state.pointee.count &+= 1
            checksum &+= (list.now &- state.pointee.last) &* state.pointee.count
            state.pointee.last = list.now
            let bits = draws.next()
            list.schedule(destination(bits, from: process), at: list.now &+ increment(bits, table))
            remaining -= 1
        }
        return UInt64(bitPattern: checksum)
    }
}
