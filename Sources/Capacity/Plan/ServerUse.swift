/// What one server uses at some demand. Bytes, and bytes a second.
package struct ServerUse: Sendable {
    package var server: ClusterSite.Server
    package let keys: Double
    package let reads: Double
    /// Those of clients at a master, of the replication stream at a replica.
    package let writes: Double
    package let memory: ServerMemory
    /// Resident bytes at rest, and the state in which it is largest.
    package let steady: Double
    package let largest: MemoryStack
    package let files: FileUse
    /// Of its one thread, 0 ... 1 and beyond.
    package let thread: Double
    package let network: Network
    /// Seconds: the pause of a fork, and what a replica may miss before it needs a full copy.
    package let forkPause: Double
    package let backlogSeconds: Double

    /// Bytes a second in and out of a server, without its storage.
    package struct Network: Sendable, Equatable {
        package var clientsIn = 0.0
        package var clientsOut = 0.0
        package var replicationIn = 0.0
        package var replicationOut = 0.0
        package var bus = 0.0

        package var received: Double { clientsIn + replicationIn + bus }
        package var sent: Double { clientsOut + replicationOut + bus }
    }

    package func stacks() -> [MemoryStack] { Self.stacks(memory, isMaster: server.isMaster) }

    /// In every state that a server of that role can be in; at rest first.
    static func stacks(_ memory: ServerMemory, isMaster: Bool) -> [MemoryStack] {
        MemoryState.allCases.filter { $0 != .resync || isMaster }.map(memory.stack)
    }
}
