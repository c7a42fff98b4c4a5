import RedisCluster
import SystemModel

/// The directives of redis.conf: those that the model follows, with their legal values, and the names of all others.
enum RedisDirectives {
    /// Why a value is refused.
    struct Refusal: Error, Equatable {
        var why: String
        var instead: String
    }

    typealias Application = @Sendable (inout RedisConf, [String]) throws(Refusal) -> Void

    struct Directive: Sendable {
        var name: String
        /// The older name of the same setting.
        var alias: String?
        /// The engines whose servers know it; nil is all.
        var engines: [Engine]?
        var apply: Application
    }

    /// The directives that change what is simulated, a few excepted. Ranges are those of 7.0.15 (config.c), cut where a larger value
    /// could mean nothing in a rehearsal.
    static let modelled: [Directive] = [
        Directive(name: "cluster-enabled", apply: flag { $0.clusterEnabled = $1 }),
        Directive(name: "cluster-config-file", apply: word { $0.clusterConfigFile = $1 }),
        Directive(name: "cluster-node-timeout", apply: integer(1...315_576_000_000) { $0.nodeTimeout = $1 }),
        Directive(
            name: "cluster-replica-validity-factor", alias: "cluster-slave-validity-factor",
            apply: integer(0...int32) { $0.replicaValidityFactor = $1 }),
        Directive(name: "cluster-migration-barrier", apply: integer(0...int32) { $0.migrationBarrier = Int($1) }),
        Directive(name: "cluster-allow-replica-migration", apply: flag { $0.allowReplicaMigration = $1 }),
        Directive(name: "cluster-require-full-coverage", apply: flag { $0.requireFullCoverage = $1 }),
        Directive(name: "cluster-allow-reads-when-down", apply: flag { $0.allowReadsWhenDown = $1 }),
        Directive(
            name: "cluster-replica-no-failover", alias: "cluster-slave-no-failover",
            apply: flag { $0.replicaNoFailover = $1 }),
        Directive(
            name: "repl-ping-replica-period", alias: "repl-ping-slave-period",
            apply: integer(1...int32) { $0.replicationPingPeriodSeconds = $1 }),
        Directive(name: "repl-timeout", apply: integer(1...int32) { $0.replicationTimeoutSeconds = $1 }),
        Directive(name: "repl-backlog-size", apply: memory(1...(1 << 50)) { $0.replicationBacklogBytes = $1 }),
        Directive(name: "repl-diskless-sync", apply: flag { $0.disklessSync = $1 }),
        Directive(name: "repl-diskless-sync-delay", apply: integer(0...int32) { $0.disklessSyncDelaySeconds = $1 }),
        Directive(
            name: "min-replicas-to-write", alias: "min-slaves-to-write",
            apply: integer(0...int32) { $0.minReplicasToWrite = Int($1) }),
        Directive(
            name: "min-replicas-max-lag", alias: "min-slaves-max-lag",
            apply: integer(0...int32) { $0.minReplicasMaxLagSeconds = $1 }),
        Directive(name: "appendonly", apply: flag { $0.appendOnly = $1 }),
        Directive(name: "appendfsync", apply: appendFsync),
        Directive(name: "save", apply: savePoints),
        Directive(
            name: "cluster-manual-failover-timeout", engines: [.valkey9],
            apply: integer(1...int32) { $0.manualFailoverTimeout = $1 }),
        Directive(
            name: "shutdown-timeout", engines: Engine.allCases.filter { $0 != .redis62 },
            apply: integer(0...int32) { $0.shutdownTimeoutSeconds = $1 }),
        Directive(
            name: "shutdown-on-sigterm", engines: [.valkey9],
            apply: shutdownWords(["default", "save", "nosave", "now", "force", "safe", "failover"])),
        Directive(
            name: "shutdown-on-sigterm", engines: Engine.allCases.filter { $0 != .redis62 && $0 != .valkey9 },
            apply: shutdownWords(["default", "save", "nosave", "now", "force"])),
        // 7.0.15 keeps hz within 1...500 whatever is written (server.h, CONFIG_MIN_HZ and CONFIG_MAX_HZ).
        Directive(name: "hz", apply: integer(0...int32) { $0.hz = min(max($1, 1), 500) }),
        Directive(name: "port", apply: integer(0...65_535) { $0.port = Int($1) }),
        Directive(name: "dir", apply: word { $0.directory = $1 }),
    ]

    /// Of these, the ones that are checked, and passed on to real servers, and change nothing that is simulated: a
    /// rehearsal has no reads, and its servers look around ten times a second.
    static let withoutEffect = ["cluster-allow-reads-when-down", "hz"]

    private static let int32 = Int64(Int32.max)

    static func find(_ name: String, _ engine: Engine) -> Directive? {
        modelled.first { ($0.name == name || $0.alias == name) && $0.engines?.contains(engine) ?? true }
    }

