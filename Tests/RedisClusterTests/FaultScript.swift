import Randomness
import RedisCluster

/// Random faults on a `ManualCluster`, tick by tick. What happens depends on the seed alone.
struct FaultScript {
    private var dice: RandomStream
    private let allowed: Set<Kind>
    /// The chance of a fault in each tick.
    private let rate: Double

    enum Kind: CaseIterable {
        case kill, vanish, restart, newAddress, freeze, thaw, cut, heal, lose, failover, loseConfig
    }

    init(seed: UInt64, rate: Double, allowed: Set<Kind> = Set(Kind.allCases).subtracting([.loseConfig])) {
        dice = RandomStream(seed: seed, replication: 1, purpose: .test, entity: 0)
        self.rate = rate
        self.allowed = allowed
    }

    /// Perhaps one fault.
    mutating func strike(_ cluster: ManualCluster) {
        guard dice.chance(rate) else { return }
        let kind = Kind.allCases[dice.below(Kind.allCases.count)]
        let p = dice.below(cluster.nodes.count)
        let q = dice.below(cluster.nodes.count)
        let manner = dice.below(3)
        guard allowed.contains(kind) else { return }
        // More than a third down would leave little to look at.
        let absent = cluster.lives.filter { $0.state != .running }.count
        let mayTakeAway = absent < max(2, cluster.nodes.count / 3)
        switch kind {
        case .kill: if mayTakeAway { cluster.kill(p) }
        case .vanish: if mayTakeAway { cluster.kill(p, goodbye: false) }
        case .freeze: if mayTakeAway { cluster.freeze(p) }
        case .restart: cluster.restart(p)
        case .newAddress: cluster.restart(p, newAddress: true)
        case .loseConfig: cluster.restart(p, newAddress: manner == 0, lostConfig: true)
        case .thaw: cluster.thaw(p)
        case .cut: isolate(p, q, manner, cluster)
        case .heal: cluster.network.heal()
        case .lose: lose(manner, cluster)
        case .failover:
            cluster.step(p, .failover(manner == 0 ? .force : .plain))
            cluster.deliver()
        }
    }

    /// One pair, one node, or a group from the rest.
    private func isolate(_ p: Int, _ q: Int, _ manner: Int, _ cluster: ManualCluster) {
        let others = cluster.nodes.indices.filter { $0 != p }
        switch manner {
        case 0: cluster.network.cut(p, q)
        case 1: for other in others { cluster.network.cut(p, other) }
        default:
            for other in others where other != q {
                cluster.network.cut(p, other)
                cluster.network.cut(q, other)
            }
        }
    }

    private func lose(_ manner: Int, _ cluster: ManualCluster) {
        let types: [MessageType?] = [.authAck, .fail, nil]
        if cluster.network.losses.isEmpty, let type = types[manner] {
            cluster.network.losses.append(.init(type: type))
        } else {
            cluster.network.losses.removeAll()
        }
    }

    /// Everything works again; dead processes are back.
    static func repair(_ cluster: ManualCluster) {
        cluster.network.heal()
        cluster.network.losses.removeAll()
        cluster.deliver()
        for p in cluster.nodes.indices {
            cluster.thaw(p)
            cluster.restart(p)
        }
    }
}
