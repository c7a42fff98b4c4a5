import Foundation
import ModelFile
import Recording
import RedisCluster
import SystemModel
import Testing

@testable import Lab

/// One after another: clusters of six servers each, on a machine that may be small.
@Suite("Labs are real", .serialized, .enabled(if: Servers.canRun), .timeLimit(.minutes(5)))
struct LabTests {
    static let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// A lab of one trial with a short node timeout. `scenario` is YAML of the timeline.
    private func lab(
        _ timeline: String, in scratch: Scratch, settle: Double = 2, settings: [String] = []
    ) throws -> Lab {
        let models = scratch.path + "/model"
        try FileManager.default.createDirectory(atPath: models + "/scenarios", withIntermediateDirectories: true)
        try FileManager.default.copyItem(
            atPath: Self.package.path + "/models/six-processes/environment.yaml", toPath: models + "/environment.yaml")
        try scratch.append(
            """
            apiVersion: rehearse/v1
            kind: Scenario
            metadata: {name: x}
            spec:
              question: What happens?
              timeline:
            \(timeline)
              until: {atMost: 60s}
            """, to: models + "/scenarios/x.yaml")
        let loaded = try ModelReader.read(directory: models, overrides: ["cluster-node-timeout=1000"] + settings)
        var options = LabOptions(output: scratch.path + "/out")
        options.settle = Int64(settle * 1e9)
        return try Lab(
            try #require(Servers.binary), loaded.model, try loaded.scenario(named: "x", overrides: []), options)
    }

    private final class Told: @unchecked Sendable {
        var lines: [TrialLine] = []
        var failures: [String] = []
    }

    /// Holds the lab's trial; the line it wrote, and its recording.
    private func hold(_ lab: Lab, in scratch: Scratch) async throws -> (outcome: TrialOutcome, recording: Recording) {
        let told = Told()
        let held = try await lab.run { progress in
            switch progress {
            case .finished(let line): told.lines.append(line)
            case .failed(_, let why, _): told.failures.append(why)
            }
        }
        #expect(held == 1 && told.failures.isEmpty, "\(told.failures)")
        #expect(scratch.files.contains("out"))
        #expect(try scratch.lines(of: "out/trials.jsonl") == told.lines.map(\.text))
        let recording = try RecordingReader.read(path: scratch.path + "/out/x-001.jsonl")
        return (try #require(told.lines.first).outcome, recording)
    }

    @Test("A killed master's replica is promoted; the recording and the logs agree, and nothing stays behind")
    func kill() async throws {
        let scratch = try Scratch()
        let lab = try lab("    - at: 0s\n      kill: {role: master}", in: scratch)
        let (outcome, recording) = try await hold(lab, in: scratch)
        let milestones = outcome.milestones
        let promoted = try #require(milestones.promoted)
        let healed = try #require(milestones.healed)
        let failed = try #require(milestones.failed)
        let suspected = try #require(milestones.firstSuspected)
        // A ping goes unanswered for a node timeout, and was sent at most half of one before the fault.
        #expect(suspected >= 500_000 && suspected <= failed && failed < promoted && promoted <= healed)
        #expect(milestones.promotions == 1 && outcome.victims.count == 1)
        #expect(outcome.roles == ["master", "master", "master", "replica", "replica", "replica"])
        let note = try #require(recording.notes.first)
        #expect(note.action == "kill" && note.targets == outcome.victimNames)
        #expect(recording.observers.count == 6)
        // The recorder saw the promotion when the winner's log says that it came, within its polling and this machine.
        let seen = recording.transitions.first { $0.transition.isPromotion }
        let after = try #require(seen?.interval.before) - note.at
        #expect(abs(after - promoted) < 500_000, "\(after) against \(promoted)")
    }

    @Test("A frozen master that goes on becomes a replica of the one promoted meanwhile")
    func freeze() async throws {
        let scratch = try Scratch()
        let step = "    - at: 0s\n      freeze: {role: master, for: 5s}"
        let (outcome, recording) = try await hold(lab(step, in: scratch), in: scratch)
        #expect(outcome.milestones.promotions == 1)
        #expect(try #require(outcome.milestones.demoted) > 5_000_000)
        #expect(recording.notes.map(\.action) == ["freeze", "thaw"])
        let length = recording.notes[1].at - recording.notes[0].at
        #expect(abs(length - 5_000_000) < 300_000)
    }

    @Test("A master that returns has its old id and a new address")
    func newAddress() async throws {
        let scratch = try Scratch()
        let step = "    - at: 0s\n      kill: {role: master, restartAfter: 4s, newAddress: true}"
        let (outcome, recording) = try await hold(lab(step, in: scratch), in: scratch)
        #expect(recording.notes.map(\.action) == ["kill", "start"])
        #expect(try #require(outcome.milestones.resynchronised) > 4_000_000)
        let victim = try #require(outcome.victimNames.first)
        let observer = try #require(recording.observers.first { $0 != victim })
        let before = try #require(firstAddress(of: victim, in: recording))
        let after = try #require(recording.view(of: observer, at: recording.end)?[victim]?.address.ip)
        #expect(before != after && after.hasPrefix("127."))
    }

    private func firstAddress(of name: NodeName, in recording: Recording) -> String? {
        for case .view(let seen) in recording.entries { if let node = seen.view[name] { return node.address.ip } }
        return nil
    }

    @Test("A manual failover makes the replica master")
    func failover() async throws {
        let scratch = try Scratch()
        let (outcome, recording) = try await hold(
            lab("    - at: 0s\n      failover: {role: replica}", in: scratch), in: scratch)
        #expect(outcome.milestones.promotions == 1 && outcome.victims.isEmpty)
        #expect(recording.notes.map(\.action) == ["failover"])
        #expect(try #require(outcome.milestones.promoted) < 2_000_000)
    }

    @Test("A cancelled lab leaves nothing behind")
    func cancelled() async throws {
        let scratch = try Scratch()
        let lab = try lab("    - at: 0s\n      kill: {role: master}", in: scratch, settle: 60)
        let before = Set(Self.labDirectories)
        let task = Task { try await lab.run { _ in } }
        var made: [String] = []
        let isUp = await Servers.await(60) {
            made = Self.labDirectories.filter { !before.contains($0) && Servers.processes(below: $0).count >= 6 }
            return !made.isEmpty
        }
        #expect(isUp)
        task.cancel()
        _ = try? await task.value
        for directory in made {
            #expect(!FileManager.default.fileExists(atPath: directory))
            #expect(Servers.processes(below: directory).isEmpty)
        }
    }

    static var labDirectories: [String] {
        let root = ChildProcess.temporaryDirectory
        let names = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
        return names.filter { $0.hasPrefix("rehearse-lab-") && !$0.hasPrefix("rehearse-lab-test") }.map {
            "\(root)/\($0)"
        }
    }
}

extension Transition {
    /// A replica has become a master in this view.
    fileprivate var isPromotion: Bool {
        if case .flags(let from, let to) = change { from.has(.replica) && to.has(.master) } else { false }
    }
}
