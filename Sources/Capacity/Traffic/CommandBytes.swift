package import SystemModel

/// Bytes of commands and replies on the wire, in the AOF and in the replication stream, which are all the same protocol
/// (RESP; aof.c, catAppendOnlyGenericCommand).
package struct CommandBytes: Sendable, Equatable {
    /// A write as clients send it, and as AOF and replicas get it.
    package let write: Double
    package let stream: Double
    package let readRequest: Double
    package let readReply: Double
    /// The DEL that follows when a key expires.
    package let expiry: Double
    static let writeReply = 5.0

    package init(_ demand: Demand) {
        let key = demand.keySize.mean(of: Self.argument)
        let write = demand.values.reduce(0) { $0 + $1.share * Self.write($1, key: key) }
        self.write = write
        // SET with a time to live is logged with its absolute end: PXAT and 13 digits.
        let strings = demand.values.reduce(0) { $0 + ($1.kind == .string ? $1.share : 0) }
        stream =
            demand.server.bytesPerWrite ?? write + demand.expiring * strings * (Self.argument(4) + Self.argument(13))
        readRequest = Self.header(2, "GET") + key
        readReply = demand.values.reduce(0) { sum, value in
            sum + value.share * value.size.mean(of: Self.argument)
        }
        expiry = Self.header(2, "DEL") + key
    }

    private static func write(_ value: Demand.ValueClass, key: Double) -> Double {
        let element = value.size.mean(of: argument)
        return switch value.kind {
        case .string: header(3, "SET") + key + element
        case .hash: header(4, "HSET") + key + value.fieldSize.mean(of: argument) + element
        case .list: header(3, "RPUSH") + key + element
        case .set: header(3, "SADD") + key + element
        case .zset: header(4, "ZADD") + key + argument(10) + element
        }
    }

    /// `*3\r\n` and the command's name.
    private static func header(_ arguments: Int, _ name: String) -> Double {
        Double("*\(arguments)\r\n".utf8.count) + argument(Double(name.utf8.count))
    }

    /// `$5\r\nvalue\r\n`
    static func argument(_ length: Double) -> Double {
        Double(String(Int(length)).utf8.count) + 5 + length
    }
}
