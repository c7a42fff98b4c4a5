package import DiscreteEvent
import Glibc

/// What the applications want of the cluster, and what its sizing rests on besides: the content of `demand.yaml`.
/// Rates and keys are the whole cluster's; bytes and seconds unless a name says otherwise.
package struct Demand: Sendable {
    package var keys = Amount(0)
    /// Bytes of a key's name.
    package var keySize = ByteSizes(constant: 24)
    /// What the keys hold; the shares sum to 1.
    package var values: [ValueClass] = [ValueClass()]
    /// Share of the keys that expire, 0 ... 1.
    package var expiring = 0.0
    /// Seconds from a key's being written to its expiry; nil where the file does not say.
    package var lifetime: Double?
    package var reads = Amount(0)
    package var writes = Amount(0)
    /// Client connections to each server.
    package var connections = Amount(0)
    /// Requests that a client sends before it reads a reply.
    package var pipelining = 1.0
    /// The busiest shard's load and keys over the average shard's, at least 1.
    package var hottestShard = 1.0
    package var server = Server()
    package var hardware = Hardware()
    package var expectations = Expectations()
    /// The day for which the amounts hold; without it times to a limit have no date.
    package var asOf: CivilDate?
    /// Where each number came from.
    package var provenance: [Environment.Provenance] = []

    package init() {}

    /// A number and how it grows.
    package struct Amount: Sendable, Equatable {
        package var value: Double
        package var growth = Growth.none

        package init(_ value: Double, growth: Growth = .none) {
            self.value = value
            self.growth = growth
        }

        /// The number `months` from now.
        package func after(months: Double) -> Double {
            switch growth {
            case .none: value
            case .linear(let perMonth): max(0, value + perMonth * months)
            case .compound(let perMonth): value * pow(1 + perMonth, months)
            }
        }
    }

    package enum Growth: Sendable, Equatable {
        case none
        /// So many more each month.
        case linear(perMonth: Double)
        /// So much more each month, as a share of what there is: 0.05 is 5 %.
        case compound(perMonth: Double)
    }

    /// One kind of value.
    package struct ValueClass: Sendable {
        package enum Kind: String, Sendable, CaseIterable { case string, hash, list, set, zset }

        package var kind = Kind.string
        /// Of the keys, 0 ... 1.
        package var share = 1.0
        /// Elements of a key: fields, members, items. 1 for strings.
        package var elements = 1.0
        /// Bytes of a hash's field names.
        package var fieldSize = ByteSizes(constant: 16)
        /// Bytes of a string, an element, or a hash's value.
        package var size = ByteSizes(constant: 100)

        package init() {}
    }

    /// What the servers need for a job, by default as published; seconds and bytes. The pages of redis.io are
    /// https://redis.io/docs/latest/operate/oss_and_stack/management/optimization/benchmarks/ and
    /// https://redis.io/docs/latest/operate/oss_and_stack/management/optimization/latency/.
    package struct Server: Sendable {
        /// Resident over allocated memory; public sizers count 1.2 to 1.5
        /// (https://backendbytes.com/tools/redis-memory-sizer).
        package var fragmentation = 1.2
        /// System calls and event loop of one request that comes alone: 72,000 requests a second unpipelined against
        /// some 450,000 with 16 in a pipeline (redis.io, benchmarks) leave 12.4 us.
        package var requestTime = 12.4e-6
        /// The command itself: the rest of these 13.9 us.
        package var commandTime = 1.5e-6
        /// Each byte of requests and replies: 100,000 requests of 4 KiB a second still fill one thread only half.
        package var byteTime = 0.3e-9
        /// Connections with which throughput halves (redis.io, benchmarks).
        package var connectionsAtHalf = 30_000.0
        /// Pause of fork() for each GiB of resident memory (redis.io, latency: 9 to 13 ms, physical and VMware).
        package var forkPerGibibyte = 0.012
        /// Bytes of a dataset that a child writes in a second, and that a starting server loads.
        package var snapshotRate = 60e6
        package var loadRate = 100e6
        /// Bytes of a snapshot over those of the same without compression.
        package var compression = 1.0
        /// The allocator of redis-server's own build, as in the official image; false for the system's jemalloc.
        package var bundledAllocator = true
        /// Measured on a live cluster in place of the formulas: bytes of memory for each key, bytes of the
        /// replication stream for each write.
        package var bytesPerKey: Double?
        package var bytesPerWrite: Double?

        package init() {}
    }

    /// Machines and wires, bytes a second.
    package struct Hardware: Sendable {
        package var workerBandwidth = 125e6
        package var storageBandwidth = 125e6

        package init() {}
    }

    /// What users are to see, at the server's socket.
    package struct Expectations: Sendable {
        /// The quantile of the answer time that is bounded, and its bound in seconds.
        package var quantile = 0.99
        package var latency = 0.005
        /// A request without an answer for this long has failed, seconds.
        package var timeout = 1.0
        /// Share of the requests that must not fail.
        package var availability = 0.999

        package init() {}
    }

    /// Everything that grows, `months` from now.
    package func after(months: Double) -> Demand {
        var later = self
        for amount in [\Demand.keys, \.reads, \.writes, \.connections] {
            later[keyPath: amount].value = self[keyPath: amount].after(months: months)
        }
        return later
    }

    /// The same with `factor` times the keys, reads and writes.
    package func scaled(by factor: Double) -> Demand {
        var other = self
        for amount in [\Demand.keys, \.reads, \.writes] { other[keyPath: amount].value *= factor }
        return other
    }

    /// True where something is to become more.
    package var grows: Bool {
        [keys, reads, writes, connections].contains { amount in
            switch amount.growth {
            case .none: false
            case .linear(let perMonth): perMonth > 0
            case .compound(let perMonth): perMonth > 0 && amount.value > 0
            }
        }
    }
}

/// A distribution of sizes in bytes.
package struct ByteSizes: Sendable {
    package let distribution: Distribution
    package let text: String

    package init(_ distribution: Distribution, text: String) {
        self.distribution = distribution
        self.text = text
    }

    package init(constant bytes: Double) {
        distribution = .constant(bytes)
        text = "\(Int(bytes)) B"
    }

    package var mean: Double { mean { $0 } }

    /// The mean of what `value` says of the sizes.
    package func mean(of value: (Double) -> Double) -> Double {
        let points = points
        return points.reduce(0) { $0 + value($1) } / Double(points.count)
    }

    /// Sizes of equal probability that stand for the distribution.
    package var points: [Double] {
        if case .constant(let value) = distribution.form { return [value] }
        let count = 200
        return (0..<count).map { distribution.quantile((Double($0) + 0.5) / Double(count)).rounded() }
    }
}
