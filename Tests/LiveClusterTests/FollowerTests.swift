import RedisClient
import RedisCluster
import Testing

@testable import LiveCluster
@testable import Recording

@Suite("A follower")
struct FollowerTests {
    /// Node `n` has the address 10.0.0.n:6379 and is asked at the place that the follower started for it.
    private struct World {
        var follower = ClusterFollower(interval: 50_000)
        var entries: [Recording.Entry] = []
        /// By address; nil once stopped.
        var places: [ServerAddress: Int] = [:]
        var problems: [String] = []

        mutating func take(_ output: ClusterFollower.Output) {
            entries += output.entries
            if let problem = output.problem { problems.append(problem) }
            for action in output.actions {
                switch action {
                case .start(let place, let address): places[address] = place
                case .stop(let place): places = places.filter { $0.value != place }
                }
            }
        }

        /// Hosts that are asked, in order.
        var hosts: [String] { places.keys.map(\.host).sorted() }

        mutating func answer(_ host: String, as number: Int, _ view: String, at time: Int64, runID: String? = nil)
            throws
        {
            let place = try #require(places[ServerAddress(host: host, port: 6379)], "\(host) is not asked")
            let run = runID ?? "run of \(number)"
            take(
                follower.answered(
                    place, .identity(ServerIdentity(InfoText("run_id:\(run)\nredis_version:7.0.15"))), sent: time - 3,
                    received: time - 2))
            take(follower.answered(place, .configuration([]), sent: time - 3, received: time - 2))
            take(follower.answered(place, .nodes(Array(view.utf8)), sent: time - 1, received: time))
        }

        mutating func fail(_ host: String, _ failure: PollFailure, at time: Int64) throws {
            let place = try #require(places[ServerAddress(host: host, port: 6379)])
            take(follower.failed(place, failure, asked: time - 1, failed: time))
        }
    }

    private static func id(_ number: Int) -> NodeName { NodeName(high: UInt64(number), middle: 0, low: 0) }

    /// CLUSTER NODES of node `observer` where the others stand at the hosts given.
    private static func view(of observer: Int, _ hosts: [Int: String], flags: [Int: String] = [:]) -> String {
        hosts.keys.sorted().map { number in
            let own = number == observer ? "myself," : ""
            return
                "\(id(number).text) \(hosts[number] ?? ""):6379@16379 \(own)\(flags[number] ?? "master")"
                + " - 0 \(number) \(number) connected\n"
        }.joined()
    }

    private static let three = [1: "10.0.0.1", 2: "10.0.0.2", 3: "10.0.0.3"]

    private func started() throws -> World {
        var world = World()
        world.take(world.follower.begin(seeds: [ServerAddress(host: "10.0.0.1", port: 6379)]))
        for number in 1...3 {
            try world.answer(
                "10.0.0.\(number)", as: number, FollowerTests.view(of: number, FollowerTests.three),
                at: Int64(number) * 1000)
        }
        return world
    }

    @Test("From one seed everybody is found, and described once")
    func discovery() throws {
        let world = try started()
        #expect(world.hosts == ["10.0.0.1", "10.0.0.2", "10.0.0.3"])
        #expect(world.entries.compactMap(\.view).map(\.observer) == [1, 2, 3].map(FollowerTests.id))
        #expect(world.entries.compactMap(\.server).map(\.address.ip) == ["10.0.0.1", "10.0.0.2", "10.0.0.3"])
    }

    @Test("A seed by name is the node that answers there, not another one")
    func seedByName() throws {
        var world = World()
        world.take(world.follower.begin(seeds: [ServerAddress(host: "redis.example", port: 6379)]))
        try world.answer("redis.example", as: 1, FollowerTests.view(of: 1, FollowerTests.three), at: 10)
        #expect(world.hosts == ["10.0.0.2", "10.0.0.3", "redis.example"])
        // A second seed that leads to a node that is asked already is let go.
        var second = world
        second.take(second.follower.begin(seeds: [ServerAddress(host: "other.example", port: 6379)]))
        try second.answer("other.example", as: 1, FollowerTests.view(of: 1, FollowerTests.three), at: 20)
        #expect(second.hosts == ["10.0.0.2", "10.0.0.3", "redis.example"])
    }

