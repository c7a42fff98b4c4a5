/// The fields of an INFO reply.
package struct InfoReading: Sendable {
    private var values: [String: String] = [:]
    /// In the reply's order.
    private var names: [String] = []

    package init(_ text: String) {
        for line in text.split(whereSeparator: \.isNewline) where !line.hasPrefix("#") {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let name = String(line[..<colon])
            if values.updateValue(String(line[line.index(after: colon)...]), forKey: name) == nil { names.append(name) }
        }
    }

    package subscript(_ name: String) -> String? { values[name] }

    package func number(_ name: String) -> Double? { values[name].flatMap { Double($0) } }

    /// A part of a field such as `keys=12,expires=3,avg_ttl=0`.
    package func part(_ part: String, of name: String) -> Double? {
        guard let fields = values[name]?.split(separator: ",") else { return nil }
        for field in fields {
            let pair = field.split(separator: "=", maxSplits: 1)
            if pair.count == 2, pair[0] == part { return Double(pair[1]) }
        }
        return nil
    }

    /// Calls and their time in us of every command, by name; a subcommand counts as its command.
    package var commands: [String: (calls: Double, microseconds: Double)] {
        var commands: [String: (calls: Double, microseconds: Double)] = [:]
        for name in names where name.hasPrefix("cmdstat_") {
            guard let command = name.dropFirst("cmdstat_".count).split(separator: "|").first else { continue }
            let before = commands[String(command)] ?? (0, 0)
            commands[String(command)] = (
                before.calls + (part("calls", of: name) ?? 0), before.microseconds + (part("usec", of: name) ?? 0)
            )
        }
        return commands
    }
}

/// Which commands read keys and which write them, of those that applications commonly use.
enum CommandNames {
    static let reads: Set = [
        "get", "mget", "getrange", "substr", "strlen", "exists", "ttl", "pttl", "type", "hget", "hmget", "hgetall",
        "hkeys", "hvals", "hlen", "hexists", "hscan", "hstrlen", "lrange", "llen", "lindex", "lpos", "smembers",
        "sismember", "smismember", "scard", "srandmember", "sscan", "sinter", "sunion", "sdiff", "zrange",
        "zrangebyscore", "zrevrange", "zrevrangebyscore", "zscore", "zmscore", "zcard", "zcount", "zrank", "zrevrank",
        "zscan", "getbit", "bitcount", "bitpos", "pfcount", "xrange", "xrevrange", "xlen", "xread", "geosearch",
        "geopos", "geodist", "scan", "dump", "memory", "object", "randomkey",
    ]
    static let writes: Set = [
        "set", "mset", "setex", "psetex", "setnx", "msetnx", "getset", "getdel", "getex", "append", "setrange", "incr",
        "decr", "incrby", "decrby", "incrbyfloat", "del", "unlink", "expire", "pexpire", "expireat", "pexpireat",
        "persist", "hset", "hmset", "hsetnx", "hdel", "hincrby", "hincrbyfloat", "lpush", "rpush", "lpushx", "rpushx",
        "lpop", "rpop", "lrem", "lset", "ltrim", "linsert", "lmove", "rpoplpush", "sadd", "srem", "spop", "smove",
        "sinterstore", "sunionstore", "sdiffstore", "zadd", "zrem", "zincrby", "zpopmin", "zpopmax",
        "zremrangebyscore", "zremrangebyrank", "zunionstore", "zinterstore", "setbit", "bitfield", "bitop", "pfadd",
        "pfmerge", "xadd", "xdel", "xtrim", "xack", "geoadd", "rename", "copy", "restore", "eval", "evalsha", "fcall",
    ]
}
