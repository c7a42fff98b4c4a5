/// A node's flag word (cluster.h): what it is, and what the table's owner thinks of it.
package struct NodeFlags: OptionSet, Sendable, BitwiseCopyable, Hashable {
    package let rawValue: UInt16

    package init(rawValue: UInt16) { self.rawValue = rawValue }

    package static let master = NodeFlags(rawValue: 1)
    package static let replica = NodeFlags(rawValue: 2)
    package static let pfail = NodeFlags(rawValue: 4)
    package static let fail = NodeFlags(rawValue: 8)
    package static let myself = NodeFlags(rawValue: 16)
    package static let handshake = NodeFlags(rawValue: 32)
    package static let noAddress = NodeFlags(rawValue: 64)
    package static let meet = NodeFlags(rawValue: 128)
    package static let migrateTo = NodeFlags(rawValue: 256)
    package static let noFailover = NodeFlags(rawValue: 512)
    /// Of a replica that has seen its master FAIL (CLUSTER_NODE_MY_PRIMARY_FAIL of Valkey 9.1).
    package static let masterFailed = NodeFlags(rawValue: 1024)

    /// PFAIL or FAIL.
    package static let failing: NodeFlags = [.pfail, .fail]

    @inline(__always)
    package func has(_ any: NodeFlags) -> Bool { rawValue & any.rawValue != 0 }

    /// In the order and the words of `representClusterNodeFlags`.
    package static let printed: [(flag: NodeFlags, word: String)] = [
        (.myself, "myself"), (.master, "master"), (.replica, "slave"), (.pfail, "fail?"), (.fail, "fail"),
        (.handshake, "handshake"), (.noAddress, "noaddr"), (.noFailover, "nofailover"),
    ]

    package var text: String {
        let words = NodeFlags.printed.filter { has($0.flag) }.map(\.word)
        return words.isEmpty ? "noflags" : words.joined(separator: ",")
    }
}
