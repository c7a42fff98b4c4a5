import Glibc
import Randomness
import SystemModel

/// Two hosts made of network namespaces, on one bridge that this machine reaches both by.
///
/// A cut isolates the bridge's two ports from each other (`bridge_slave isolated`): packets between the hosts vanish,
/// ARP included, and nothing is reset, as when a switch fails between them; the bridge itself, and so whoever watches,
/// still reaches both. Links have Ethernet's MTU of 1500. Needs root.
struct TwoHosts: Sendable {
    let port = 6379
    private let names: [String]
    private let placement: [Int]
    private let tag: String
    private let network: String
    private let program: String
    private var given = 9

    init(
        _ deployment: ProcessDeployment, _ directory: LabDirectory, _ dice: inout RandomStream
    ) throws(LabError) {
        program = try TwoHosts.program(for: deployment)
        names = deployment.hosts
        placement = deployment.placement
        tag = String(dice.next() & 0xFF_FFFF, radix: 36)
        network = "10.\(64 + dice.below(64)).\(dice.below(256))"
        try build(directory)
    }

    /// Where `ip` is; throws where two hosts can't be had for these processes.
    static func program(for deployment: ProcessDeployment) throws(LabError) -> String {
        guard deployment.hosts.count == 2 else {
            throw LabError(
                "--hosts 2",
                "the model has \(deployment.hosts.count == 1 ? "one host" : "\(deployment.hosts.count) hosts")",
                instead: "take a model with two, such as models/two-hosts")
        }
        guard geteuid() == 0 else {
            throw LabError(
                "--hosts 2", "only root can make network namespaces", instead: "run it as root, or leave it out")
        }
        guard let program = ServerBinary.alongPath("ip") else {
            throw LabError("--hosts 2", "there is no ip program", instead: "install it (Debian: apt install iproute2)")
        }
        return program
    }

    private var bridge: String { "rlab\(tag)" }
    private func space(_ host: Int) -> String { "rlab\(tag)\(host)" }
    private func bridgePort(_ host: Int) -> String { "rlab\(tag)p\(host)" }

    private func build(_ directory: LabDirectory) throws(LabError) {
        for host in 0...1 { directory.atTheEnd("\(program) netns delete \(space(host))") }
        directory.atTheEnd("\(program) link delete \(bridge)")
        try ip("link", "add", bridge, "type", "bridge", "forward_delay", "0")
        try ip("address", "add", "\(network).1/24", "dev", bridge)
        try ip("link", "set", bridge, "up")
        for host in 0...1 {
            try ip("netns", "add", space(host))
            try ip("link", "add", bridgePort(host), "type", "veth", "peer", "name", "eth0", "netns", space(host))
            try ip("link", "set", bridgePort(host), "master", bridge, "up")
            try ip("-n", space(host), "link", "set", "lo", "up")
            try ip("-n", space(host), "link", "set", "eth0", "up")
        }
    }

    private func ip(_ words: String...) throws(LabError) {
        let child = try ChildProcess(program, words)
        guard child.succeeds(within: 5000) else {
            throw LabError(
                "ip \(words.joined(separator: " "))", "it failed",
                instead: "see whether this machine allows network namespaces and bridges")
        }
    }

    mutating func newAddress(of process: Int) throws(LabError) -> String {
        given += 1
        guard given < 255 else {
            throw LabError("no address is left", "a lab has 245", instead: "run shorter scenarios")
        }
        let address = "\(network).\(given)"
        try ip("-n", space(placement[process]), "address", "add", "\(address)/24", "dev", "eth0")
        return address
    }

    func prefix(of process: Int) -> [String] { [program, "netns", "exec", space(placement[process])] }

    var hosts: [(name: String, processes: [Int])] {
        names.indices.map { host in (names[host], placement.indices.filter { placement[$0] == host }) }
    }

    func setLink(isCut: Bool) throws(LabError) {
        for host in 0...1 {
            try ip("link", "set", "dev", bridgePort(host), "type", "bridge_slave", "isolated", isCut ? "on" : "off")
        }
    }
}
