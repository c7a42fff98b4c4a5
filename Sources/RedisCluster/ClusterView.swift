/// CLUSTER NODES or nodes.conf as data: one observer's view of the cluster, as servers write it.
///
/// Reads what Redis 4 to 8 and Valkey print (hostnames, auxiliary fields, slots in migration, `noaddr`, IPv6), and
/// prints it back unchanged. The simulator renders its own nodes through the same type, so that simulated and real
/// clusters are compared in the same words.
package struct ClusterView: Sendable, Equatable {
    package var nodes: [Node] = []
    /// The last line of nodes.conf; CLUSTER NODES has none.
    package var vars: Vars?

    package init(nodes: [Node] = [], vars: Vars? = nil) {
        self.nodes = nodes
        self.vars = vars
    }

    /// One line (clusterGenNodeDescription).
    package struct Node: Sendable, Equatable {
        package var id: NodeName
        package var address: NodeAddress
        package var flags: NodeFlags
        /// nil is printed as `-`.
        package var master: NodeName?
        /// Unix ms of the unanswered ping; 0 if none.
        package var pingSent: Int64
        /// Unix ms of the last pong.
        package var pongReceived: Int64
        package var configEpoch: UInt64
        /// An outbound link object exists, or the line is about the observer itself.
        package var isConnected: Bool
        package var slots: [ClosedRange<Int>]
        /// Slots in migration; servers print them on their own line only.
        package var moves: [SlotMove]

        package init(
            id: NodeName, address: NodeAddress, flags: NodeFlags, master: NodeName?, pingSent: Int64,
            pongReceived: Int64, configEpoch: UInt64, isConnected: Bool, slots: [ClosedRange<Int>],
            moves: [SlotMove] = []
        ) {
            self.id = id
            self.address = address
            self.flags = flags
            self.master = master
            self.pingSent = pingSent
            self.pongReceived = pongReceived
            self.configEpoch = configEpoch
            self.isConnected = isConnected
            self.slots = slots
            self.moves = moves
        }

        package var text: String {
            var words = [
                id.text, address.text, flags.text, master?.text ?? "-", String(pingSent), String(pongReceived),
                String(configEpoch), isConnected ? "connected" : "disconnected",
            ]
            words += slots.map { $0.count == 1 ? String($0.lowerBound) : "\($0.lowerBound)-\($0.upperBound)" }
            words += moves.map(\.text)
            return words.joined(separator: " ")
        }
    }

    /// A slot on its way to another node, or from one.
    package struct SlotMove: Sendable, Equatable {
        package var slot: Int
        package var direction: Direction
        package var node: NodeName

        package enum Direction: Sendable { case migratingTo, importingFrom }

        package init(slot: Int, direction: Direction, node: NodeName) {
            self.slot = slot
            self.direction = direction
            self.node = node
        }

        package var text: String { "[\(slot)-\(direction == .migratingTo ? ">" : "<")-\(node.text)]" }
    }

    /// `vars currentEpoch 6 lastVoteEpoch 6`, in the order read. Unknown variables are kept, as servers skip them.
    package struct Vars: Sendable, Equatable {
        package var pairs: [Pair]

        package struct Pair: Sendable, Equatable {
            package var name: String
            package var value: String
        }

        package init(pairs: [Pair]) { self.pairs = pairs }

        package init(currentEpoch: UInt64, lastVoteEpoch: UInt64) {
            pairs = [
                Pair(name: "currentEpoch", value: String(currentEpoch)),
                Pair(name: "lastVoteEpoch", value: String(lastVoteEpoch)),
            ]
        }

        package var currentEpoch: UInt64? { value("currentEpoch") }
        package var lastVoteEpoch: UInt64? { value("lastVoteEpoch") }

        private func value(_ name: String) -> UInt64? {
            pairs.last { $0.name == name }.flatMap { UInt64($0.value) }
        }

        package var text: String { (["vars"] + pairs.flatMap { [$0.name, $0.value] }).joined(separator: " ") }
    }

    /// The observer, where the text says who that is.
    package var myself: NodeName? { nodes.first { $0.flags.has(.myself) }?.id }

    package subscript(_ id: NodeName) -> Node? { nodes.first { $0.id == id } }

    /// Every line with its newline.
    package var text: String {
        var lines = nodes.map(\.text)
        if let vars { lines.append(vars.text) }
        return lines.map { $0 + "\n" }.joined()
    }
}

/// `ip:port[@busport][,hostname[,name=value...]]`.
package struct NodeAddress: Sendable, Equatable {
    /// Empty where the node has no address, or does not know its own.
    package var ip: String
    package var port: Int
    /// Absent before Redis 4: the port plus 10000.
    package var busPort: Int?
    /// Since Redis 7.0; empty where only auxiliary fields follow.
    package var hostname: String?
    /// Since Redis 7.2: `shard-id=...` and its like, in the order read.
    package var auxiliary: [String]

    package init(ip: String, port: Int, busPort: Int?, hostname: String? = nil, auxiliary: [String] = []) {
        self.ip = ip
        self.port = port
        self.busPort = busPort
        self.hostname = hostname
        self.auxiliary = auxiliary
    }

    /// CLUSTER_PORT_INCR: from the client port to the bus port.
    package static let busPortOffset = 10_000

    package static let none = NodeAddress(ip: "", port: 0, busPort: 0)

    package var text: String {
        let bus = busPort.map { "@\($0)" } ?? ""
        return (["\(ip):\(port)\(bus)"] + (hostname.map { [$0] } ?? []) + auxiliary).joined(separator: ",")
    }
}
