package import DiscreteEvent
package import Kubernetes

/// What manifests cannot say: how long things take. Distributions are of nanoseconds.
package struct Environment: Sendable {
    package var network = Network()
    package var process = Process()
    package var disk = Disk()
    package var nfs = NFS()
    package var kubernetes = KubernetesTimings()
    package var disturbances = Disturbances()
    /// Writes per second and master; 0 is idle.
    package var load: Double = 0
    /// Where each number came from, for `check` and for reports.
    package var provenance: [Provenance] = []

    package init() {}

    package struct Provenance: Sendable, Equatable {
        package var path: String
        package var value: String
        /// "guess" is a legal source; "default" means that the file does not say.
        package var source: String

        package init(path: String, value: String, source: String) {
            self.path = path
            self.value = value
            self.source = source
        }

        /// What the source of a setting is that the file leaves open.
        package static let unstated = "default"

        /// A guess, or a number whose source nobody names.
        package var isGuess: Bool { Self.isGuess(source: source) }

        package static func isGuess(source: String) -> Bool { source.hasPrefix("guess") }
    }

    /// Another value, with its source, for a setting that the file leaves open.
    package mutating func restate(_ path: String, _ value: String, _ source: String) {
        for index in provenance.indices
        where provenance[index].path == path && provenance[index].source == Provenance.unstated {
            provenance[index].value = value
            provenance[index].source = source
        }
    }

    /// Whether acknowledgements are delayed where the file doesn't say: they are where bus messages fit one segment.
    package mutating func setDelayedAcknowledgements(byDefault isDelayed: Bool) {
        let path = "network.delayedAcknowledgements"
        guard provenance.contains(where: { $0.path == path && $0.source == Provenance.unstated }) else { return }
        network.delayedAcknowledgements = isDelayed
        restate(path, "\(isDelayed)", Provenance.unstated)
    }

    /// What makes a healthy server late for a while, and how often in a month of 30 days. Only questions about months
    /// ask for these; a scenario says itself what goes wrong.
    package struct Disturbances: Sendable {
        /// fork() for a snapshot or a rewrite: 9 to 23 ms for each GB of data (redis.io, latency page).
        package var forkPause = Distribution.lognormal(p50: 20e6, p99: 200e6)
        /// Of one server: one snapshot an hour, as `save 3600 1` asks for.
        package var forkPausesPerMonth = 720.0
        /// Page faults after a fork; with transparent huge pages beyond 2 s were reported (valkey-operator#434).
        package var copyOnWritePause = Distribution.lognormal(p50: 50e6, p99: 2e9)
        /// Of one server.
        package var copyOnWritePausesPerMonth = 720.0
        /// The storage of all servers together answers nobody.
        package var storageStall = Distribution.lognormal(p50: 1e9, p99: 30e9)
        package var storageStallsPerMonth = 4.0
        /// One machine's packets vanish.
        package var networkLoss = Distribution.lognormal(p50: 500e6, p99: 20e9)
        /// Of one machine.
        package var networkLossesPerMonth = 2.0

        package init() {}
    }

    /// One-way delays between sockets, and what TCP does around them.
    package struct Network: Sendable {
        /// One way between processes of one host (or pods of one worker).
        package var withinHost = Distribution.lognormal(p50: 40_000, p99: 150_000)
        /// One way between hosts.
        package var betweenHosts = Distribution.lognormal(p50: 200_000, p99: 1_000_000)
        /// Nagle on outbound bus links against delayed acknowledgements: real where a bus message fits one segment
        /// (loopback, jumbo frames), absent at MTU 1500 because a message of 2256 bytes is acknowledged at once. The
        /// reader of a model makes it false by default where the servers are on several hosts or in pods.
        package var delayedAcknowledgements = true
        /// How long a vanished pod address stays silent before connects fail with EHOSTUNREACH.
        package var staleNeighbour = Distribution.uniform(8e9, 50e9)
        /// How long a connect takes to fail with EHOSTUNREACH once neighbour resolution is tried.
        package var unreachableAfter = Distribution.constant(3e9)
        /// What a connect to a dead worker meets.
        package var backend = PodNetwork.vxlan

        package init() {}
    }

    /// The event loop of one redis-server.
    package struct Process: Sendable {
        /// From a timer's due time (epoll's timeout is rounded up to the next ms) to its handler running.
        package var wakeUp = Distribution.lognormal(p50: 100_000, p99: 600_000)
        /// CPU time of one serverCron.
        package var tickCost = Distribution.lognormal(p50: 60_000, p99: 250_000)
        /// CPU time to read and process one bus packet.
        package var packetCost = Distribution.lognormal(p50: 25_000, p99: 120_000)
        /// From exec to the first tick, with an empty dataset.
        package var startUp = Distribution.lognormal(p50: 15e6, p99: 60e6)

        package init() {}
    }

    /// A local disk under nodes.conf and the AOF.
    package struct Disk: Sendable {
        /// open, write in place, close: a save without fsync.
        package var save = Distribution.lognormal(p50: 60_000, p99: 500_000)
        /// One fsync of a few KiB.
        package var sync = Distribution.lognormal(p50: 1.2e6, p99: 12e6)

        package init() {}
    }

    /// The NFS server under all volumes.
    package struct NFS: Sendable {
        /// Round trip between client and server.
        package var rtt = Distribution.constant(200_000)
        /// Time the server needs to make one commit stable.
        package var commit = Distribution.lognormal(p50: 300_000, p99: 3e6)
        /// Time the server needs for any other request.
        package var service = Distribution.lognormal(p50: 30_000, p99: 200_000)
        /// `sync` replies after stable storage, `async` before.
        package var export = Export.sync
        package var version = Version.v41
        /// After a restart new opens and locks wait until every client has reclaimed, or for this long.
        package var grace = Distribution.uniform(1.1e9, 2.2e9)
        /// How long after a stall's end the file system answers.
        package var thaw = Distribution.uniform(0, 0.2e9)
        /// The grace period in which opens wait if a client is gone and never reclaims.
        package var fullGrace = Distribution.constant(90e9)
        /// How long the locks of a vanished 4.1 client outlive it.
        package var lease = Distribution.uniform(90e9, 93e9)
        /// How long open() hangs in 4.1 until a vanished client's read delegation is revoked.
        package var recall = Distribution.uniform(104e9, 106e9)
        /// From a 3 client's return to the end of its old locks, which its statd brings about.
        package var notification = Distribution.uniform(12e9, 14e9)
        /// From a start on a rebooted host to the lock: its old state has to go first, in 3 and in 4.1.
        package var reclaim = Distribution.uniform(11e9, 15e9)

        package enum Export: String, Sendable, CaseIterable { case sync, async }
        package enum Version: String, Sendable, CaseIterable { case v41 = "4.1", v3 = "3" }
        package init() {}
    }

    /// Durations of the control plane and the kubelets.
    package struct KubernetesTimings: Sendable {
        package var schedule = Distribution.lognormal(p50: 10e6, p99: 100e6)
        package var bindToKubelet = Distribution.uniform(10e6, 100e6)
        /// Start of a pod whose image is cached: mount, sandbox, pull check, container.
        package var podStart = Distribution.lognormal(p50: 3.5e9, p99: 7.6e9)
        /// Probability that a start meets the kubelet's sync retry, and what it adds.
        package var startRetryProbability = 0.1
        package var startRetry = Distribution.constant(10e9)
        /// From the containers' exit to the pod object's removal.
        package var removal = Distribution.uniform(1e9, 12e9)
        /// From the pod's exit to the loss of its address (sandbox stopped).
        package var sandboxStop = Distribution.uniform(100e6, 1e9)
        /// From a pod's removal to its successor's creation by the StatefulSet controller.
        package var controller = Distribution.lognormal(p50: 50e6, p99: 500e6)
        /// From a container's exit to its start in the same sandbox, the back-off not counted.
        package var containerRestart = Distribution.uniform(0.5e9, 2e9)
        /// What asking the registry adds to a restart under `imagePullPolicy: Always`.
        package var registryCheck = Distribution.uniform(0.3e9, 3e9)
        /// What the first pod on a node without the image waits for it.
        package var imagePull = Distribution.uniform(10e9, 25e9)
        package var leaseRenew = Distribution.constant(10e9)
        package var nodeMonitorPeriod = Distribution.constant(5e9)
        /// Nil is the release's own: 40 s before 1.32, 50 s since.
        package var nodeMonitorGrace: Distribution?
        package var toleration = Distribution.constant(300e9)
        package var endpoints = Distribution.uniform(10e6, 500e6)
        package var kubeProxy = Distribution.uniform(0, 100e6)
        package var dnsCache = Distribution.uniform(0, 30e9)
        /// From power to a kubelet that starts pods again.
        package var reboot = Distribution.lognormal(p50: 45e9, p99: 180e9)

        package init() {}
    }
}
