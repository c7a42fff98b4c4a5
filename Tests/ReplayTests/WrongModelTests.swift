import ModelFile
import Recording
import RedisCluster
import Replay
import SystemModel
import Testing

/// Models that are wrong on purpose must be called wrong, and for the right reason.
struct WrongModelTests {
    static let options = ReplayOptions(replications: 1000, seed: 9, jobs: 2)

    @Test("Half the node timeout is noticed in a single recording, and named", arguments: [true, false])
    func halfTheTimeout(_ writesNotes: Bool) throws {
        var recorder = SimulatedRecorder(
            try Rehearsed.model(), try Rehearsed.scenario("kill-master", horizon: 4_000_000_000), seed: 3)
        recorder.writesNotes = writesNotes
        let wrong = try Rehearsed.model(["cluster-node-timeout=500"])
        let replay = try RecordingReplay(
            recorder.record(0), base: wrong, held: ["cluster-node-timeout"], options: Self.options)
        #expect(replay.scenario.isInferred == !writesNotes)
        let judgement = Judgement([replay], Agreement([replay]))
        #expect(judgement.verdict == .disagrees, "\(judgement.reasons)")
        guard writesNotes else { return }
        let explanation = try #require(Explanation.best(for: [replay], jobs: 2))
        #expect(explanation.clause.contains("cluster-node-timeout were"), "\(explanation.clause)")
    }

    @Test("Storage 20 times slower than the model's is noticed, and named")
    func slowStorage() throws {
        let slow = [
            "cluster-node-timeout=1000", "environment.load=60", "environment.nfs.commit=lognormal(p50 40ms, p99 400ms)",
            "environment.nfs.rtt=4ms",
        ]
        let fast = [
            "cluster-node-timeout=1000", "environment.load=60", "environment.nfs.commit=lognormal(p50 2ms, p99 20ms)",
            "environment.nfs.rtt=200us",
        ]
        let recorder = SimulatedRecorder(
            try Rehearsed.model(slow, named: "six-on-nfs"),
            try Rehearsed.scenario("kill-master", horizon: 4_000_000_000), seed: 4)
        let base = try Rehearsed.model(fast, named: "six-on-nfs")
        let replays = try (0..<6).map { number in
            try RecordingReplay(
                recorder.record(number), base: base, options: ReplayOptions(replications: 150, seed: 9, jobs: 2),
                number: number)
        }
        let judgement = Judgement(replays, Agreement(replays))
        #expect(judgement.verdict == .disagrees, "\(judgement.reasons)")
        let explanation = try #require(Explanation.best(for: replays, jobs: 2))
        #expect(explanation.clause.hasPrefix("storage were"), "\(explanation.clause)")
    }

    /// One of two replicas lags, and the other dies with their master: the dead one's rank still goes first, if it has
    /// told of its offset in time. That makes most elections a second later, which several recordings tell.
    @Test("A model that ignores ranks is noticed")
    func ignoredRanks() throws {
        let overrides = ["cluster-node-timeout=2000", "cluster.replicas-per-master=2", "environment.load=100"]
        let model = try Rehearsed.model(overrides)
        let scenario = Scenario(
            name: "lag", question: "", parameters: [],
            timeline: [
                Scenario.Step(at: 0, action: .freeze(.process(3), duration: 1_500_000_000)),
                Scenario.Step(
                    at: 1_400_000_000,
                    action: .kill(.union([.process(0), .process(6)]), restartAfter: nil, newAddress: false)),
            ], horizon: 9_000_000_000)
        let recorder = SimulatedRecorder(model, scenario, seed: 5)
        let options = ReplayOptions(replications: 100, seed: 9, jobs: 2)
        func judgement(_ base: SystemModel) throws -> Judgement {
            let replays = try (1...12).map {
                try RecordingReplay(recorder.record($0), base: base, options: options, number: $0)
            }
            return Judgement(replays, Agreement(replays))
        }
        var wrong = model
        wrong.conf.ignoresRank = true
        let refuted = try judgement(wrong)
        #expect(refuted.verdict == .disagrees && refuted.reasons.contains { $0.contains("promoted") }, "\(refuted)")
        let right = try judgement(model)
        #expect(right.verdict == .agrees, "\(right)")
    }

    @Test("A freeze that is noted as a kill is noticed")
    func anotherFault() throws {
        let recorder = SimulatedRecorder(
            try Rehearsed.model(), try Rehearsed.scenario("freeze-master", horizon: 8_000_000_000, ["scenario.for=4s"]),
            seed: 6)
        var recording = recorder.record(2)
        recording.entries = recording.entries.compactMap { entry in
            guard case .note(var note) = entry else { return entry }
            note.action = note.action == "freeze" ? "kill" : "start"
            return .note(note)
        }
        let replay = try RecordingReplay(
            recording, base: try Rehearsed.model(), options: ReplayOptions(replications: 100, seed: 9, jobs: 2))
        let judgement = Judgement([replay], Agreement([replay]))
        #expect(judgement.verdict == .disagrees, "\(judgement.reasons)")
        #expect(judgement.reasons.contains { $0.contains("never refused a connection") }, "\(judgement.reasons)")
    }
}
