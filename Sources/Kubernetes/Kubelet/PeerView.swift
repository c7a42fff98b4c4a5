/// What became of the far end of a TCP connection. Durations in ns.
package enum PeerSituation: Sendable, Equatable {
    /// The process is gone, its sandbox and address are there: a crash, or a back-off.
    case processGone
    /// The pod and its address are gone; its node, which is also the peer's, lives.
    case podGoneSameNode
    /// The pod and its address are gone; its node, another, lives.
    case podGoneOtherNode
    /// The node lost power or is cut off.
    case nodeDead(PodNetwork)
}

/// How flannel carries packets between nodes.
package enum PodNetwork: String, Sendable, CaseIterable {
    case vxlan
    case hostGateway = "host-gw"
}

/// What a new connect() meets.
package enum ConnectOutcome: Sendable, Equatable {
    /// RST at once: ECONNREFUSED.
    case refused
    /// EHOSTUNREACH after so long, once the neighbour entry is gone; `staleNeighbour` says that a cached entry first
    /// keeps it silent for 8...50 s.
    case unreachable(after: Int64, staleNeighbour: Bool)
    /// Nothing, until TCP itself gives up: ETIMEDOUT.
    case silent(until: Int64)
}

extension PeerSituation {
    /// Three ARP probes, one second apart (net/ipv4/arp.c).
    package static let neighbourFailure: Int64 = 3_000_000_000
    /// Six retransmissions of a SYN with doubling time-outs from 1 s (tcp_syn_retries).
    package static let connectTimeout: Int64 = 127_000_000_000
    /// How long a cached neighbour entry keeps new connects silent: reachable for 15...45 s, then a delay of 5 s, then
    /// the probes.
    package static let staleNeighbour: ClosedRange<Int64> = 8_000_000_000...50_000_000_000

    package var connect: ConnectOutcome {
        switch self {
        case .processGone: .refused
        case .podGoneSameNode: .unreachable(after: Self.neighbourFailure, staleNeighbour: true)
        // The living node fails to resolve the address and answers with ICMP host unreachable.
        case .podGoneOtherNode: .unreachable(after: Self.neighbourFailure, staleNeighbour: true)
        // The failure of the outer packet is not translated to the inner connection.
        case .nodeDead(.vxlan): .silent(until: Self.connectTimeout)
        // The next hop itself is not resolved any more.
        case .nodeDead(.hostGateway): .unreachable(after: Self.neighbourFailure, staleNeighbour: true)
        }
    }
}

/// Pod addresses on one node, handed out round robin: the one after the last, so that a new pod never has its
/// predecessor's until the range wraps (containernetworking host-local).
package struct PodAddressPool: Sendable, Equatable {
    package let prefix: String
    /// The host number given out last.
    package private(set) var last: Int
    private var used: [Int] = []

    /// - Parameters:
    ///   - prefix: of a /24, such as `10.244.1`.
    ///   - last: the host number last given out; 1 is the gateway's.
    package init(prefix: String, last: Int = 1) {
        self.prefix = prefix
        self.last = min(max(last, 1), 254)
    }

    /// The next free address; nil where all 253 are taken.
    package mutating func take() -> String? {
        for step in 1...253 {
            let host = (last - 2 + step + 253) % 253 + 2
            if used.contains(host) { continue }
            used.append(host)
            last = host
            return "\(prefix).\(host)"
        }
        return nil
    }

    /// Takes one address out of turn; false where it is not of this range, or taken.
    package mutating func claim(_ address: String) -> Bool {
        guard let host = host(of: address), !used.contains(host) else { return false }
        used.append(host)
        return true
    }

    /// Gives an address back; one that was not taken here is ignored.
    package mutating func release(_ address: String) {
        guard let host = host(of: address) else { return }
        used.removeAll { $0 == host }
    }

    /// The host number of an address that a pod of this range can have; nil for any other.
    package func host(of address: String) -> Int? {
        guard address.hasPrefix(prefix + "."), let host = Int(address.dropFirst(prefix.count + 1)) else { return nil }
        return (2...254).contains(host) ? host : nil
    }
}
