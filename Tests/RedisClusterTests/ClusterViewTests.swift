import Foundation
import Randomness
import RedisCluster
import Testing

@Suite("CLUSTER NODES and nodes.conf as text")
struct ClusterViewTests {
    private static func fixture(_ name: String) throws -> String {
        let url = try #require(Bundle.module.url(forResource: "Fixtures/\(name)", withExtension: nil))
        return try String(contentsOf: url, encoding: .utf8)
    }

    @Test(
        "what the reference deployment showed is printed back unchanged",
        arguments: [
            "reference-cluster-nodes.txt", "reference-nodes.conf",
        ])
    func reference(_ name: String) throws {
        let text = try Self.fixture(name)
        let view = try ClusterView(parsing: text)
        #expect(view.text == text)
        #expect(view.nodes.count == 6)
        for line in text.split(separator: "\n") {
            #expect(try ClusterView(parsing: String(line)).text == line + "\n")
        }
    }

    @Test("the reference's lines mean what they say")
    func meaning() throws {
        let before = try ClusterView(parsing: try Self.fixture("reference-cluster-nodes.txt"))
        let after = try ClusterView(parsing: try Self.fixture("reference-nodes.conf"))
        #expect(before.vars == nil)
        #expect(after.vars?.currentEpoch == 6)
        #expect(after.vars?.lastVoteEpoch == 6)
        let app0 = try #require(NodeName("07feeb4b72bd9c1c06a69091168a8aa4639eea23"))
        let app3 = try #require(NodeName("0f425d5feb3a9956a658c1452ba1234ddd33fad3"))
        #expect(before.myself?.text == "2dc05ff2b52a1eed728872a9a4fe3271b9c28bca")
        #expect(before[app0]?.slots == [10923...16383])
        #expect(before[app0]?.flags == [.master])
        #expect(after[app0]?.master == app3)
        #expect(after[app0]?.address.ip == "10.244.1.81")
        #expect(after[app3]?.configEpoch == 6)
    }

    @Test(
        "the forms of other versions",
        arguments: [
            "07c37dfeb235213a872192d90877d0cd55635b91 127.0.0.1:30004 slave,fail? - 1426238317239 0 0 disconnected",
            "07c37dfeb235213a872192d90877d0cd55635b91 127.0.0.1:30004@31004,host-4 master - 0 1 4 connected 7 9-10",
            "07c37dfeb235213a872192d90877d0cd55635b91 127.0.0.1:30004@31004,h4,shard-id=0fa1 master - 0 1 4 connected",
            "07c37dfeb235213a872192d90877d0cd55635b91 10.0.0.1:7@8,,tls-port=0,shard-id=0fa1 master - 0 1 4 connected",
            "07c37dfeb235213a872192d90877d0cd55635b91 fd00::1:6379@16379 myself,master,nofailover - 0 0 0 connected",
            "07c37dfeb235213a872192d90877d0cd55635b91 :0@0 master,fail,noaddr - 1426238317239 0 0 disconnected 0-16383",
            "07c37dfeb235213a872192d90877d0cd55635b91 :6379@16379 myself,master - 0 0 0 connected",
            "07c37dfeb235213a872192d90877d0cd55635b91 10.0.0.9:6379@16379 handshake - 0 0 0 connected",
            "07c37dfeb235213a872192d90877d0cd55635b91 10.0.0.9:6379@16379 noflags - 0 0 0 disconnected",
            "07c37dfeb235213a872192d90877d0cd55635b91 10.0.0.9:6379@16379 myself,master - 0 0 1 connected 0-4 "
                + "[77->-0fa1c37deb235213a872192d90877d0cd55635b9] [93-<-0fa1c37deb235213a872192d90877d0cd55635b9]",
            "vars currentEpoch 3 lastVoteEpoch 0 futureThing yes",
        ])
    func otherVersions(_ line: String) throws {
        #expect(try ClusterView(parsing: line).text == line + "\n")
    }

    @Test("padding and carriage returns are skipped")
    func padding() throws {
        let line = "07c37dfeb235213a872192d90877d0cd55635b91 h:1@2 master - 0 1 4 connected 0-3"
        let view = try ClusterView(parsing: "\n\(line)\r\nvars currentEpoch 1 lastVoteEpoch 0\n\n\n")
        #expect(view.text == "\(line)\nvars currentEpoch 1 lastVoteEpoch 0\n")
    }

    private static let good = "07c37dfeb235213a872192d90877d0cd55635b91 1.2.3.4:1@2 master - 0 1 4 connected"

