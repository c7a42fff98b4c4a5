import Glibc

/// What a server is doing when its memory is looked at.
package enum MemoryState: String, Sendable, CaseIterable {
    case steady
    case doubling = "table doubling"
    case rewrite = "AOF rewrite"
    case snapshot
    case resync = "full resync"
}

/// One server's memory in one state, as named parts in bytes.
package struct MemoryStack: Sendable, Equatable {
    package struct Part: Sendable, Equatable {
        package let name: String
        package let bytes: Double
    }

    package let state: MemoryState
    package let parts: [Part]

    /// Resident bytes: what the kernel's OOM killer counts.
    package var resident: Double { parts.reduce(0) { $0 + $1.bytes } }
}

/// The memory of one server from what it holds and does. Bytes and seconds.
///
/// Constants are of 7.0.15 in cluster mode, measured by `measure-capacity`; the report shows how they fare.
package struct ServerMemory: Sendable {
    /// `used_memory_startup`: tables of 16384 slots and shared objects.
    package static let empty = 1_600_200.0
    /// The histogram of a command's latencies, which its first call makes (server.c, `latency-tracking`), and how many
    /// different commands applications use.
    package static let histogram = 24_600.0
    package static let commandsInUse = 20.0
    /// Code, stacks and libraries: resident beyond what the allocator gave out.
    package static let program = 5_800_000.0
    /// A connection that has been idle for some seconds, and one in use: buffers for queries and replies.
    package static let idleConnection = 2257.0
    package static let activeConnection = 38_090.0
    /// A connection counts as idle after 2 s (server.c, clientsCronResizeQueryBuffer).
    package static let idleAfter = 2.0
    /// A known node and its two links (cluster.h): 2 KiB of slots, names and buffers of 1 KiB.
    package static let peer = 5120.0

    package var keyspace: KeyspaceMemory
    package var fragmentation: Double
    package var connections: Double
    /// Requests a second on each connection.
    package var requestsPerConnection: Double
    package var peers: Double
    package var backlog: Double
    package var keys: Double
    /// Which pages its writes touch.
    package var copyOnWrite: CopyOnWrite
    package var writesPerSecond: Double
    /// Bytes of the replication stream.
    package var streamPerSecond: Double
    /// Seconds that a child needs for the dataset, and that a full resync takes until the replica reads the stream.
    package var childSeconds: Double
    package var resyncSeconds: Double
    /// No master's output buffer grows beyond this; `infinity` without a limit.
    package var outputBufferLimit: Double

    /// The buffers of client connections: those used within 2 s are in full size.
    package var clients: Double {
        let active = 1 - exp(-requestsPerConnection * Self.idleAfter)
        return connections * (active * Self.activeConnection + (1 - active) * Self.idleConnection)
    }

    /// What `used_memory` shows at rest, and what counts against `maxmemory`: the backlog does, output buffers of
    /// replicas beyond it don't (evict.c, freeMemoryGetNotCountedMemory).
    package var used: Double { fixed + keyspace.total + clients + backlog }

    /// What it holds without keys and clients.
    private var fixed: Double { Self.empty + Self.histogram * Self.commandsInUse + peers * Self.peer }

    /// Resident bytes that a fork shares.
    package var heap: Double { used * fragmentation }

    /// What a replica's link must hold while it gets a full copy: the stream of that time.
    package var resyncBuffer: Double { streamPerSecond * resyncSeconds }

    package func stack(_ state: MemoryState) -> MemoryStack {
        var parts: [MemoryStack.Part] = []
        func add(_ name: String, _ bytes: Double) {
            if bytes > 0 { parts.append(MemoryStack.Part(name: name, bytes: bytes)) }
        }
        add("program and empty server", Self.program + fixed)
        add("values", keyspace.values)
        add("keys and entries", keyspace.keys)
        add("hash tables", keyspace.tables)
        add("expiries", keyspace.expiries)
        add("client buffers", clients)
        add("replication backlog", backlog)
        add("fragmentation", used * (fragmentation - 1))
        let copied = copyOnWrite.duplicated(
            keys: keys, writes: writesPerSecond * childSeconds, fragmentation: fragmentation)
        switch state {
        case .steady: break
        case .doubling: add("the next hash table", keyspace.nextDoubling)
        case .rewrite, .snapshot:
            add("copy on write", copied)
            add("the child's page tables", CopyOnWrite.pageTables(resident: heap))
        case .resync:
            add("copy on write", copied)
            add("the child's page tables", CopyOnWrite.pageTables(resident: heap))
            add("replicas' output buffer", max(0, min(resyncBuffer, outputBufferLimit) - backlog))
        }
        return MemoryStack(state: state, parts: parts)
    }
}
