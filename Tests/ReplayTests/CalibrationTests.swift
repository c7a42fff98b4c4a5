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
}
