import RedisCluster

/// Every event of the model but serverCron, for which each process has an alarm. Sixteen bytes, no references: the
/// future event list copies it freely.
enum Event: BitwiseCopyable {
    /// A busy process is free again and has something in its inbox.
    case wake(Int16, generation: UInt32)
    /// A message reaches the far kernel of a connection.
    case arrive(ConnectionID, generation: UInt32, MessageRef, toAcceptor: Bool)
    /// A connect's outcome reaches the opener.
    case connectDone(ConnectionID, generation: UInt32, succeeded: Bool)
    /// FIN or RST reaches the side that is still open.
    case closed(ConnectionID, generation: UInt32, atAcceptor: Bool)
    /// The acknowledgement that a held message waits for.
    case acknowledged(ConnectionID, generation: UInt32)
    /// The next step of a replica's synchronisation.
    case replication(Int16, generation: UInt32, step: UInt32)
    /// A step of the scenario, by index.
    case fault(Int32)
    /// The end of a step's fault.
    case faultEnds(Int32)
    /// A process starts (again).
    case start(Int16, generation: UInt32)
    /// The dataset is loaded: the event loop begins.
    case loaded(Int16, generation: UInt32)
    /// A frozen process continues.
    case resume(Int16, generation: UInt32)
    /// A terminating process exits.
    case exit(Int16, generation: UInt32)
    /// A dying process's listening socket closes at last.
    case portClosed(Int16, generation: UInt32)
    /// Storage answers a process that waited for it.
    case thaw(Int16, generation: UInt32)
    /// A step in a pod's, a worker's or the control plane's life, by index into their own table.
    case kubernetes(Int32, step: Int32)
    /// The next command of the client that creates the cluster.
    case creation
    /// Somebody asks a process what it sees.
    case asked(Int16)
    /// A master that exits told this replica to take over.
    case handOver(Int16, generation: UInt32)
}