    @Test("Changes lie between the question answered last with the old and the first answer with the new")
    func intervals() throws {
        var world = try started()
        let before = world.entries.count
        try world.answer("10.0.0.1", as: 1, FollowerTests.view(of: 1, FollowerTests.three), at: 51_000)
        #expect(world.entries.count == before)
        try world.answer(
            "10.0.0.1", as: 1, FollowerTests.view(of: 1, FollowerTests.three, flags: [2: "master,fail?"]), at: 101_000)
        let change = try #require(world.entries.last?.change)
        #expect(change.interval == ObservedInterval(after: 50_999, before: 101_000))
        #expect(change.lines.map(\.id) == [FollowerTests.id(2)])
    }

    @Test("Where nothing changes a sign of life comes every second")
    func heartbeat() throws {
        var world = try started()
        let before = world.entries.count
        for tick in 1...100 {
            try world.answer(
                "10.0.0.1", as: 1, FollowerTests.view(of: 1, FollowerTests.three), at: 3000 + Int64(tick) * 50_000)
        }
        let signs = world.entries[before...].compactMap(\.status)
        #expect(signs.count == world.entries.count - before)
        #expect(signs.allSatisfy { $0.fields.isEmpty } && signs.count == 5)
    }

    @Test("A silent node is looked for where it was and where others see it; its silences follow each other")
    func silence() throws {
        var world = try started()
        let place = try #require(world.places[ServerAddress(host: "10.0.0.2", port: 6379)])
        world.take(world.follower.overdue(place, asked: 52_000, at: 1_052_000))
        world.take(world.follower.overdue(place, asked: 52_000, at: 1_102_000))
        try world.fail("10.0.0.2", .unreachable, at: 1_200_000)
        try world.fail("10.0.0.2", .refused, at: 1_300_000)
        try world.fail("10.0.0.2", .refused, at: 1_400_000)
        world.take(world.follower.answered(place, .loading, sent: 1_500_000, received: 1_500_010))
        try world.answer(
            "10.0.0.2", as: 2, FollowerTests.view(of: 2, FollowerTests.three), at: 1_600_000, runID: "another")
        let silences = world.entries.compactMap(\.silence)
        #expect(silences.map(\.kind) == [.timeout, .refused, .loading, .answers])
        #expect(silences[0].interval == ObservedInterval(after: 1999, before: 152_000))
        #expect(silences[1].interval == ObservedInterval(after: 1_199_999, before: 1_300_000))
        #expect(silences[3].interval == ObservedInterval(after: 1_500_010, before: 1_600_000))
        // Its view afterwards is held against the one before.
        #expect(world.entries.compactMap(\.view).last?.interval == ObservedInterval(after: 1999, before: 1_600_000))
        #expect(world.entries.compactMap(\.server).last?.runID == "another")
    }

    @Test("A node that moves is followed to where others see it, and its old address let go")
    func move() throws {
        var world = try started()
        try world.fail("10.0.0.3", .refused, at: 60_000)
        let moved = [1: "10.0.0.1", 2: "10.0.0.2", 3: "10.0.0.9"]
        try world.answer("10.0.0.1", as: 1, FollowerTests.view(of: 1, moved), at: 70_000)
        #expect(world.hosts == ["10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.9"])
        try world.answer("10.0.0.9", as: 3, FollowerTests.view(of: 3, moved), at: 80_000, runID: "anew")
        #expect(world.hosts == ["10.0.0.1", "10.0.0.2", "10.0.0.9"])
        #expect(world.entries.compactMap(\.server).last?.address.ip == "10.0.0.9")
        #expect(world.entries.compactMap(\.silence).map(\.kind) == [.refused, .answers])
    }

    @Test("Who joins is asked, who is forgotten is not any more; handshakes and nodes without an address never")
    func joinAndLeave() throws {
        var world = try started()
        var four = FollowerTests.three
        four[4] = "10.0.0.4"
        four[5] = "10.0.0.5"
        try world.answer("10.0.0.1", as: 1, FollowerTests.view(of: 1, four, flags: [5: "handshake"]), at: 10_000)
        #expect(world.hosts == ["10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4"])
        try world.answer("10.0.0.4", as: 4, FollowerTests.view(of: 4, four, flags: [5: "master,noaddr"]), at: 11_000)
        try world.fail("10.0.0.4", .refused, at: 20_000)
        #expect(world.hosts.contains("10.0.0.4"))
        for number in 1...3 {
            let time = 30_000 + Int64(number)
            try world.answer(
                "10.0.0.\(number)", as: number, FollowerTests.view(of: number, FollowerTests.three), at: time)
        }
        #expect(world.hosts == ["10.0.0.1", "10.0.0.2", "10.0.0.3"])
        #expect(world.follower.nodes.count == 3)
    }

