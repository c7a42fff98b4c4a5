import DiscreteEvent
import Foundation
import ModelFile
import Statistics
import SystemModel
import Testing

@testable import Capacity

@Suite("Sizing the reference deployment")
struct PlanTests {
    static let models = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "models")

    static func model(
        _ name: String = "two-nodes-six-pods", set: [String] = [], _ change: (inout Demand) -> Void = { _ in }
    ) throws -> CapacityModel {
        let directory = models.appending(path: name).path
        let loaded = try ModelReader.read(directory: directory, overrides: set)
        var demand = try DemandReader.read(models.appending(path: "two-nodes-six-pods/demand.yaml").path)
        change(&demand)
        return CapacityModel(
            loaded.model, directives: try loaded.sizingDirectives(), volumeBytes: loaded.dataVolumeBytes,
            demand: demand)
    }

    static func limit(_ name: String, _ model: CapacityModel) throws -> LimitUse {
        try #require(model.limits(model.demand).first { $0.name == name })
    }

    @Test("Servers, roles and workers are those of the model, and keys are shared by slots")
    func site() throws {
        let model = try Self.model { $0.hottestShard = 1 }
        let uses = model.uses(model.demand)
        #expect(uses.map(\.server.name) == (0..<6).map { "redis-app-\($0)" })
        #expect(uses.map(\.server.isMaster) == [true, true, true, false, false, false])
        let workers = uses.map { model.site.workers[$0.server.worker ?? 9].name }
        #expect(workers == ["node1", "node2", "node2", "node1", "node2", "node1"])
        #expect((uses[..<3].reduce(0) { $0 + $1.keys } - model.demand.keys.value).magnitude < 1)
        #expect(uses[0].keys == uses[3].keys)
        #expect(uses[3].reads == 0 && uses[3].writes == uses[0].writes)
    }

    @Test("With a worker lost its masters' replicas take over; a shard wholly on it is gone")
    func workerLost() throws {
        let model = try Self.model()
        // node2 has masters 1 and 2 and the replica of master 1.
        let left = model.site.servers(without: 1)
        #expect(left.map(\.name) == ["redis-app-0", "redis-app-3", "redis-app-5"])
        #expect(left.map(\.isMaster) == [true, false, true])
        #expect(model.site.shardsLost(without: 1) == 1)
    }

    @Test("The AOF needs its largest size, a new base and a snapshot beside it: three times the dataset and more")
    func volume() throws {
        let model = try Self.model()
        let files = model.uses(model.demand)[0].files
        let largest = max(64.0 * 1_048_576, 2 * files.snapshot)
        #expect(files.largestAppendOnly == largest)
        #expect(files.rewritePeak >= largest + 2 * files.snapshot)
        let limit = try Self.limit("storage.volume", model)
        #expect(limit.capacity == 200_000_000)
        #expect(limit.kind == .agreed)
        let never = try Self.model(set: ["auto-aof-rewrite-percentage=0"])
        #expect(try Self.limit("storage.volume", never).use == .infinity)
        let without = try Self.model(set: ["appendonly=no", "save="])
        #expect(without.uses(without.demand)[0].files.growth == 0)
    }

    @Test("Limits of redis.conf and of the manifest are held against the right amounts")
    func directives() throws {
        let model = try Self.model(set: ["maxmemory=50mb"])
        let limit = try Self.limit("memory.maxmemory", model)
        #expect(limit.capacity == 52_428_800)
        #expect(limit.use == model.uses(model.demand).map(\.memory.used).max())
        #expect(limit.consequence.contains("OOM"))
        let request = try Self.limit("memory.request", model)
        #expect(request.capacity == 104_857_600)
        #expect(request.use > limit.use)
        #expect(!model.limits(model.demand).contains { $0.name == "memory.limit" })
        let small = try Self.model(set: ["client-output-buffer-limit=replica 1mb 0 0"])
        #expect(try Self.limit("resync.buffer", small).capacity == 1_048_576)
    }

    @Test("A value that redis-server would refuse is an error with its place")
    func refusedDirective() throws {
        let error = #expect(throws: ModelError.self) { try Self.model(set: ["maxmemory=lots"]) }
        #expect(error?.description.contains("--set maxmemory=lots: maxmemory lots") == true)
    }

    @Test("Memory has its parts, and more of it where a child lives")
    func memory() throws {
        let model = try Self.model()
        let use = model.uses(model.demand)[0]
        let steady = use.memory.stack(.steady).resident
        #expect(steady > use.memory.used)
        for state in [MemoryState.doubling, .rewrite, .snapshot, .resync] {
            #expect(use.memory.stack(state).resident > steady, "\(state)")
        }
        // Writes at a hundred times the rate copy more, but never more than there is.
        var busy = use.memory
        busy.writesPerSecond *= 1e9
        let copied = try #require(busy.stack(.rewrite).parts.first { $0.name == "copy on write" }).bytes
        #expect(copied < busy.heap)
        #expect(copied > busy.heap * 0.5)
    }

    @Test("Keys and load that grow reach limits when arithmetic says")
    func growth() throws {
        let model = try Self.model { demand in
            demand.keys.growth = .linear(perMonth: demand.keys.value)
            demand.writes.growth = .linear(perMonth: demand.writes.value)
            demand.reads.growth = .linear(perMonth: demand.reads.value)
        }
        let plan = CapacityPlan(model, seed: 1, replications: 2)
        for limit in plan.limits where limit.limit.kind == .hard && limit.factor.isFinite {
            let months = try #require(limit.months)
            // After m months there is 1 + m times as much.
            #expect((months + 1 - limit.factor).magnitude < 0.01 * limit.factor, "\(limit.limit.name)")
        }
        let ratios = plan.limits.map(\.factor)
        #expect(ratios == ratios.sorted())
        #expect(plan.isEnough)
    }

    @Test("Where a limit is exceeded today it says so, even if the demand shrinks", arguments: [false, true])
    func exceeded(shrinks: Bool) throws {
        let model = try Self.model(set: ["maxmemory=2mb"]) { demand in
            guard shrinks else { return }
            demand.keys.growth = .compound(perMonth: -0.5)
            demand.connections.growth = .compound(perMonth: -0.5)
        }
        let plan = CapacityPlan(model, seed: 1, replications: 2)
        #expect(!plan.isEnough)
        let limit = try #require(plan.firstHard)
        #expect(limit.limit.name == "memory.maxmemory" && limit.isExceeded && limit.months == 0)
    }

    @Test("Commits are counted under every policy, and those of snapshots without an AOF")
    func commits() throws {
        func commits(_ set: String..., writes: Double = 300) throws -> Double {
            let model = try Self.model(set: set) { demand in
                demand.writes.value = writes
                demand.hottestShard = 1
            }
            return model.commitsPerSecond(model.uses(model.demand))
        }
        let children = try commits("appendfsync=no")
        let everySecond = try commits("appendfsync=everysec") - children
        #expect((everySecond - 6).magnitude < 0.001)
        #expect(try commits("appendfsync=always") - children > everySecond)
        // One disk makes no more than its time allows, however much is written.
        let most = 1e9 / (try Self.model()).model.environment.nfs.commit.mean
        let busiest = try commits("appendfsync=always", writes: 1e5) - commits("appendfsync=no", writes: 1e5)
        #expect((busiest / most - 1).magnitude < 0.001)
        #expect(try commits("appendonly=no", "save=60 1", writes: 3) > 0)
    }

    @Test("Hundreds of servers on dozens of machines are sized in seconds", .timeLimit(.minutes(1)))
    func large() throws {
        let directory = Self.models.appending(path: "six-processes").path
        let loaded = try ModelReader.read(
            directory: directory, overrides: ["cluster.masters=200", "cluster.replicas-per-master=1"])
        var system = loaded.model
        guard case .processes(var processes) = system.deployment else { return }
        processes.hosts = (0..<40).map { "host\($0)" }
        processes.placement = (0..<400).map { $0 % 40 }
        system.deployment = .processes(processes)
        let demand = try DemandReader.read(Self.models.appending(path: "two-nodes-six-pods/demand.yaml").path)
        let model = CapacityModel(
            system, directives: try loaded.sizingDirectives(), volumeBytes: nil, demand: demand)
        let limits = LimitForecast.all(of: model)
        #expect(limits.contains { $0.limit.name == "network.workerLost" })
        #expect(model.workers(model.uses(demand)).allSatisfy { $0.situations.count == 40 })
    }

    @Test("The scheduler takes six pods for the volumes there are, forty for the cores")
    func fit() throws {
        let plan = CapacityPlan(try Self.model(), seed: 1, replications: 2)
        #expect(plan.fits.map(\.lost) == [nil, "node1", "node2"])
        #expect(plan.fits[0].pods.most == 6)
        // 100m each of two times 2 cores; and 100Mi of 4Gi would be 40 on each.
        #expect(plan.fits.map(\.podsWithVolumes.most) == [40, 20, 20])
        #expect(plan.fits[0].podsWithVolumes.reason?.contains("Insufficient cpu") == true)
    }

    @Test("The same seed gives the same plan; bare processes are sized too")
    func others() throws {
        let (one, other) = (try Self.model("six-on-nfs"), try Self.model("six-on-nfs"))
        let plans = [one, other].map { CapacityPlan($0, seed: 3, replications: 2) }
        #expect(plans[0].limits.map(\.factor) == plans[1].limits.map(\.factor))
        #expect(plans[0].fits.isEmpty)
        #expect(plans[0].limits.contains { $0.limit.name == "storage.commits" })
        let local = CapacityPlan(try Self.model("six-processes"), seed: 1, replications: 2)
        #expect(!local.limits.contains { $0.limit.name.hasPrefix("storage.") })
    }

    @Test("What was measured stays within the error that the report prints: memory 3 %, the rest a tenth")
    func recorded() {
        #expect(FormulaCheck.recorded.count > 20)
        for check in FormulaCheck.recorded {
            let bound = check.name == "memory of a key" ? 0.03 : 0.1
            #expect(check.error.magnitude < bound, "\(check.name), \(check.setting): \(check.error)")
        }
    }
}
