import RedisCluster

/// One server of a lab's cluster: an address, a directory, and a process while it runs.
struct LabServer {
    /// As in the model: masters first, then replicas in order.
    let index: Int
    /// Holds nodes.conf and the AOF.
    let directory: String
    /// What the server prints, which is its log: outside the directory, so that slow storage does not slow it.
    let logPath: String
    var address: String
    var name: NodeName?
    /// nil while there is no process, or none that has not been reaped.
    var process: ChildProcess?
    var isFrozen = false

    init(index: Int, directory: String, logPath: String, address: String) {
        self.index = index
        self.directory = directory
        self.logPath = logPath
        self.address = address
    }

    /// It runs and is not stopped.
    var answers: Bool { process != nil && !isFrozen }
}
