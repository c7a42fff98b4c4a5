import Recording
import RedisCluster
import Testing

@testable import LiveCluster

@Suite("The live table")
struct LiveTableTests {
    private let a = NodeName(high: 0xAAAA_AAAA_0000_0000, middle: 0, low: 0)
    private let b = NodeName(high: 0xBBBB_BBBB_0000_0000, middle: 0, low: 0)

    private func view(of observer: NodeName, flags: String = "master") throws -> ClusterView {
        let myself = { (id: NodeName) in id == observer ? "myself," : "" }
        return try ClusterView(
            parsing: """
                \(a.text) 10.0.0.1:6379@16379 \(myself(a))\(flags) - 0 0 1 connected 0-16383
                \(b.text) 10.0.0.2:6379@16379 \(myself(b))slave \(a.text) 0 0 1 connected
                """)
    }

    @Test("Shows nodes, who answers, what the others say, and what happened last")
    func story() throws {
        var table = LiveTable()
        let start = ObservedInterval(after: 0, before: 1000)
        let server = ObservedServer(
            at: 2000, id: a, address: NodeAddress(ip: "10.0.0.1", port: 6379, busPort: nil), runID: "",
            product: "redis",
            version: "7.0.15", configuration: [], pod: "redis-0", worker: "node1", podPhase: "Terminating")
        table.add([
            .view(ObservedView(interval: start, observer: a, view: try view(of: a))),
            .view(ObservedView(interval: start, observer: b, view: try view(of: b))), .server(server),
            .status(ObservedStatus(interval: start, observer: b, fields: [.init(name: "cluster_state", value: "ok")])),
        ])
        let calm = table.lines(width: 200)
        #expect(calm[0].hasPrefix("NODE"))
        #expect(calm[1].hasPrefix("redis-0        aaaaaaaa  master"))
        #expect(calm[1].contains("16384") && calm[1].contains("node1 (Terminating)"))
        #expect(calm[2].hasPrefix("10.0.0.2:6379  bbbbbbbb  replica of redis-0"))

        let failed = try #require(try view(of: b, flags: "master,fail")[a])
        table.add([
            .silence(
                ObservedSilence(
                    interval: ObservedInterval(after: 1, before: 3_723_004_000), observer: a, kind: .refused)),
            .change(
                ObservedChange(
                    interval: ObservedInterval(after: 1, before: 3_723_005_000), observer: b, lines: [failed], gone: [])
            ),
            .note(Note(at: 3_723_006_000, text: "pulled the plug")),
        ])
        let lines = table.lines(width: 200)
        #expect(lines[1].contains("refuses") && lines[1].contains("fail by 1"))
        #expect(
            lines.suffix(3) == [
                "01:02:03.004  redis-0 refuses", "01:02:03.005  10.0.0.2:6379 sees redis-0: master -> master,fail",
                "01:02:03.006  note: pulled the plug",
            ])
        #expect(table.lines(width: 20).allSatisfy { $0.count <= 20 })
    }

    @Test("Keeps the last events only")
    func bounded() {
        var table = LiveTable()
        for number in 0..<1000 { table.add([.note(Note(at: Int64(number), text: "\(number)"))]) }
        let lines = table.lines(width: 80)
        #expect(lines.count == 2 + LiveTable.eventCount && lines.last?.hasSuffix("note: 999") == true)
    }
}
