import Glibc

/// How many bytes jemalloc takes for a request: sizes come in classes, four to each doubling
/// (jemalloc, include/jemalloc/internal/sc.h).
///
/// redis-server's own build, which the official image has, is configured with a quantum of 8 bytes
/// (`--with-lg-quantum=3`, deps/Makefile) and so has classes of 24, 40 and 56; distributions' jemalloc has not.
package struct Allocator: Sendable, Equatable {
    /// 8 or 16 bytes.
    package var quantum: Double

    package static let bundled = Allocator(quantum: 8)
    package static let system = Allocator(quantum: 16)

    package init(quantum: Double) { self.quantum = quantum }

    /// Bytes used for a request of `bytes`, which is what `used_memory` counts (zmalloc.c, malloc_usable_size).
    package func usable(_ bytes: Double) -> Double {
        if bytes <= 8 { return 8 }
        if bytes <= quantum * 8 { return (bytes / quantum).rounded(.up) * quantum }
        let spacing = exp2(floor(log2(bytes - 1)) - 2)
        return (bytes / spacing).rounded(.up) * spacing
    }

    /// A string of Redis's (sds.h): a header that grows with the length, the text, a zero byte.
    package func string(_ length: Double) -> Double {
        let header: Double =
            switch length {
            case 1..<32: 1
            case ..<256: 3
            case ..<65_536: 5
            default: 9
            }
        return usable(header + length + 1)
    }

    /// A hash table's array of `count` entries: a pointer each, the next power of two, at least 4 (dict.c).
    package func table(_ count: Double) -> Double { count <= 0 ? 0 : usable(8 * Allocator.buckets(count)) }

    package static func buckets(_ count: Double) -> Double { max(4, exp2(log2(max(count, 1)).rounded(.up))) }
}
