import Glibc
package import RedisCluster

/// What was done to the cluster, when and to whom.
package struct InflictedAction: Sendable, Equatable {
    /// `kill`, `terminate`, `freeze`, `thaw`, `start`, `failover`, `loseVolume`, `cut` or `heal`.
    package var action: String
    /// Right before the system call.
    package var moment: Moment
    package var processes: [Int]
    package var names: [NodeName]

    /// `kill process 2`
    package var spoken: String {
        guard !processes.isEmpty else { return action }
        return "\(action) process\(processes.count == 1 ? "" : "es") "
            + processes.map(String.init).joined(separator: ", ")
    }
}

/// One instant on the two clocks that matter: the servers' logs have the one, recordings the other.
package struct Moment: Sendable, Equatable {
    /// CLOCK_REALTIME: Unix µs.
    package var wall: Int64
    /// CLOCK_MONOTONIC, ns.
    package var monotonic: UInt64

    package static var now: Moment {
        let real = read(CLOCK_REALTIME)
        let monotonic = read(CLOCK_MONOTONIC)
        return Moment(
            wall: Int64(real.tv_sec) * 1_000_000 + Int64(real.tv_nsec) / 1000,
            monotonic: UInt64(monotonic.tv_sec) * 1_000_000_000 + UInt64(monotonic.tv_nsec))
    }

    private static func read(_ clock: clockid_t) -> timespec {
        var time = timespec()
        clock_gettime(clock, &time)
        return time
    }
}

/// What one trial says.
package struct TrialOutcome: Sendable, Equatable {
    /// Unix µs of the first step.
    package var fault: Int64
    /// When watching ended, µs after the fault: what had not happened by then may have happened later.
    package var end: Int64
    package var milestones: Milestones
    package var victims: [Int]
    package var victimNames: [NodeName]
    /// `master` or `replica` before the fault, by process.
    package var roles: [String]
    package var actions: [InflictedAction]
}