    @Test(
        "what is wrong is said with its place",
        arguments: [
            ("07c3 1.2.3.4:1@2 master - 0 1 4 connected", "2:1: node id 07c3"),
            ("07c37dfeb235213a872192d90877d0cd55635b91 1.2.3.4:1@2 master", "2:54: a node's line"),
            ("07c37dfeb235213a872192d90877d0cd55635b91 nowhere master - 0 1 4 connected", "2:42: address nowhere"),
            ("07c37dfeb235213a872192d90877d0cd55635b91 h:99999@2 master - 0 1 4 connected", "2:42: port 99999"),
            ("07c37dfeb235213a872192d90877d0cd55635b91 h:1@2 captain - 0 1 4 connected", "2:48: flag captain"),
            ("07c37dfeb235213a872192d90877d0cd55635b91 h:1@2 slave me 0 1 4 connected", "2:54: master me"),
            ("07c37dfeb235213a872192d90877d0cd55635b91 h:1@2 master - x 1 4 connected", "2:57: x: a whole number"),
            ("07c37dfeb235213a872192d90877d0cd55635b91 h:1@2 master - 0 1 -4 connected", "2:61: -4: a whole number"),
            ("07c37dfeb235213a872192d90877d0cd55635b91 h:1@2 master - 0 1 4 up", "2:63: link state up"),
            ("07c37dfeb235213a872192d90877d0cd55635b91 h:1@2 master - 0 1 4 connected 9-3", "2:73: slots 9-3"),
            ("07c37dfeb235213a872192d90877d0cd55635b91 h:1@2 master - 0 1 4 connected 16384", "2:73: slots 16384"),
            (
                "07c37dfeb235213a872192d90877d0cd55635b91 h:1@2 master - 0 1 4 connected [3->-ab]",
                "2:73: slot in migration"
            ),
            ("vars currentEpoch", "2:6: vars is followed by pairs"),
            ("vars currentEpoch many", "2:19: many: a whole number"),
            (good, "2:1: node 07c37dfeb235213a872192d90877d0cd55635b91 has a line"),
        ])
    func errors(_ line: String, _ expected: String) {
        let error = #expect(throws: ClusterViewError.self) { try ClusterView(parsing: Self.good + "\n" + line) }
        #expect(error?.description.hasPrefix(expected) == true, "\(error?.description ?? "no error")")
    }

    @Test("no damaged text crashes; what is read prints to what reads the same", arguments: 0..<8 as Range<UInt64>)
    func damage(_ seed: UInt64) throws {
        var dice = RandomStream(seed: seed, replication: 0, purpose: .test, entity: 0)
        let original = Array(try Self.fixture("reference-nodes.conf").utf8)
        for round in 0..<250 {
            var bytes = original
            for _ in 0...dice.below(4) {
                let position = dice.below(bytes.count)
                switch dice.below(3) {
                case 0: bytes[position] = UInt8(truncatingIfNeeded: dice.next())
                case 1: bytes.remove(at: position)
                default: bytes.insert(contentsOf: Array(",:@-[]> \n".utf8).suffix(dice.below(9)), at: position)
                }
            }
            guard let view = try? ClusterView(parsing: String(decoding: bytes, as: UTF8.self)) else { continue }
            #expect(try ClusterView(parsing: view.text) == view, "seed \(seed) round \(round)")
        }
    }

    @Test("a hostile size is refused, not held")
    func bounds() {
        let long = Self.good + String(repeating: " 1", count: ClusterView.maximumLineBytes)
        let error = #expect(throws: ClusterViewError.self) { try ClusterView(parsing: long) }
        #expect(error?.what == .lineTooLong)
        let many = (0...ClusterView.maximumNodes).map {
            "\(NodeName(high: UInt64($0), middle: 0, low: 0).text) h:1@2 master - 0 1 4 connected\n"
        }
        let second = #expect(throws: ClusterViewError.self) { try ClusterView(parsing: many.joined()) }
        #expect(second?.what == .tooManyNodes)
    }

    @Test("transitions tell what changed, and nothing else")
    func transitions() throws {
        let before = try ClusterView(parsing: try Self.fixture("reference-cluster-nodes.txt"))
        var after = try ClusterView(parsing: try Self.fixture("reference-nodes.conf"))
        let names = before.nodes.map(\.id)
        #expect(before.transitions(since: before).isEmpty)
        after.nodes.removeAll { $0.id == names[0] }
        let observer = after.myself
        let app0 = try #require(before[names[3]])
        let app3 = try #require(before[names[1]])
        let expected: [Transition] = [
            Transition(observer: observer, subject: names[5], change: .flags(from: [.master], to: [.myself, .master])),
            Transition(observer: observer, subject: names[3], change: .flags(from: [.master], to: [.replica])),
            Transition(observer: observer, subject: names[3], change: .master(from: nil, to: names[1])),
            Transition(
                observer: observer, subject: names[3],
                change: .address(from: app0.address, to: NodeAddress(ip: "10.244.1.81", port: 6379, busPort: 16379))),
            Transition(observer: observer, subject: names[3], change: .configEpoch(from: 2, to: 6)),
            Transition(observer: observer, subject: names[3], change: .slots(from: [10923...16383], to: [])),
            Transition(observer: observer, subject: names[1], change: .flags(from: [.replica], to: [.master])),
            Transition(observer: observer, subject: names[1], change: .master(from: app3.master, to: nil)),
            Transition(observer: observer, subject: names[1], change: .configEpoch(from: 2, to: 6)),
            Transition(observer: observer, subject: names[1], change: .slots(from: [], to: [10923...16383])),
            Transition(observer: observer, subject: names[0], change: .vanished),
        ]
        #expect(after.transitions(since: before) == expected)
        #expect(after.transitions(since: ClusterView()).count == 5)
    }
}