    /// All names that a user may write for an engine's servers, for suggestions.
    static func allNames(of engine: Engine) -> [String] {
        let modelled = modelled.filter { $0.engines?.contains(engine) ?? true }
        return modelled.flatMap { [$0.name] + ($0.alias.map { [$0] } ?? []) } + unmodelled + unmodelled(beside: engine)
    }

    static func isKnown(_ name: String, _ engine: Engine) -> Bool { allNames(of: engine).contains(name) }

    private static func flag(
        _ set: @escaping @Sendable (inout RedisConf, Bool) -> Void
    ) -> Application {
        { (conf, arguments) throws(Refusal) in
            switch try single(arguments).lowercased() {
            case "yes": set(&conf, true)
            case "no": set(&conf, false)
            default: throw Refusal(why: "redis-server takes yes or no", instead: "write yes or no")
            }
        }
    }

    private static func integer(
        _ range: ClosedRange<Int64>, _ set: @escaping @Sendable (inout RedisConf, Int64) -> Void
    ) -> Application {
        { (conf, arguments) throws(Refusal) in
            let text = try single(arguments)
            guard let value = Int64(text), text.first != "+" else {
                throw Refusal(why: "redis-server takes a whole number without a unit", instead: "write a number")
            }
            guard range.contains(value) else {
                throw Refusal(
                    why: "it must be from \(range.lowerBound) to \(range.upperBound)", instead: "write such a number")
            }
            set(&conf, value)
        }
    }

    /// Bytes, with redis-server's units: k, m, g are decimal and kb, mb, gb binary (util.c, memtoull).
    private static func memory(
        _ range: ClosedRange<Int64>, _ set: @escaping @Sendable (inout RedisConf, Int64) -> Void
    ) -> Application {
        { (conf, arguments) throws(Refusal) in
            let text = try single(arguments).lowercased()
            let digits = text.prefix { $0.isASCII && $0.isNumber }
            let units: [String: Int64] = [
                "": 1, "b": 1, "k": 1000, "kb": 1 << 10, "m": 1_000_000, "mb": 1 << 20, "g": 1_000_000_000,
                "gb": 1 << 30,
            ]
            guard let number = Int64(digits), let unit = units[String(text.dropFirst(digits.count))] else {
                throw Refusal(
                    why: "redis-server takes a number of bytes, with k, kb, m, mb, g or gb",
                    instead: "write 1mb or 1048576")
            }
            let (bytes, overflow) = number.multipliedReportingOverflow(by: unit)
            guard !overflow, range.contains(bytes) else {
                throw Refusal(
                    why: "it must be from \(range.lowerBound) to \(range.upperBound) bytes",
                    instead: "write such a number")
            }
            set(&conf, bytes)
        }
    }

    private static func word(
        _ set: @escaping @Sendable (inout RedisConf, String) -> Void
    ) -> Application {
        { (conf, arguments) throws(Refusal) in set(&conf, try single(arguments)) }
    }

    @Sendable private static func appendFsync(_ conf: inout RedisConf, _ arguments: [String]) throws(Refusal) {
        guard let policy = RedisConf.AppendFsync(rawValue: try single(arguments).lowercased()) else {
            throw Refusal(why: "redis-server takes always, everysec or no", instead: "write one of them")
        }
        conf.appendFsync = policy
    }

    /// `save ""` removes all save points; `save SECONDS CHANGES ...` sets them.
    @Sendable private static func savePoints(_ conf: inout RedisConf, _ arguments: [String]) throws(Refusal) {
        if arguments == [""] {
            conf.savePoints = false
            return
        }
        let numbers = arguments.flatMap { $0.split(separator: " ") }.map { Int64($0) ?? -1 }
        let seconds = stride(from: 0, to: numbers.count, by: 2).map { numbers[$0] }
        guard !numbers.isEmpty, numbers.count % 2 == 0, numbers.allSatisfy({ $0 >= 0 }), !seconds.contains(0) else {
            throw Refusal(
                why: "redis-server takes pairs of seconds and changes, or an empty text",
                instead: "write save 3600 1, or save \"\"")
        }
        conf.savePoints = true
    }

    /// Only handing over changes what is simulated.
    private static func shutdownWords(_ known: [String]) -> Application {
        { (conf, arguments) throws(Refusal) in
            let words = arguments.flatMap { $0.lowercased().split(separator: " ").map(String.init) }
            guard !words.isEmpty, words.allSatisfy(known.contains) else {
                throw Refusal(
                    why: "the server takes \(known.joined(separator: ", "))", instead: "write some of them")
            }
            conf.failoverAtShutdown = words.contains("failover")
        }
    }

    private static func single(_ arguments: [String]) throws(Refusal) -> String {
        guard arguments.count == 1 else {
            throw Refusal(
                why: "redis-server takes one value here and finds \(arguments.count)", instead: "write one value")
        }
        return arguments[0]
    }
}
