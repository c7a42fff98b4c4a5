import DiscreteEvent
import RedisCluster

/// A connect that is refused before its process's next tick.
struct Refusal: BitwiseCopyable {
    var peer: PeerIndex
    /// The process's life that connected.
    var generation: UInt32
    var time: Int64
}

/// Refused connects, of which there is one a tick for each dead peer.
///
/// Nobody outside a process can tell that its connect was refused, and it does nothing about it before its next tick.
/// So a refusal has no event of its own: it is made up for, like a quiet tick, as soon as somebody looks at the process
/// again; and the connection, on which nothing ever moves, is none.
extension ClusterSimulation {
    func expectRefusal(_ p: Int, of peer: PeerIndex, at time: Int64) {
        outbound[p * peerStride + Int(peer)] = -1
        let refusal = Refusal(peer: peer, generation: processes[p].generation, time: time)
        refusals.append(refusal, to: &processes[p].refusals)
        processes[p].refusedAt = min(processes[p].refusedAt, time)
    }

    /// ECONNREFUSED or EHOSTUNREACH through the write event, up to `time`: the link is gone, ping_sent is left as it
    /// is.
    @inline(__always)
    func passRefusals(_ p: Int, until time: Int64) {
        if processes[p].refusedAt <= time { makeUpRefusals(p, until: time) }
    }

    @inline(never)
    private func makeUpRefusals(_ p: Int, until time: Int64) {
        var pending = processes[p].refusals
        processes[p].refusals = Queues<Refusal>.Queue()
        processes[p].refusedAt = .max
        while let refusal = refusals.popFirst(&pending) {
            if refusal.time > time {
                refusals.append(refusal, to: &processes[p].refusals)
                processes[p].refusedAt = min(processes[p].refusedAt, refusal.time)
            } else if refusal.generation == processes[p].generation {
                eventCount &+= 1
                // A peer may have been dropped meanwhile, or its link.
                if nodes[p].table.peers[Int(refusal.peer)].link == .connecting { nodes[p].forgetLink(refusal.peer) }
            }
        }
    }
}
