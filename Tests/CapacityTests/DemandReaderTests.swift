import Foundation
import ModelFile
import SystemModel
import Testing

@Suite("Demand files")
struct DemandReaderTests {
    static func read(_ spec: String, overrides: [String] = []) throws -> Demand {
        let file = FileManager.default.temporaryDirectory.appending(path: "demand-\(UUID().uuidString).yaml")
        defer { try? FileManager.default.removeItem(at: file) }
        let head = "apiVersion: rehearse/v1\nkind: Demand\nmetadata: {name: test}\nspec:\n"
        let body = spec.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n")
        try Data((head + body + "\n").utf8).write(to: file)
        return try DemandReader.read(file.path, overrides: overrides)
    }

    static func refusal(_ spec: String, overrides: [String] = []) -> String {
        do {
            _ = try read(spec, overrides: overrides)
            return ""
        } catch { return "\(error)" }
    }

    @Test("Numbers, units, growth and sources are read")
    func reading() throws {
        let demand = try Self.read(
            """
            asOf: 2026-11-01
            keys: {value: 1.5M, growth: 5%/month, source: INFO}
            keySize: 20
            values:
              - {type: string, share: 75%, size: {quantiles: {p50: 100B, p99: 4KiB}}}
              - {type: hash, share: 0.25, elements: 8, fieldSize: 10, size: 40}
            expiring: 20%
            lifetime: 2h
            reads: 500/s
            writes: {value: 200, growth: 120/year}
            connections: 10
            hardware: {workerBandwidth: 10Gbit/s}
            expect: {latency: {p99.9: 3ms}, timeout: 250ms, availability: 99.95%}
            """)
        #expect(demand.keys == .init(1_500_000, growth: .compound(perMonth: pow(1.05, 1) - 1)))
        #expect(demand.writes == .init(200, growth: .linear(perMonth: 10)))
        #expect(demand.after(months: 12).writes.value == 320)
        #expect((demand.after(months: 2).keys.value / (1.5e6 * 1.1025) - 1).magnitude < 1e-9)
        #expect(demand.reads.value == 500)
        #expect(demand.values.map(\.share) == [0.75, 0.25])
        #expect(demand.values[1].elements == 8)
        #expect(demand.lifetime == 7200)
        #expect(demand.hardware.workerBandwidth == 1.25e9)
        #expect((demand.expectations.quantile - 0.999).magnitude < 1e-12)
        #expect(demand.expectations.latency == 0.003)
        #expect(demand.asOf?.description == "2026-11-01")
        #expect(demand.provenance.contains { $0.path == "keys" && $0.source == "INFO" })
        #expect(demand.provenance.contains { $0.path == "reads" && $0.source.hasPrefix("guess") })
    }

    @Test("--set changes a value and keeps its growth")
    func overrides() throws {
        let demand = try Self.read(
            "keys: {value: 100, growth: 5%/month, source: guess}",
            overrides: ["demand.keys=2M", "demand.writes=50/s", "demand.server.fragmentation=1.4"])
        #expect(demand.keys.value == 2_000_000)
        #expect(demand.keys.growth != .none)
        #expect(demand.writes.value == 50)
        #expect(demand.server.fragmentation == 1.4)
        #expect(demand.provenance.contains { $0.path == "keys" && $0.source == "--set" })
        let sized = try Self.read("keys: 5\nkeySize: {value: 20, source: SCAN}", overrides: ["demand.keySize=40"])
        #expect(sized.keySize.mean == 40)
        #expect(sized.provenance.contains { $0.path == "keySize" && $0.source == "--set" })
    }

    @Test(
        "What can't be meant is refused where it stands",
        arguments: [
            ("reads: 5", "no \"keys\" in spec"), ("keys: many", "5:9: \"many\" as keys"),
            ("keys: 5\nkey_size: 4", "did you mean \"keySize\"?"), ("keys: 5\nexpiring: 120%", "as expiring"),
            ("keys: {value: 5, growth: fast}", "write 5%/month"), ("keys: -4", "as keys"),
            ("keys: 5\nvalues: [{type: strin}]", "did you mean \"string\"?"),
            ("keys: 5\nvalues: [{share: 50%}]", "shares that sum to 50%"),
            ("keys: 5\nkeySize: {quantiles: {p50: 9, p99: 4}}", "sizes rise"),
            ("keys: 5\nkeySize: 1GiB", "512 MiB"), ("keys: 5\nexpect: {latency: 5ms}", "a mapping"),
            ("keys: 5\nasOf: 2026-02-30", "write a date"), ("keys: 5\nlifetime: 5", "as lifetime"),
            ("keys: 1e999", "as keys"), ("keys: 5/s", "as keys"),
            ("keys: 5\npipelining: 5/s", "as pipelining"), ("keys: 5\nconnections: 9/s", "as connections"),
            ("keys: 5\nhardware: {workerBandwidth: 100}", "1Gbit/s"),
        ])
    func refusals(spec: String, expected: String) {
        let refusal = Self.refusal(spec)
        #expect(refusal.contains(expected), "\(refusal)")
    }

    @Test("An unknown --set path is refused")
    func unknownPath() {
        #expect(Self.refusal("keys: 5", overrides: ["demand.kees=5"]).contains("did you mean \"keys\"?"))
    }

    @Test("Days are counted as calendars do")
    func dates() throws {
        #expect(CivilDate("1970-01-01")?.days == 0)
        #expect(CivilDate("2000-03-01")?.days == 11_017)
        #expect(CivilDate("2024-02-29")?.description == "2024-02-29")
        #expect(CivilDate("2023-02-29") == nil)
        #expect(CivilDate("2023-2-9") == nil)
        #expect(try #require(CivilDate("2026-11-01")).adding(months: 12).description == "2027-11-01")
    }
}
