package import RedisCluster

/// Whose rules the servers follow. Each was read from the sources of the version that `rules` names, and held against
/// real servers where they could be had: Redis 6.2.5, 7.0.15 and 7.4, Valkey 9.1.
package enum Engine: String, Sendable, CaseIterable {
    case redis62 = "redis:6.2"
    case redis70 = "redis:7.0"
    case redis72 = "redis:7.2"
    case redis74 = "redis:7.4"
    /// Valkey 8.0. What 8.1 changed is in `valkey9` only.
    case valkey8 = "valkey:8"
    /// Valkey 9.1. 9.0 has its rules but for the elections without delay, the choice of what is gossiped, and 30 ms of
    /// its start.
    case valkey9 = "valkey:9"

    /// The server as messages name it: `redis-server 7.0`.
    package var server: String { rawValue.replacing(":", with: "-server ") }

    package var rules: EngineRules {
        switch self {
        case .redis62: .redis62
        case .redis70: .redis70
        case .redis72: .redis72
        case .redis74: .redis74
        case .valkey8: .valkey80
        case .valkey9: .valkey91
        }
    }

    /// What a redis.conf that says nothing means (config.c of each).
    package var defaults: RedisConf {
        var conf = RedisConf()
        switch self {
        case .redis62: conf.disklessSync = false
        case .redis70, .redis72, .redis74: break
        case .valkey8, .valkey9: conf.replicationBacklogBytes = 10 << 20
        }
        return conf
    }

    /// The rules of a real server, as INFO names it: `redis` with redis_version, or `valkey` with valkey_version.
    ///
    /// Nil where the version's rules are none of the modelled ones: Valkey 8.1 and 9.0 lie between two of them.
    package init?(product: String, version: String) {
        let numbers = version.split(separator: ".", omittingEmptySubsequences: false).prefix(2).map { Int($0) }
        guard numbers.count == 2, let major = numbers[0], let minor = numbers[1] else { return nil }
        switch (product.lowercased(), major, minor) {
        case ("redis", 6, 2): self = .redis62
        case ("redis", 7, 0): self = .redis70
        // Valkey 7.2 is Redis 7.2 under another name.
        case ("redis", 7, 2), ("valkey", 7, 2): self = .redis72
        case ("redis", 7, 4): self = .redis74
        case ("valkey", 8, 0): self = .valkey8
        case ("valkey", 9, 1): self = .valkey9
        default: return nil
        }
    }
}
