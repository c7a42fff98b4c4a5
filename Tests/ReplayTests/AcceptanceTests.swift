import Recording
import RedisCluster
import Replay
import SystemModel
import Testing

/// What a recording says, and what it can't say.
struct AcceptanceTests {
    static let options = ReplayOptions(replications: 100, seed: 2, jobs: 2)

    static func recorder(_ scenario: String, _ overrides: [String] = []) throws -> SimulatedRecorder {
        SimulatedRecorder(
            try Rehearsed.model(), try Rehearsed.scenario(scenario, horizon: 6_000_000_000, overrides), seed: 8)
    }

    static func replay(_ recording: Recording) throws -> RecordingReplay {
        try RecordingReplay(recording, base: try Rehearsed.model(), options: options)
    }

    @Test("Topology, epochs, slots and configuration are those of the recording")
    func reconstruction() throws {
        let recorder = try Self.recorder("kill-master")
        let recording = recorder.record(0)
        let base = try Rehearsed.model(["cluster-node-timeout=9000", "cluster.masters=5"])
        let found = try Reconstruction(recording, base: base)
        #expect(found.model.shape.masters == 3)
        #expect(found.model.shape.nodes == 6)
        #expect(found.model.conf.nodeTimeout == 1000)
        #expect(found.model.standing.configEpochs == [1, 2, 3])
        #expect(found.model.standing.slots == [0...5460, 5461...10922, 10923...16383])
        #expect(found.model.standing.nodeIDs == found.names)
        #expect(found.caveats.isEmpty, "\(found.caveats)")
        let held = try Reconstruction(recording, base: base, held: ["cluster-node-timeout"])
        #expect(held.model.conf.nodeTimeout == 9000)
    }

    @Test("Without notes the nodes themselves tell what was done")
    func inferredDeeds() throws {
        var recorder = try Self.recorder("kill-and-return", ["scenario.after=3s"])
        let noted = try Self.replay(recorder.record(0)).scenario
        recorder.writesNotes = false
        let inferred = try Self.replay(recorder.record(0)).scenario
        #expect(!noted.isInferred && inferred.isInferred)
        let (one, other) = (try #require(noted.steps.first), try #require(inferred.steps.first))
        #expect(noted.steps.count == 1 && inferred.steps.count == 1)
        #expect(one.deed == .kill && other.deed == .kill && one.targets == other.targets)
        #expect(other.interval.after <= one.middle && one.middle <= other.interval.before)
        let (away, guessed) = (try #require(one.duration), try #require(other.duration))
        #expect(abs(away - guessed) < 200_000_000, "\(away) and \(guessed) ns")
    }

    @Test("Silence without a closed port is a freeze, and a promotion without a failure an order")
    func otherDeeds() throws {
        var frozen = try Self.recorder("freeze-master", ["scenario.for=3s"])
        frozen.writesNotes = false
        let freeze = try #require(try Self.replay(frozen.record(0)).scenario.steps.first)
        #expect(freeze.deed == .freeze)
        let order = Scenario(
            name: "order", question: "", parameters: [],
            timeline: [Scenario.Step(at: 0, action: .failover(.process(4), .plain))], horizon: 4_000_000_000)
        var ordered = SimulatedRecorder(try Rehearsed.model(), order, seed: 8)
        ordered.writesNotes = false
        let replay = try Self.replay(ordered.record(0))
        #expect(replay.scenario.steps.map(\.deed) == [.failover(.plain)])
        #expect(replay.violation == nil)
    }

    @Test("A recording in which nothing happened is too little")
    func nothingHappened() throws {
        let still = Scenario(name: "still", question: "", parameters: [], timeline: [], horizon: 3_000_000_000)
        let replay = try Self.replay(SimulatedRecorder(try Rehearsed.model(), still, seed: 8).record(0))
        #expect(replay.findings.isEmpty)
        #expect(Judgement([replay], Agreement([replay])).verdict == .tooLittleData)
    }

    @Test("A recording torn before the failure is too little, and is no disagreement")
    func tornRecording() throws {
        var recording = try Self.recorder("kill-master").record(0)
        let end: Int64 = 1_400_000
        recording.entries.removeAll { $0.time > end }
        let replay = try RecordingReplay(
            recording, base: try Rehearsed.model(), options: ReplayOptions(replications: 1000, seed: 2, jobs: 2))
        #expect(Judgement([replay], Agreement([replay])).verdict == .tooLittleData)
    }

    @Test("Promotion without failure, an epoch that falls and a minority's verdict are refused")
    func violations() throws {
        let recording = try Self.recorder("kill-master").record(0)
        let base = try Self.replay(recording)
        #expect(base.violation == nil)
        let victim = base.reconstruction.names[try #require(base.victims.first)]
        let unfailed = try Self.replay(
            recording.mapping { line in
                line.flags.remove(.fail)
            })
        #expect(try #require(unfailed.violation).expected.contains("fail, then an election"))
        let fallen = try Self.replay(
            recording.mapping { line in
                if line.flags.has(.fail) { line.configEpoch = 0 }
            })
        #expect(try #require(fallen.violation).expected.contains("only grows"))
        let observer = try #require(base.reconstruction.names.last)
        let hasty = try Self.replay(
            recording.mapping(except: observer) { line in
                if line.id == victim { line.flags.subtract(.failing) }
            })
        #expect(try #require(hasty.violation).expected.contains("a majority"))
    }

    @Test("Recordings without a healthy beginning are refused with a reason")
    func refusals() throws {
        let recording = try Self.recorder("kill-master").record(0)
        var empty = recording
        empty.entries = []
        #expect(throws: ReplayError.self) { try Self.replay(empty) }
        let slotless = recording.mapping { $0.slots = [] }
        #expect(throws: ReplayError.self) { try Self.replay(slotless) }
        let absurd = recording.mapping { line in
            line.configEpoch = .max
            line.pongReceived = .max
        }
        #expect(throws: Never.self) { try Self.replay(absurd) }
    }
}

extension Recording {
    /// Every line changed, but those that one observer shows.
    func mapping(except observer: NodeName? = nil, _ change: (inout ClusterView.Node) -> Void) -> Recording {
        var recording = self
        recording.entries = entries.map { entry in
            switch entry {
            case .view(var seen) where seen.observer != observer:
                for index in seen.view.nodes.indices { change(&seen.view.nodes[index]) }
                return .view(seen)
            case .change(var seen) where seen.observer != observer:
                for index in seen.lines.indices { change(&seen.lines[index]) }
                return .change(seen)
            default: return entry
            }
        }
        return recording
    }
}
