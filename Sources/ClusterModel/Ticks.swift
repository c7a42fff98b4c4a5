import DiscreteEvent
import Randomness
import RedisCluster
import SystemModel

/// When serverCron runs, without looking at every tick that finds nothing to do.
///
/// Nobody outside a process can tell whether a quiet tick has happened. So they are made up for in a row as soon as
/// somebody looks at the process: each draws its own durations and moves the tick's phase just as if an event had
/// announced it. Each process has one alarm, at or before the first tick that may not be quiet.
extension ClusterSimulation {
    /// The alarm: the quiet ticks until now, then the one that is not.
    @inline(__always)
    func tickDue(_ p: Int) {
        let process = processes + p
        let time = events.now
        if process.pointee.state == .running {
            process.pointee.awaitsConnect = false
            passQuietTicks(p, until: time)
            if max(process.pointee.tickAt, process.pointee.busyUntil) <= time {
                eventCount &+= 1
                iterate(p, at: time)
            } else {
                ensureTick(p)
            }
        }
        // A process that does not run, or never will again, waits for nothing.
        if alarms[p] <= time { alarms.set(p, at: .max) }
    }

    /// Makes up for the ticks up to `time` that find nothing to do, and for refused connects.
    @inline(__always)
    func passQuietTicks(_ p: Int, until time: Int64) {
        let process = processes + p
        passRefusals(p, until: time)
        guard max(process.pointee.tickAt, process.pointee.busyUntil) <= time,
            process.pointee.untilReplicationCron > 0, nodes[p].ticksUntilRandomPing > 1, mayTickQuietly(p, process)
        else { return }
        makeUpTicks(p, process, until: time)
    }

    /// Nothing waits for a tick but the cluster's own timers.
    @inline(__always)
    private func mayTickQuietly(_ p: Int, _ process: UnsafeMutablePointer<RedisProcess>) -> Bool {
        process.pointee.state == .running && process.pointee.inboxCount == 0 && !process.pointee.shutdownRequested
            && !underLoad && makesUpForQuietTicks && nodes[p].todo.rawValue == 0
    }

    private func makeUpTicks(_ p: Int, _ process: UnsafeMutablePointer<RedisProcess>, until time: Int64) {
        let node = nodes + p
        let (tickCost, wakeUpTime) = (costs.tick, costs.wakeUp)
        let most = min(Int(process.pointee.untilReplicationCron), node.pointee.ticksUntilRandomPing &- 1)
        var tick = max(process.pointee.tickAt, process.pointee.busyUntil)
        var stream = dice[p].loop
        var passed = 0
        var (end, wakeUp) = (Int64(0), Int64(0))
        var quietEnd = simulated(endOf: node.pointee.quietUntil)
        while tick <= time, passed < most {
            if tick >= quietEnd {
                var unused = stream
                guard node.pointee.findsNothingDue(at: wall(tick + tickCost.sample(&unused))) else { break }
                quietEnd = simulated(endOf: node.pointee.quietUntil)
            }
            end = tick &+ tickCost.sample(&stream)
            wakeUp = wakeUpTime.sample(&stream)
            tick = end &+ ClusterSimulation.cronPeriod &+ wakeUp
            passed &+= 1
        }
        guard passed > 0 else { return }
        eventCount &+= passed
        node.pointee.ticksUntilRandomPing &-= passed
        process.pointee.untilReplicationCron &-= Int32(truncatingIfNeeded: passed)
        process.pointee.busyUntil = end
        process.pointee.timerDue = end &+ ClusterSimulation.cronPeriod
        process.pointee.wakeUp = wakeUp
        process.pointee.tickAt = tick
        dice[p].loop = stream
    }

    /// The simulated instant at which the wall clock has left a millisecond; one beyond every horizon is as good.
    @inline(__always)
    private func simulated(endOf millisecond: Milliseconds) -> Int64 {
        (min(millisecond, ClusterSimulation.never / 1_000_000) + 1) &* 1_000_000 &- wallOffset
    }

    /// True where the alarm stands as it should, provided that no tick has happened and the next one has not come
    /// nearer since it was set: the bound that it was set to holds as long as nothing new waits for a tick.
    @inline(__always)
    func isTickForeseen(_ p: Int) -> Bool {
        let process = processes + p
        let alarm = alarms[p]
        return alarm > events.now && alarm < .max && nodes[p].quietUntil >= process.pointee.foreseenQuiet
            && process.pointee.inboxCount == 0 && nodes[p].todo.rawValue == 0 && !process.pointee.awaitsConnect
    }

    /// Sees to it that the alarm is not later than the next tick that may have something to do.
    func ensureTick(_ p: Int) {
        let process = processes + p
        // An alarm that rings now is none for the future.
        let pending = alarms[p] > events.now ? alarms[p] : .max
        // Nothing is needed before the next tick.
        guard process.pointee.tickAt < pending else { return }
        let needed = max(firstBusyTick(p, process), process.pointee.busyUntil, events.now)
        process.pointee.foreseenQuiet = nodes[p].quietUntil
        guard needed < pending, needed < ClusterSimulation.never else { return }
        alarms.set(p, at: needed)
    }

    /// No later than the first tick that is not quiet: ticks are more than a period apart.
    @inline(__always)
    private func firstBusyTick(_ p: Int, _ process: UnsafeMutablePointer<RedisProcess>) -> Int64 {
        let tick = process.pointee.tickAt
        // A refusal makes the next tick connect again.
        guard mayTickQuietly(p, process), !process.pointee.awaitsConnect, process.pointee.refusedAt == .max,
            tick < ClusterSimulation.never
        else { return tick }
        let quiet = min(Int64(process.pointee.untilReplicationCron), Int64(nodes[p].ticksUntilRandomPing) - 1)
        guard quiet > 0 else { return tick }
        let byCount = tick + quiet * ClusterSimulation.cronPeriod
        return max(tick, min(byCount, simulated(endOf: nodes[p].quietUntil)))
    }
}
