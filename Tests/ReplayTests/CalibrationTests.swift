import Recording
import Replay
import Statistics
import SystemModel
import Testing

/// Recordings of the simulated cluster itself must be found to agree with it, with the nominal coverage.
struct CalibrationTests {
    static let recordings = 16

    @Test("Many recordings of the model itself agree with it", arguments: ["kill-master", "freeze-master"])
    func itsOwnRecordingsAgree(_ name: String) throws {
        let model = try Rehearsed.model()
        let recorder = SimulatedRecorder(model, try Rehearsed.scenario(name, horizon: 4_000_000_000), seed: 77)
        let replays = try (0..<Self.recordings).map { number in
            try RecordingReplay(
                recorder.record(number), base: model, options: ReplayOptions(replications: 100, seed: 5, jobs: 2),
                number: number)
        }
        let agreement = Agreement(replays)
        let judgement = Judgement(replays, agreement)
        #expect(judgement.verdict == .agrees, "\(judgement.reasons)")
        for band in agreement.bands {
            let interval = band.covered.wilson(z: 3.3)
            #expect(interval.contains(band.nominal), "\(band.nominal): \(band.covered.value) in \(interval)")
        }
        #expect(replays.allSatisfy { $0.violation == nil })
    }

    /// What changes later than 3 s after the start is seen 900 ms later: the machine that recorded stood still.
    @Test("What a recorder that stands still sees late is not held against the model")
    func standstill() throws {
        let model = try Rehearsed.model()
        let recorder = SimulatedRecorder(
            model, try Rehearsed.scenario("kill-master", horizon: 5_000_000_000), seed: 77)
        var recording = recorder.record(1)
        recording.entries = recording.entries.map { entry in
            guard case .change(var change) = entry, change.interval.before > 3_000_000 else { return entry }
            change.interval.before += 900_000
            return .change(change)
        }
        let replay = try RecordingReplay(
            recording, base: model, options: ReplayOptions(replications: 1000, seed: 5, jobs: 2))
        #expect(replay.isLate)
        let judgement = Judgement([replay], Agreement([replay]))
        #expect(judgement.verdict == .tooLittleData, "\(judgement.reasons)")
        #expect(judgement.reasons.contains { $0.contains("stood still") }, "\(judgement.reasons)")
    }
}
