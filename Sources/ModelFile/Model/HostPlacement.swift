import SystemModel

/// Which host each bare process runs on.
enum HostPlacement {
    /// The rule for clusters whose hosts don't list their processes: masters in equal consecutive parts, each replica
    /// on another host than its master, the replicas of one master spread over the others in turn.
    static func byRule(_ shape: ClusterShape, hosts: Int) -> [Int] {
        let share = (shape.masters + hosts - 1) / hosts
        return (0..<shape.nodes).map { process in
            guard let master = shape.master(of: process) else { return process / share }
            if hosts == 1 { return 0 }
            let nth = (process - shape.masters) / shape.masters
            return (master / share + 1 + nth % (hosts - 1)) % hosts
        }
    }

    /// As the hosts' lists say; nil, with an error logged, where they don't name each process exactly once.
    static func listed(_ hosts: [EnvironmentFile.Host], _ shape: ClusterShape, _ log: DiagnosticLog) -> [Int]? {
        var placement = [Int?](repeating: nil, count: shape.nodes)
        for (index, host) in hosts.enumerated() {
            for process in host.processes ?? [] {
                guard process < shape.nodes else {
                    log.error(
                        at: host.place, "process \(process) on host \(host.name)",
                        "\(shape.spoken) are processes 0 to "
                            + "\(shape.nodes - 1)",
                        instead: "list only these, or change the cluster section")
                    return nil
                }
                guard placement[process] == nil else {
                    log.error(
                        at: host.place, "process \(process) on host \(host.name)", "another host has it already",
                        instead: "list every process once")
                    return nil
                }
                placement[process] = index
            }
        }
        guard let missing = placement.firstIndex(of: nil) else { return placement.compactMap { $0 } }
        log.error(
            at: hosts.first?.place ?? .option(""), "process \(missing) is on no host",
            "the hosts' lists must cover all \(shape.nodes) processes",
            instead: "add it to a host's processes, or leave all lists out to have them spread by rule")
        return nil
    }
}
