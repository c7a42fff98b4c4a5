import Recording
import RedisCluster
import SystemModel

/// redis.conf and the engine as the servers told them.
struct RecordedConfiguration {
    private(set) var conf: RedisConf
    private(set) var engine: Engine
    private(set) var applied: [ObservedServer.Setting] = []
    private let held: Set<String>

    init(base: SystemModel, held: Set<String>) {
        conf = base.conf
        engine = base.engine
        self.held = held
    }

    /// All servers should have the same configuration; where they differ the first one's is taken.
    mutating func read(_ servers: [ObservedServer], _ caveats: inout [String]) {
        guard let first = servers.first else {
            caveats.append("it tells no configuration; the model's is taken")
            return
        }
        for server in servers.dropFirst() {
            for setting in server.configuration {
                let other = first.configuration.first { $0.name == setting.name }
                guard let other, other.value != setting.value else { continue }
                let sentence = "\(setting.name) is not the same on all servers; \(other.value) is taken"
                if !caveats.contains(sentence) { caveats.append(sentence) }
            }
        }
        for setting in first.configuration where !held.contains(setting.name) {
            if conf.take(setting.name, setting.value) { applied.append(setting) }
        }
        conf.clusterEnabled = true
        if !held.contains("engine") { chooseEngine(servers, &caveats) }
    }

    private mutating func chooseEngine(_ servers: [ObservedServer], _ caveats: inout [String]) {
        guard let server = servers.first, !server.version.isEmpty else { return }
        let numbers = server.version.split(separator: ".").map(String.init)
        let candidates = [
            "\(server.product):\(numbers.prefix(2).joined(separator: "."))", "\(server.product):\(numbers[0])",
        ]
        if let known = candidates.lazy.compactMap(Engine.init(rawValue:)).first {
            engine = known
        } else {
            caveats.append(
                "\(server.product) \(server.version) has no rules of its own here; those of \(engine.rawValue) apply")
        }
        if servers.contains(where: { $0.product != server.product || $0.version != server.version }) {
            caveats.append("not all servers are of one version; the rules of \(engine.rawValue) apply to all")
        }
    }
}

extension RedisConf {
    /// Applies a directive as CONFIG GET prints it: numbers without units, `yes` and `no`. False for one that is not
    /// modelled, or whose value makes no sense.
    fileprivate mutating func take(_ name: String, _ value: String) -> Bool {
        func number(_ range: ClosedRange<Int64>) -> Int64? { Int64(value).flatMap { range.contains($0) ? $0 : nil } }
        func flag() -> Bool? { value == "yes" ? true : value == "no" ? false : nil }
        func set<Value>(_ path: WritableKeyPath<RedisConf, Value>, _ new: Value?) -> Bool {
            guard let new else { return false }
            self[keyPath: path] = new
            return true
        }
        let seconds: ClosedRange<Int64> = 0...1_000_000_000
        switch name {
        case "cluster-node-timeout": return set(\.nodeTimeout, number(1...86_400_000))
        case "cluster-replica-validity-factor", "cluster-slave-validity-factor":
            return set(\.replicaValidityFactor, number(0...1_000_000))
        case "cluster-migration-barrier": return set(\.migrationBarrier, number(0...1_000_000).map(Int.init))
        case "cluster-allow-replica-migration": return set(\.allowReplicaMigration, flag())
        case "cluster-require-full-coverage": return set(\.requireFullCoverage, flag())
        case "cluster-allow-reads-when-down": return set(\.allowReadsWhenDown, flag())
        case "cluster-replica-no-failover", "cluster-slave-no-failover": return set(\.replicaNoFailover, flag())
        case "repl-ping-replica-period", "repl-ping-slave-period":
            return set(\.replicationPingPeriodSeconds, number(1...1_000_000))
        case "repl-timeout": return set(\.replicationTimeoutSeconds, number(1...1_000_000))
        case "repl-backlog-size": return set(\.replicationBacklogBytes, number(1...(1 << 50)))
        case "repl-diskless-sync": return set(\.disklessSync, flag())
        case "repl-diskless-sync-delay": return set(\.disklessSyncDelaySeconds, number(0...1_000_000))
        case "min-replicas-to-write", "min-slaves-to-write":
            return set(\.minReplicasToWrite, number(0...1_000_000).map(Int.init))
        case "min-replicas-max-lag", "min-slaves-max-lag": return set(\.minReplicasMaxLagSeconds, number(seconds))
        case "appendonly": return set(\.appendOnly, flag())
        case "appendfsync": return set(\.appendFsync, AppendFsync(rawValue: value))
        case "save": return set(\.savePoints, !value.isEmpty)
        case "shutdown-timeout": return set(\.shutdownTimeoutSeconds, number(0...1_000_000))
        case "hz": return set(\.hz, number(1...500))
        default: return false
        }
    }
}
