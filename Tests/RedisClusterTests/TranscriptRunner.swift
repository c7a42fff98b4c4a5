import RedisCluster

/// Carries out the commands of a transcript on a `ManualCluster`.
struct TranscriptRunner {
    private var stage: ManualCluster?

    /// Runs a block's commands; what they print.
    mutating func run(_ commands: [String]) throws -> [String] {
        var output: [String] = []
        for line in commands { output += try run(TranscriptCommand(line)) }
        return output
    }

    private mutating func run(_ command: TranscriptCommand) throws -> [String] {
        switch command.name {
        case "cluster", "fresh":
            stage = try command.name == "cluster" ? running(command) : fresh(command)
            return []
        default:
            guard let stage else { throw command.fail("there is no cluster yet") }
            let printed = try perform(command, stage)
            return stage.takeLog() + printed
        }
    }

    /// A running cluster: masters, replicas (of each), seed, and directives.
    private func running(_ command: TranscriptCommand) throws -> ManualCluster {
        ManualCluster.running(
            masters: try command.integer("masters", default: 3), replicas: try command.integer("replicas", default: 1),
            seed: UInt64(try command.integer("seed", default: 1)), conf: try conf(command), rules: try rules(command))
    }

    /// Empty nodes that know nobody; `parts` is how many pieces the slots come in.
    private func fresh(_ command: TranscriptCommand) throws -> ManualCluster {
        ManualCluster(
            layout: .evenly(masters: try command.integer("parts", default: 3)),
            seed: UInt64(try command.integer("seed", default: 1)), count: try command.integer("nodes", default: 6),
            conf: try conf(command), rules: try rules(command))
    }

    /// Redis 7.0's, or those of `engine=`.
    private func rules(_ command: TranscriptCommand) throws -> EngineRules {
        switch command.values["engine"] {
        case nil, "redis:7.0": .redis70
        case "redis:6.2": .redis62
        case "redis:7.2": .redis72
        case "redis:7.4": .redis74
        case "valkey:8": .valkey80
        case "valkey:9": .valkey91
        case .some(let engine): throw command.fail("engine \(engine)?")
        }
    }

    private func conf(_ command: TranscriptCommand) throws -> RedisConf {
        var conf = RedisConf()
        conf.nodeTimeout = Int64(try command.integer("timeout", default: 5000))
        conf.replicaValidityFactor = Int64(try command.integer("validity", default: 10))
        conf.migrationBarrier = try command.integer("barrier", default: 1)
        conf.allowReplicaMigration = try command.flag("migration", default: true)
        conf.requireFullCoverage = try command.flag("coverage", default: true)
        conf.replicaNoFailover = try command.flag("no-failover", default: false)
        return conf
    }

    private func perform(_ command: TranscriptCommand, _ stage: ManualCluster) throws -> [String] {
        if let printed = try time(command, stage) ?? lives(command, stage) ?? network(command, stage) { return printed }
        if let printed = try operate(command, stage) ?? stage.arrange(command) ?? stage.show(command) { return printed }
        throw command.fail("unknown command")
    }

    // MARK: Time

    private func time(_ command: TranscriptCommand, _ stage: ManualCluster) throws -> [String]? {
        switch command.name {
        case "tick":
            let only = try command.words.dropFirst().isEmpty ? nil : stage.list(command, from: 1)
            for _ in 0..<(command.words.isEmpty ? 1 : try command.integer(0)) { stage.tick(only) }
        case "run":
            for _ in 0..<(try command.duration(command.words.first ?? "") / 100) { stage.tick() }
        case "log": stage.isMuted = command.words.first == "off"
        case "advance": stage.now += try command.duration(command.words.first ?? "")
        case "until": return try until(command, stage)
        default: return nil
        }
        return []
    }

    /// `until WORDS [limit=60s]`: ticks until a line of the log holds the words, or the limit.
    private func until(_ command: TranscriptCommand, _ stage: ManualCluster) throws -> [String] {
        let wanted = command.words.joined(separator: " ")
        let limit = stage.now + (try command.duration(command.values["limit"] ?? "60s"))
        while stage.now < limit {
            stage.tick()
            if stage.log.contains(where: { $0.contains(wanted) }) { return [] }
        }
        return ["never: \(wanted)"]
    }

    // MARK: Lives

    private func lives(_ command: TranscriptCommand, _ stage: ManualCluster) throws -> [String]? {
        switch command.name {
        case "kill": for p in try stage.list(command) { stage.kill(p) }
        case "vanish": for p in try stage.list(command) { stage.kill(p, goodbye: false) }
        case "freeze": for p in try stage.list(command) { stage.freeze(p) }
        case "thaw": for p in try stage.list(command) { stage.thaw(p) }
        case "restart":
            for p in try stage.list(command) {
                stage.restart(
                    p, newAddress: command.values["address"] == "new", lostConfig: command.values["conf"] == "lost")
            }
        default: return nil
        }
        return []
    }

    // MARK: Network

    private func network(_ command: TranscriptCommand, _ stage: ManualCluster) throws -> [String]? {
        switch command.name {
        case "network": stage.deliversByHand = command.words.first == "by-hand"
        case "trace": stage.tracesMessages = command.words.first == "on"
        case "deliver": stage.deliver(try stage.filter(command))
        case "drop": return ["lost \(stage.drop(try stage.filter(command)))"]
        case "lose":
            if command.words.first == "nothing" {
                stage.network.losses.removeAll()
            } else {
                stage.network.losses.append(try stage.filter(command))
            }
        case "connect":
            guard let outcome = command.words.last.flatMap(ConnectOutcome.init) else { throw command.fail("outcome?") }
            for p in try stage.list(command, from: 0, to: command.words.count - 1) { stage.lives[p].connects = outcome }
        case "cut":
            // `cut 1,2 3,4`: packets between the two groups vanish.
            for p in try stage.group(command, 0) {
                for q in try stage.group(command, 1) { stage.network.cut(p, q) }
            }
        case "heal":
            stage.network.heal()
            if !stage.deliversByHand { stage.deliver() }
        default: return nil
        }
        return []
    }

    // MARK: Commands of Redis

    private func operate(_ command: TranscriptCommand, _ stage: ManualCluster) throws -> [String]? {
        switch command.name {
        case "meet":
            let target = try stage.node(command, 1)
            stage.step(try stage.node(command, 0), .meet(stage.lives[target].address))
        case "replicate":
            let target = try stage.node(command, 1)
            stage.step(try stage.node(command, 0), .replicate(stage.nodes[target].id))
        case "set-config-epoch":
            stage.step(try stage.node(command, 0), .setConfigEpoch(UInt64(try command.integer(1))))
        case "add-slots":
            var set = SlotSets.empty
            for position in command.words.indices.dropFirst() {
                set = stage.wire.slots.changing(set, part: try command.integer(position), to: true)
            }
            stage.step(try stage.node(command, 0), .addSlots(set))
        case "failover":
            let request: FailoverRequest =
                switch command.words.dropFirst().first {
                case "force": .force
                case "takeover": .takeover
                default: .plain
                }
            stage.step(try stage.node(command, 0), .failover(request))
        default: return nil
        }
        if !stage.deliversByHand { stage.deliver() }
        return []
    }
}
