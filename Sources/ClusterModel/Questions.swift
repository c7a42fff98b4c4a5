import DiscreteEvent
import Randomness

/// What asking costs the asked: each question wakes the event loop, which then reckons epoll's timeout anew, in whole
/// milliseconds rounded up. Asked every 50 ms, servers of 7.0.15 tick every 101.0 ms instead of 100.5 ms.
extension ClusterSimulation {
    /// From now on every process is asked at the same interval, ns, each from a phase of its own.
    func beginQuestions(every interval: Int64) {
        watch.questionInterval = interval
        var phases = stream(.replay, 2)
        for p in 0..<count {
            events.schedule(.asked(Int16(p)), at: events.now + Int64(phases.uniform() * Double(interval)))
        }
    }

    /// One question, and the next. A process that is busy answers at its loop's next turn, whose timeout is its own.
    func ask(_ p: Int) {
        events.schedule(.asked(Int16(p)), at: events.now + watch.questionInterval)
        passQuietTicks(p, until: events.now)
        guard processes[p].state == .running, processes[p].busyUntil <= events.now,
            processes[p].tickAt > events.now
        else { return }
        iterate(p, at: events.now)
    }
}