    @Test("With everybody gone, everybody is still looked for")
    func allGone() throws {
        var world = try started()
        for number in 1...3 { try world.fail("10.0.0.\(number)", .refused, at: 50_000) }
        #expect(world.hosts == ["10.0.0.1", "10.0.0.2", "10.0.0.3"])
    }

    @Test("Pods are known by their addresses, and by their names while they have none")
    func pods() throws {
        var world = try started()
        let running = PodObservation(
            name: "redis-1", worker: "node1", phase: "Running", addresses: ["fd00::2", "10.0.0.2"])
        world.take(world.follower.show([running], at: 5000))
        let server = try #require(world.entries.last?.server)
        #expect(
            server.id == FollowerTests.id(2) && server.pod == "redis-1" && server.worker == "node1" && server.at == 5000
        )
        let count = world.entries.count
        world.take(world.follower.show([running], at: 6000))
        #expect(world.entries.count == count)
        world.take(
            world.follower.show(
                [PodObservation(name: "redis-1", worker: nil, phase: "Pending", addresses: [])], at: 7000))
        #expect(world.entries.last?.server?.podPhase == "Pending" && world.entries.last?.server?.worker == nil)
    }

    @Test("Status is recorded where it changes; offsets with the rest, or every ten seconds")
    func status() throws {
        var world = try started()
        let before = world.entries.count
        func fields(_ link: String, _ offset: Int) -> PollAnswer {
            .status(
                .info,
                [.init(name: "master_link_status", value: link), .init(name: "slave_repl_offset", value: "\(offset)")])
        }
        let place = try #require(world.places[ServerAddress(host: "10.0.0.1", port: 6379)])
        for second in 0..<20 {
            let time = Int64(second + 1) * 1_000_000
            world.take(
                world.follower.answered(
                    place, fields(second < 5 ? "up" : "down", second), sent: time, received: time + 1))
        }
        let recorded = world.entries[before...].compactMap(\.status).filter { !$0.fields.isEmpty }
        #expect(recorded.map(\.interval.before) == [1_000_001, 6_000_001, 16_000_001])
        #expect(recorded[1].interval.after == 5_000_000)
        #expect(recorded[2].fields.map(\.name) == ["slave_repl_offset"])
    }

    @Test("What is no view is told, and changes nothing")
    func nonsense() throws {
        var world = try started()
        let before = world.entries
        try world.answer("10.0.0.1", as: 1, "nonsense\n", at: 9000)
        try world.answer("10.0.0.1", as: 1, "", at: 9100)
        #expect(world.entries == before)
        #expect(
            world.problems == [
                "CLUSTER NODES: 1:1: node id nonsense: 40 hexadecimal digits are expected",
                "CLUSTER NODES: no line says myself",
            ])
    }

    @Test(
        "Replies are the same but for pings and pongs",
        arguments: [
            ("a b c d 1 2 e\n", "a b c d 99 2222 e\n", true), ("a b c d 1 2 e\n", "a b c d 1 2 f\n", false),
            ("a b c d 1 2 e\n", "a b c d 1 2 e\nx", false), ("a b c d 1", "a b c d 12", true), ("", "", true),
            ("", "a", false),
            ("a b c d 1 2 e\na b c d 3 4 e\n", "a b c d 5 6 e\na b c d 7 8 e\n", true),
            ("a b c d 1 2 e\na b c x 3 4 e\n", "a b c d 5 6 e\na b c d 7 8 e\n", false),
        ])
    func sameness(a: String, b: String, areSame: Bool) {
        #expect(ClusterNodesReply.areSame(Array(a.utf8), Array(b.utf8)) == areSame)
        #expect(ClusterNodesReply.areSame(Array(b.utf8), Array(a.utf8)) == areSame)
    }
}
