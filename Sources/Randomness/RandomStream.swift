/// A stream of uniforms: xoshiro256++ (Blackman & Vigna), 32 bytes of state, a value.
///
/// One stream belongs to one (replication, purpose, entity), so that a change in one component's draws moves nobody
/// else's: common random numbers need no bookkeeping. Copying a stream copies its future.
@frozen
public struct RandomStream: Sendable, Equatable {
    @usableFromInline var s0: UInt64
    @usableFromInline var s1: UInt64
    @usableFromInline var s2: UInt64
    @usableFromInline var s3: UInt64

    /// The stream of an already mixed 64-bit key.
    @inlinable
    public init(key: UInt64) {
        var state = key
        s0 = splitMix64(&state)
        s1 = splitMix64(&state)
        s2 = splitMix64(&state)
        s3 = splitMix64(&state)
    }

    /// The stream named by (seed, replication, purpose, entity).
    @inlinable
    public init(seed: UInt64, replication: UInt64, purpose: StreamPurpose, entity: UInt64) {
        self.init(key: mixed(mixed(mixed(mixed(0x5265_6865_6172_7365, seed), replication), purpose.rawValue), entity))
    }

    /// The next 64 uniform bits.
    @inlinable @inline(__always)
    public mutating func next() -> UInt64 {
        let sum = s0 &+ s3
        let result = ((sum << 23) | (sum >> 41)) &+ s0
        let shifted = s1 << 17
        s2 ^= s0
        s3 ^= s1
        s1 ^= s2
        s0 ^= s3
        s2 ^= shifted
        s3 = (s3 << 45) | (s3 >> 19)
        return result
    }

    /// A uniform on the open interval (0, 1), on a grid of 2^-52; never 0 or 1, so quantile functions stay finite.
    @inlinable @inline(__always)
    public mutating func uniform() -> Double {
        (Double(Int64(truncatingIfNeeded: next() >> 12)) + 0.5) * 0x1p-52
    }

    /// A uniform integer in 0..<bound, by multiply and shift; the bias is below bound / 2^64.
    @inlinable @inline(__always)
    public mutating func below(_ bound: Int) -> Int {
        Int(truncatingIfNeeded: next().multipliedFullWidth(by: UInt64(truncatingIfNeeded: bound)).high)
    }

    /// True with the given probability.
    @inlinable @inline(__always)
    public mutating func chance(_ probability: Double) -> Bool { uniform() < probability }
}

/// What a stream's draws are for. Raw values are part of every result's reproducibility: never renumber.
public enum StreamPurpose: UInt64, Sendable {
    case tickPhase = 1
    case loop = 2
    case gossip = 3
    case election = 4
    case network = 5
    case storage = 6
    case nodeTable = 7
    case wallClock = 8
    case fault = 9
    case replication = 10
    case client = 11
    case scheduler = 12
    case volumeBinding = 13
    case kubelet = 14
    case controlPlane = 15
    case identity = 16
    case creation = 17
    case workload = 18
    case test = 19
    case replay = 20
    case resampling = 30
}

@inlinable @inline(__always)
func splitMix64(_ state: inout UInt64) -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
}

@inlinable @inline(__always)
func mixed(_ accumulated: UInt64, _ part: UInt64) -> UInt64 {
    var state = accumulated ^ (part &* 0xD6E8_FEB8_6659_FD93)
    return splitMix64(&state)
}
