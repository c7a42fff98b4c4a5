import DiscreteEvent
import Randomness
import SystemModel

/// The storage that makes the servers' files stable: one NFS server, or each host's disk.
struct SharedStorage {
    /// Time to take in a byte: 1 MiB without an fsync's round trips took 3.8 ms on a real NFS server (measured).
    static let nanosecondsPerByte = 3.3
    /// What leaves in one round trip of a large write (measured there as well).
    static let windowBytes = 640.0 * 1024

    /// No request takes longer, ns: absurd settings stay within 64 bits.
    private static let longest = 1e13

    private let onNFS: Bool
    private let environment: Environment
    private var processor = Facility()
    private var disks: [Facility]
    private(set) var commits = 0
    /// Nanoseconds of work of the disks so far.
    private(set) var worked: Int64 = 0

    init(_ setup: LoadSetup) {
        onNFS = setup.onNFS
        environment = setup.environment
        let hosts = (setup.servers.map(\.host).max() ?? 0) + 1
        disks = [Facility](repeating: Facility(), count: setup.onNFS ? 1 : hosts)
    }

    var diskCount: Int { disks.count }

    /// When `bytes` that a server of `host` flushes at `time` are stable, ns.
    mutating func flush(_ bytes: Double, host: Int, at time: Int64, _ dice: inout RandomStream) -> Int64 {
        commits += 1
        guard onNFS else {
            let service = Self.bounded(Double(environment.disk.sync.sample(&dice)))
            worked += service
            return disks[host].offer(arrival: time, service: service).finish
        }
        let nfs = environment.nfs
        let rtt = Self.bounded(Double(nfs.rtt.sample(&dice)))
        let windows = (max(0, bytes - 1) / Self.windowBytes).rounded(.down)
        let service = Self.bounded(Double(nfs.service.sample(&dice)) + bytes * Self.nanosecondsPerByte)
        let arrival = time + rtt / 2 + Self.bounded(windows * Double(rtt))
        var done = processor.offer(arrival: arrival, service: service).finish
        if nfs.export == .sync {
            let commit = Self.bounded(Double(nfs.commit.sample(&dice)))
            worked += commit
            done = disks[0].offer(arrival: done, service: commit).finish
        }
        return done + rtt - rtt / 2
    }

    private static func bounded(_ nanoseconds: Double) -> Int64 { Int64(min(nanoseconds, longest)) }
}
