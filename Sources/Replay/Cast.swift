import Recording
import RedisCluster
import SystemModel

/// Who is who at the recording's beginning, numbered as the simulation numbers its processes.
struct Cast {
    private(set) var names: [NodeName] = []
    private(set) var masters = 0
    /// The master of each replica, by number.
    private(set) var attachments: [Int] = []

    /// As many as the simulation's process numbers allow with room to spare.
    private static let largest = 2000

    init(_ first: inout FirstViews) throws(ReplayError) {
        guard !first.views.isEmpty else {
            throw ReplayError("nobody's CLUSTER NODES is in it: there is nothing to begin with")
        }
        var owners: [(name: NodeName, slot: Int)] = []
        var replicas: [(name: NodeName, master: NodeName)] = []
        var slotless: [NodeName] = []
        for name in first.everybody {
            guard let line = first.line(of: name), !line.flags.has(.handshake) else { continue }
            if first.isDown(name) {
                guard line.slots.isEmpty else {
                    throw ReplayError(
                        "\(name.shortText) owns slots and is down when the recording begins: "
                            + "a replay needs a healthy beginning")
                }
                first.add(caveat: "\(name.shortText) is down when the recording begins, and is left out")
            } else if line.flags.has(.replica), let master = line.master {
                replicas.append((name, master))
            } else if let slot = line.slots.first?.lowerBound {
                owners.append((name, slot))
            } else {
                slotless.append(name)
            }
        }
        for name in slotless {
            first.add(caveat: "\(name.shortText) is a master without slots when the recording begins, and is left out")
        }
        guard !owners.isEmpty else { throw ReplayError("no master owns slots when the recording begins") }
        owners.sort { ($0.slot, $0.name) < ($1.slot, $1.name) }
        masters = owners.count
        names = owners.map(\.name)
        for (replica, master) in replicas {
            guard let number = names.prefix(masters).firstIndex(of: master) else {
                first.add(caveat: "the master of \(replica.shortText) is unknown, and the replica is left out")
                continue
            }
            names.append(replica)
            attachments.append(number)
        }
        guard names.count <= Cast.largest else {
            throw ReplayError("\(names.count) nodes: at most \(Cast.largest) can be replayed")
        }
    }

    func standing(_ first: FirstViews, _ caveats: inout [String]) -> StandingCluster {
        var standing = StandingCluster()
        standing.nodeIDs = names
        let lines = names.prefix(masters).map { first.line(of: $0) }
        let ranges = lines.map { $0?.slots ?? [] }
        let sorted = ranges.compactMap(\.first).sorted { $0.lowerBound < $1.lowerBound }
        let isWhole =
            ranges.allSatisfy { $0.count == 1 } && sorted.first?.lowerBound == 0
            && sorted.last?.upperBound == SlotLayout.slotCount - 1
            && zip(sorted, sorted.dropFirst()).allSatisfy { $0.upperBound + 1 == $1.lowerBound }
        if isWhole {
            standing.slots = ranges.compactMap(\.first)
        } else {
            caveats.append("the slots are not one range for each master; equal ranges stand for them")
        }
        let epochs = lines.map { $0?.configEpoch ?? 0 }
        if Set(epochs).count == epochs.count {
            standing.configEpochs = epochs
        } else {
            caveats.append("some masters share a config epoch when the recording begins; 1, 2, 3... stand for them")
        }
        // Half of the range: elections must have room to count on, whatever the file says.
        let highest = (epochs + [first.currentEpoch ?? 0]).max() ?? 0
        if highest < UInt64.max / 2 {
            standing.currentEpoch = max(highest, standing.configEpochs == nil ? UInt64(masters) : 0)
        } else {
            standing.configEpochs = nil
            caveats.append("the epochs are absurd; 1, 2, 3... stand for them")
        }
        return standing
    }

    /// Bare processes on the hosts that the recording tells apart: by the pods' workers, else by address. All of
    /// loopback is one host.
    func deployment(_ first: FirstViews, base: Deployment) -> ProcessDeployment {
        var hosts: [String] = []
        let placement = names.map { name -> Int in
            let host = self.host(of: name, first)
            if let known = hosts.firstIndex(of: host) { return known }
            hosts.append(host)
            return hosts.count - 1
        }
        let isOnNFS =
            switch base {
            case .processes(let deployment): deployment.storage == .nfs
            case .kubernetes(let deployment): deployment.dataOnNFS
            }
        return ProcessDeployment(hosts: hosts, placement: placement, storage: isOnNFS ? .nfs : .local)
    }

    private func host(of name: NodeName, _ first: FirstViews) -> String {
        let server = first.servers.first { $0.id == name }
        if let worker = server?.worker { return worker }
        let ip = server?.address.ip ?? first.line(of: name)?.address.ip ?? ""
        return ip.hasPrefix("127.") || ip == "::1" || ip.isEmpty ? "loopback" : ip
    }
}

extension NodeName {
    /// As much of an id as people read.
    package var shortText: String { String(text.prefix(8)) }
}
