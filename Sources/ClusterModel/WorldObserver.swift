package import RedisCluster
import SystemModel

/// Somebody who looks at the world from time to time and changes nothing in it, such as a client.
package protocol WorldObserver {
    /// Looks at the world `time` ns after the fault (before it where negative) and says when to look next, later than
    /// `time`; nil is never again.
    mutating func look(at time: Int64, _ world: ClusterSimulation) -> Int64?
}

extension ClusterSimulation {
    /// Runs one replication to the scenario's horizon with somebody looking on from `start` ns after the fault. The
    /// outcome is the same as without.
    package func replicate(
        _ index: Int, observedBy observer: inout some WorldObserver, from start: Int64
    ) -> Outcome {
        prepare(index)
        horizon = faultTime + (scenario?.horizon ?? 0)
        var next: Int64? = start
        while let time = next, faultTime + time <= horizon {
            run(until: faultTime + time)
            next = observer.look(at: time, self).map { max($0, time + 1) }
        }
        run(until: horizon)
        finish(at: horizon)
        return outcome
    }
}

/// What a client's connect meets.
package enum ConnectAnswer: Sendable, Equatable {
    /// The server's kernel takes the connection.
    case accepted(process: Int)
    case refused
    /// The network says after that many ns that nobody is there.
    case unreachable(after: Int64)
    case silence
}

/// What a server says to a write.
package enum WriteAnswer: Sendable, Equatable {
    case done
    /// MOVED to an address.
    case moved(Address)
    /// CLUSTERDOWN, LOADING or NOREPLICAS: not now.
    case refused
    /// Nothing yet.
    case silence
}

/// What a client that sits with the majority of the servers finds. Times are ns after the fault.
extension ClusterSimulation {
    /// Parts of the slots that have an owner of their own.
    package var partCount: Int { wire.slots.layout.parts.count }

    package var processCount: Int { count }

    package func address(of p: Int) -> Address { processes[p].address }

    /// Counts the lives of a process: a connection belongs to one of them.
    package func life(of p: Int) -> UInt32 { processes[p].generation }

    /// The server that takes the writes of a part now; -1 where none does.
    package func server(ofPart part: Int) -> Int { serving.servers[part] }

    package func connect(to address: Address, at time: Int64) -> ConnectAnswer {
        guard address != noAddress else { return .refused }
        let instant = faultTime + time
        let p = Int(residents[Int(address)])
        if p >= 0, isBeyondReach(p, at: instant) { return .silence }
        if p >= 0, processes[p].isAlive { return .accepted(process: p) }
        if let pods { return pods.answerToClient(self, address, at: instant) }
        return vanished.contains(address) ? .silence : .refused
    }

    /// Packets to the process vanish.
    private func isBeyondReach(_ p: Int, at instant: Int64) -> Bool {
        pods?.isLost(worker: Int(processes[p].host)) == true || !isWithMajority(p, at: instant)
    }

    /// True where the connection of a client to this life of a process stands, and false once its end has been read;
    /// a process that is beyond reach says nothing, so that its connections stand.
    package func isConnected(to p: Int, life: UInt32, at time: Int64) -> Bool {
        processes[p].isAlive && processes[p].generation == life || isBeyondReach(p, at: faultTime + time)
    }

    /// What the server says now to a write to a part of the slots (getNodeByQuery of cluster.c).
    package func write(toPart part: Int, at p: Int, time: Int64) -> WriteAnswer {
        let instant = faultTime + time
        guard isResponsive(p, at: instant) else { return .silence }
        if processes[p].state == .loading { return .refused }
        let owner = nodes[p].owners[part]
        guard nodes[p].stateIsOk, owner != noPeer else { return .refused }
        if owner != ClusterNode.myself { return .moved(nodes[p].table.peers[Int(owner)].address) }
        if serving.grows(p) { return .done }
        return processes[p].writesPausedUntil > instant || processes[p].stalledUntil > instant ? .silence : .refused
    }

    private func isResponsive(_ p: Int, at instant: Int64) -> Bool {
        let isUp = processes[p].state == .running || processes[p].state == .loading
        return isUp && !isBeyondReach(p, at: instant) && processes[p].busyUntil <= instant + 1_000_000
    }

    /// CLUSTER SLOTS as the server answers it: the address of each part's master, `noAddress` where it knows none; nil
    /// where it does not answer now.
    package func slots(accordingTo p: Int, at time: Int64) -> [Address]? {
        guard isResponsive(p, at: faultTime + time), processes[p].state == .running else { return nil }
        return (0..<partCount).map { part in
            let owner = nodes[p].owners[part]
            if owner == noPeer { return noAddress }
            return owner == ClusterNode.myself ? processes[p].address : nodes[p].table.peers[Int(owner)].address
        }
    }

    /// The addresses of all servers that `p` knows, its own among them, in the order of their processes.
    package func knownAddresses(of p: Int) -> [Address] {
        (0..<count).compactMap { q in
            if q == p { return processes[p].address == noAddress ? nil : processes[p].address }
            let index = nodes[p].table.index(of: processes[q].nodeID)
            guard index != noPeer else { return nil }
            let address = nodes[p].table.peers[Int(index)].address
            return address == noAddress ? nil : address
        }
    }

    /// Servers behind the Service: Ready pods, or the running ones of bare processes.
    package var endpoints: [Int] {
        (0..<count).filter { pods?.pods[$0].ready ?? processes[$0].isAlive }
    }

    /// A replica in sync that would confirm a write of master `p` follows it.
    package func hasReplicaInSync(_ p: Int, at time: Int64) -> Bool {
        (0..<count).contains { r in
            follows(r, p) && processes[r].state == .running && processes[r].stalledUntil <= faultTime + time
                && reachability.cutUntil(p, r, at: faultTime + time) == nil
        }
    }

    /// The machine of a process, by index; -1 where it has none.
    package func machine(of p: Int) -> Int { Int(processes[p].host) }
}
