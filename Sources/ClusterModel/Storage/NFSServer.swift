import DiscreteEvent
import Randomness
import SystemModel

/// The one NFS server under all volumes: two queues, and the times at which it is away.
///
/// Every request takes a round trip and the server's processor; one that needs stable storage takes the server's disk
/// as well. Both are shared by all clients, first come, first served. The caller's clock may run ahead of the
/// simulation's by the length of the waits it has already been through.
struct NFSServer {
    /// Time to take in a byte: 1 MiB took 3.8 ms with no round trip (measured).
    static let nanosecondsPerByte = 3.3
    /// What leaves in one round trip of a large write: 1 MiB took three with its COMMIT (measured).
    static let windowBytes = 640 * 1024

    let settings: Environment.NFS
    private(set) var outages: [Storage.Outage] = []
    private var processor = BusyPeriods()
    private var disk = BusyPeriods()

    init(settings: Environment.NFS) { self.settings = settings }

    mutating func removeAll() {
        outages.removeAll(keepingCapacity: true)
        processor.removeAll()
        disk.removeAll()
    }

    mutating func add(_ outage: Storage.Outage) { outages.append(outage) }

    /// When the reply to a request that process `p` sends at `time` is there; `never` if the server stays away.
    mutating func reply(
        to request: NFSRequest, of p: Int, at time: Int64, now: Int64, _ dice: inout RandomStream
    ) -> Int64 {
        guard time < ClusterSimulation.never else { return time }
        let rtt = settings.rtt.sample(&dice)
        let service =
            settings.service.sample(&dice) + Int64(Double(request.bytes) * NFSServer.nanosecondsPerByte)
        let stable = request.commits && settings.export == .sync ? settings.commit.sample(&dice) : 0
        let windows = max(0, request.bytes - 1) / NFSServer.windowBytes
        let outward = rtt / 2 + Int64(windows) * rtt
        var arrival = time + outward
        var extra: Int64 = 0
        for index in outages.indices where outages[index].hits[p] {
            let outage = outages[index]
            guard outage.from < arrival + service + stable + rtt - rtt / 2, arrival - outward < outage.until else {
                continue
            }
            guard outage.until < ClusterSimulation.never else { return ClusterSimulation.never }
            switch outage.kind {
            case .slow(let delay): extra += delay
            case .stall, .restart: arrival = max(arrival, request.opens ? outage.opensResume : outage.resumes)
            case .drop:
                arrival = outages[index].retransmission(of: p, sent: arrival - outward, rtt: rtt) + outward
            }
        }
        var done = processor.serve(arrival: arrival, service: service, now: now)
        done = disk.serve(arrival: done, service: stable, now: now)
        return done + rtt - rtt / 2 + extra
    }

    /// True where a request of `p` sent at `time` would get no answer for now.
    func isAway(_ p: Int, at time: Int64) -> Bool {
        outages.contains { $0.holds(p, at: time) }
    }

    func isCutOff(_ p: Int, at time: Int64) -> Bool {
        outages.contains { $0.isOfHost && $0.holds(p, at: time) }
    }

    func awaySince(_ p: Int, at time: Int64) -> Int64 {
        outages.reduce(time) { $1.holds(p, at: time) ? min($0, $1.from) : $0 }
    }

    mutating func leaveOutagesOfHost(_ p: Int) {
        for index in outages.indices where outages[index].isOfHost { outages[index].hits[p] = false }
    }

    /// The first instant from `time` on at which nothing keeps the server from `p`; `never` if it stays away.
    func usableAfter(_ p: Int, _ time: Int64) -> Int64 {
        var usable = time
        for outage in outages where outage.hits[p] && outage.from <= usable && usable < outage.resumes {
            if case .slow = outage.kind { continue }
            usable = outage.resumes
        }
        return usable
    }
}
