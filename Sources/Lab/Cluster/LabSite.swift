import Randomness
import SystemModel

/// Where a cluster's servers stand: addresses of this machine, or two hosts made of network namespaces.
enum LabSite: Sendable {
    case loopback(LoopbackRange)
    case hosts(TwoHosts)

    /// Throws for a model, or a wish, that this machine can't be made to fit.
    static func check(_ model: SystemModel, hosts: Int) throws(LabError) {
        guard case .processes(let deployment) = model.deployment else {
            throw LabError(
                "\(model.name) can't be a lab's", "a lab starts bare processes, and these are pods",
                instead: "take a model without kubernetes/, such as models/six-processes")
        }
        if hosts == 2 { _ = try TwoHosts.program(for: deployment) }
    }

    init(
        _ model: SystemModel, hosts: Int, _ directory: LabDirectory, _ dice: inout RandomStream
    ) throws(LabError) {
        if hosts == 2, case .processes(let deployment) = model.deployment {
            self = .hosts(try TwoHosts(deployment, directory, &dice))
        } else {
            self = .loopback(try LoopbackRange(count: model.shape.nodes, &dice))
        }
    }

    var port: Int {
        switch self {
        case .loopback(let range): range.port
        case .hosts(let hosts): hosts.port
        }
    }

    mutating func newAddress(of process: Int) throws(LabError) -> String {
        switch self {
        case .loopback(var range):
            let address = range.next()
            self = .loopback(range)
            guard let address else {
                throw LabError("no address is left", "a lab has 254", instead: "run shorter scenarios")
            }
            return address
        case .hosts(var hosts):
            let address = try hosts.newAddress(of: process)
            self = .hosts(hosts)
            return address
        }
    }

    /// Words before a server's command.
    func prefix(of process: Int) -> [String] {
        switch self {
        case .loopback: []
        case .hosts(let hosts): hosts.prefix(of: process)
        }
    }

    var hosts: [(name: String, processes: [Int])] {
        switch self {
        case .loopback: []
        case .hosts(let hosts): hosts.hosts
        }
    }

    func setLink(isCut: Bool) throws(LabError) {
        switch self {
        case .loopback:
            throw LabError("no link to cut", "all processes are on one host", instead: "add --hosts 2")
        case .hosts(let hosts): try hosts.setLink(isCut: isCut)
        }
    }
}
