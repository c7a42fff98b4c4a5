import Capacity
import Testing

@Suite("The allocator's size classes")
struct AllocatorTests {
    /// Of `MEMORY MALLOC-STATS` of Debian's redis-server 7.0.15, and of jemalloc's table for a quantum of 8.
    @Test(
        "Requests are rounded up to the next class",
        arguments: [
            (16.0, 1.0, 8.0), (16, 9, 16), (16, 17, 32), (16, 40, 48), (16, 128, 128), (16, 129, 160), (16, 257, 320),
            (16, 513, 640), (16, 1025, 1280), (16, 16_385, 20_480), (16, 65_537, 81_920), (16, 262_145, 327_680),
            (8, 17, 24), (8, 40, 40), (8, 50, 56), (8, 65, 80), (8, 128, 128), (8, 129, 160),
        ])
    func classes(quantum: Double, bytes: Double, usable: Double) {
        #expect(Allocator(quantum: quantum).usable(bytes) == usable)
    }

    /// Measured with MEMORY USAGE on Debian's redis-server 7.0.15 outside of a cluster: without table, entry 32.
    @Test(
        "A string with its key takes what MEMORY USAGE says",
        arguments: [
            (1.0, 64.0), (20, 80), (31, 96), (44, 96), (45, 112), (64, 128), (100, 160), (1000, 1072), (10_000, 10_288),
        ])
    func strings(length: Double, usage: Double) {
        let memory = ValueMemory(allocator: .system)
        // 7.0 counts a dictionary entry as 24 bytes there, not as what the allocator gives.
        #expect(memory.string(length) + Allocator.system.string(1) + 24 == usage)
    }

    @Test("Tables double at powers of two")
    func tables() {
        #expect(Allocator.system.table(16_384) == 131_072)
        #expect(Allocator.system.table(16_385) == 262_144)
        #expect(Allocator.system.table(0) == 0)
        #expect(Allocator.system.table(1) == 32)
    }
}
