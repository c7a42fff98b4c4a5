/// Other roles and other pairs on the machines as they are: what CLUSTER REPLICATE and CLUSTER FAILOVER can do.
package struct Rearrangement: Sendable, Equatable {
    /// A replica and the master that it shall follow from now on.
    package struct Move: Sendable, Equatable {
        package let replica: Int
        package let master: Int
    }

    package let moves: [Move]
    package let result: Situation

    /// Gives replicas other masters, so that as few shards as possible are on one machine only; nil where nothing is
    /// gained. Replicas change places in pairs until none is gained any more, which for one replica each finds the best
    /// there is.
    package init?(separating situation: Situation) {
        var shards = situation.shards
        let seats = shards.indices.flatMap { shard in shards[shard].indices.dropFirst().map { (shard, $0) } }
        func together(_ shards: [[Int]]) -> Int {
            shards.count { shard in shard.allSatisfy { situation.machines[$0] == situation.machines[shard[0]] } }
        }
        var isBetter = true
        while isBetter {
            isBetter = false
            for (index, one) in seats.enumerated() {
                for other in seats[(index + 1)...] where other.0 != one.0 {
                    var changed = shards
                    changed[one.0][one.1] = shards[other.0][other.1]
                    changed[other.0][other.1] = shards[one.0][one.1]
                    if together(changed) < together(shards) {
                        shards = changed
                        isBetter = true
                    }
                }
            }
        }
        guard together(shards) < together(situation.shards) else { return nil }
        result = Situation(machines: situation.machines, shards: shards)
        moves = zip(situation.shards, shards).flatMap { before, after in
            after.dropFirst().filter { !before.contains($0) }.map { Move(replica: $0, master: after[0]) }
        }.sorted { $0.replica < $1.replica }
    }
}

/// Which replicas should be promoted, so that the loss of as few machines as possible is fatal.
package struct Promotions: Sendable, Equatable {
    /// One for each shard that gets another master.
    package let replicas: [Int]
    package let result: Situation

    /// Every choice of masters is looked at where there are at most `limit`; nil where nothing is gained.
    package init?(spreading situation: Situation, machines: [String], limit: Int = 4096) {
        func fatal(_ situation: Situation) -> Int { machines.count { !situation.losing(machine: $0).recovers } }
        var choices = 1
        for shard in situation.shards where choices <= limit { choices *= shard.count }
        guard choices <= limit else { return nil }
        var best: (fatal: Int, promoted: [Int], situation: Situation) = (fatal(situation), [], situation)
        func visit(_ shard: Int, _ promoted: [Int], _ reached: Situation) {
            guard shard < situation.shards.count else {
                let count = fatal(reached)
                if count < best.fatal || count == best.fatal && promoted.count < best.promoted.count {
                    best = (count, promoted, reached)
                }
                return
            }
            visit(shard + 1, promoted, reached)
            for replica in situation.shards[shard].dropFirst() where situation.machines[replica] != nil {
                visit(shard + 1, promoted + [replica], reached.promoting(replica))
            }
        }
        visit(0, [], situation)
        guard !best.promoted.isEmpty, best.fatal < fatal(situation) else { return nil }
        replicas = best.promoted
        result = best.situation
    }
}
