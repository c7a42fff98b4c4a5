import ModelFile
import RedisClient
import SystemModel
import Testing

@testable import LiveCapacity

@Suite("A live cluster's numbers and what the user sets against them")
struct LiveDemandTests {
    /// One master with keys of 250 bytes, which 1000 SETs of 150 bytes and 500 reads reach between the looks.
    static func reading(keys: Int) -> ClusterReading {
        let before = "role:master\r\nmaster_repl_offset:0\r\n"
        let after = """
            role:master\r
            redis_version:7.0.15\r
            mem_allocator:jemalloc-5.2.1\r
            used_memory:\(1_600_000 + 250 * keys)\r
            used_memory_startup:1600000\r
            connected_clients:11\r
            master_repl_offset:150000\r
            db0:keys=\(keys),expires=0,avg_ttl=0\r
            cmdstat_set:calls=1000,usec=2000\r
            cmdstat_strlen:calls=300,usec=300\r
            cmdstat_type:calls=200,usec=200\r
            """
        let sampled = ServerReading.SampledKey(nameLength: 12, type: "string", bytes: 250, length: 100)
        let server = ServerReading(
            address: ServerAddress(host: "127.0.0.1", port: 6379), before: InfoReading(before),
            after: InfoReading(after), seconds: 10, configuration: [:],
            keys: [ServerReading.SampledKey](repeating: sampled, count: 20))
        return ClusterReading(servers: [server], problems: [])
    }

    static func demand(keys: Int = 100_000, set: String...) throws -> Demand {
        LiveDemand(reading(keys: keys)).replacing(try DemandReader.read(overrides: set.map { "demand.\($0)" }))
    }

    @Test("Everything that the servers told is taken")
    func taken() throws {
        let demand = try Self.demand()
        #expect(demand.keys.value == 100_000 && demand.writes.value == 100 && demand.connections.value == 10)
        #expect(demand.keySize.mean == 12 && demand.values.map(\.size.mean) == [100])
        #expect(demand.server.bytesPerKey == 250 && demand.server.bytesPerWrite == 150)
        #expect(demand.provenance.count { $0.path == "keys" } == 1)
    }

    @Test("Applications' STRLEN and TYPE are reads like others")
    func reads() throws {
        #expect(try Self.demand().reads.value == 50)
    }

    @Test("A small keyspace does not say what a key takes")
    func smallKeyspace() throws {
        let demand = try Self.demand(keys: 2000)
        #expect(demand.keys.value == 2000 && demand.server.bytesPerKey == nil)
    }

    @Test("What the user sets wins over the servers, and over what they measured of other keys")
    func set() throws {
        let demand = try Self.demand(
            set: "keySize=40", "server.bundledAllocator=false", "reads=7/s", "server.fragmentation=1.5")
        #expect(demand.keySize.mean == 40 && !demand.server.bundledAllocator)
        #expect(demand.reads.value == 7 && demand.server.fragmentation == 1.5)
        #expect(demand.server.bytesPerKey == nil && demand.server.bytesPerWrite == nil)
        #expect(demand.provenance.filter { $0.path == "keySize" }.map(\.source) == ["--set"])
        #expect(demand.values.map(\.size.mean) == [100])
    }

    @Test("Without a demand file misspelt settings are refused all the same")
    func misspelt() {
        let error = #expect(throws: ModelError.self) {
            try DemandReader.read(overrides: ["demand.server.fragmentaton=2"])
        }
        #expect(error?.description.contains("did you mean \"fragmentation\"?") == true)
        #expect(throws: ModelError.self) { try DemandReader.read(overrides: ["demand.kees=2"]) }
        #expect(throws: Never.self) { try DemandReader.read(overrides: []) }
    }
}
