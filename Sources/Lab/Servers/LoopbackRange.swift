import Glibc
import Randomness

/// Addresses 127.a.b.1, .2, ... and a port that nobody listens on.
///
/// All of 127.0.0.0/8 is this machine on Linux, so a process can have an address of its own without being root, and one
/// that comes back can have a new one, as a pod has.
struct LoopbackRange: Sendable {
    let prefix: String
    let port: Int
    private var given = 0

    /// Both the port and the bus port above it stay below Linux's range for outgoing connections (32768).
    private static let ports = 10_000..<22_000

    /// Draws ranges until one is free for `count` addresses.
    init(count: Int, _ dice: inout RandomStream) throws(LabError) {
        for _ in 0..<100 {
            let prefix = "127.\(16 + dice.below(224)).\(1 + dice.below(254))"
            let port = LoopbackRange.ports.lowerBound + dice.below(LoopbackRange.ports.count)
            let addresses = (1...count).map { "\(prefix).\($0)" }
            if addresses.allSatisfy({ LoopbackRange.isFree($0, port) && LoopbackRange.isFree($0, port + 10_000) }) {
                self.prefix = prefix
                self.port = port
                return
            }
        }
        throw LabError(
            "no free address", "of 100 ranges in 127.0.0.0/8 none let servers listen",
            instead: "end what listens there, or look at /proc/net/tcp")
    }

    /// An address that nobody had; there are 254.
    mutating func next() -> String? {
        given += 1
        return given <= 254 ? "\(prefix).\(given)" : nil
    }

    static func isFree(_ address: String, _ port: Int) -> Bool {
        let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard socket >= 0 else { return false }
        defer { close(socket) }
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_port = in_port_t(port).bigEndian
        guard inet_pton(AF_INET, address, &name.sin_addr) == 1 else { return false }
        return withUnsafePointer(to: &name) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }
}
