import DiscreteEvent
import Randomness
import RedisCluster
import SystemModel

/// Which slots have a master that takes writes, over time.
struct Serving {
    /// Since when each part has been unserved; -1 while it is served.
    private(set) var unservedSince: [Int64] = []
    private(set) var unserved: [Int64] = []
    /// Who serves each part; -1 where nobody does.
    private(set) var servers: [Int] = []
    private(set) var anySince: Int64 = -1
    private(set) var anyTotal: Int64 = 0
    /// Processes that take writes: their offsets grow under load.
    private var growing: [Bool] = []

    mutating func reset(parts: Int) {
        unservedSince = Array(repeating: -1, count: parts)
        unserved = Array(repeating: 0, count: parts)
        servers = Array(repeating: -1, count: parts)
        anySince = -1
        anyTotal = 0
        for p in growing.indices { growing[p] = false }
    }

    func grows(_ p: Int) -> Bool { p < growing.count && growing[p] }

    mutating func setGrows(_ p: Int, _ grows: Bool) {
        while growing.count <= p { growing.append(false) }
        growing[p] = grows
    }

    /// Forgets what happened before the fault.
    mutating func begin(at time: Int64) {
        anyTotal = 0
        if anySince >= 0 { anySince = time }
        for part in unserved.indices {
            unserved[part] = 0
            if unservedSince[part] >= 0 { unservedSince[part] = time }
        }
    }

    mutating func update(part: Int, server: Int, at time: Int64) {
        let served = server >= 0
        servers[part] = server
        if served, unservedSince[part] >= 0 {
            unserved[part] += max(0, time - unservedSince[part])
            unservedSince[part] = -1
        } else if !served, unservedSince[part] < 0 {
            unservedSince[part] = time
        }
    }

    mutating func settleAny(at time: Int64) {
        let some = unservedSince.contains { $0 >= 0 }
        if some, anySince < 0 {
            anySince = time
        } else if !some, anySince >= 0 {
            anyTotal += max(0, time - anySince)
            anySince = -1
        }
    }
}

extension ClusterSimulation {
    /// Looks again at who serves what; called whenever a state, a role or a life has changed.
    func servingChanged(at time: Int64) {
        for p in 0..<count {
            let grows = takesWrites(p, at: time)
            if grows != serving.grows(p) {
                settleOffset(p, at: time)
                serving.setGrows(p, grows)
                if grows { countUnwritten(p) }
            }
        }
        for part in serving.unserved.indices {
            var server = -1
            for p in 0..<count
            where serving.grows(p) && nodes[p].owners[part] == ClusterNode.myself && isWithMajority(p, at: time) {
                server = p
            }
            if recorder.keepsServing, serving.servers[part] != server {
                recorder.keepServing(part: part, by: server, at: time - faultTime)
            }
            serving.update(part: part, server: server, at: time)
        }
        serving.settleAny(at: time)
    }

    /// Whether packets pass between `p` and more than half of the nodes, itself included, dead ones too: a master that
    /// is cut off with fewer goes on for a node timeout, but what it acknowledges then is lost once it is replaced, and
    /// most clients can't reach it.
    func isWithMajority(_ p: Int, at time: Int64) -> Bool {
        if reachability.faults.isEmpty { return true }
        var reached = 0
        for q in 0..<count where q == p || reachability.cutUntil(p, q, at: time) == nil { reached += 1 }
        // Halves: that of the first node counts, so that one side's clients are followed and not nobody's.
        if reached * 2 == count { return p == 0 || reachability.cutUntil(p, 0, at: time) == nil }
        return reached * 2 > count
    }

    /// A running master whose cluster_state is ok, whose writes are not paused and which has the replicas it wants.
    private func takesWrites(_ p: Int, at time: Int64) -> Bool {
        processes[p].state == .running && nodes[p].isMaster && nodes[p].stateIsOk
            && processes[p].writesPausedUntil <= time && processes[p].stalledUntil <= time && hasGoodReplicas(p)
    }
}
