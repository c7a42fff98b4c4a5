import RedisCluster
import Testing

@testable import Lab

@Suite("What a trial's logs come to")
struct TrialProgressTests {
    static let victim = LogEventTests.a
    static let other = LogEventTests.b
    static let fault: Int64 = 1_000_000_000_000

    /// Process 0 is a master and was hit; times are ms after the fault.
    private func progress(_ events: [(at: Int64, process: Int, kind: LogEvent.Kind)]) -> TrialProgress {
        var progress = TrialProgress(fault: Self.fault, nodeTimeout: 1000)
        progress.hit(0, Self.victim, isMaster: true)
        for event in events {
            progress.read(LogEvent(time: Self.fault + event.at * 1000, kind: event.kind), of: event.process)
        }
        return progress
    }

    private static let failover: [(at: Int64, process: Int, kind: LogEvent.Kind)] = [
        (1500, 2, .suspected(victim)), (1100, 1, .suspected(victim)), (1200, 1, .suspected(other)),
        (1600, 1, .failed(victim)), (1601, 1, .stateFail), (1602, 3, .stateFail), (1610, 2, .failed(victim)),
        (1700, 3, .electionScheduled), (2500, 3, .electionStarted), (2510, 3, .electionWon), (2511, 3, .stateOk),
        (2550, 1, .stateOk),
    ]

    @Test("Milestones are the survivors' first, and last where the name says so")
    func milestones() {
        let milestones = progress(Self.failover).milestones
        #expect(milestones.firstSuspected == 1_100_000)
        #expect(milestones.lastSuspected == 1_500_000)
        #expect(milestones.failed == 1_600_000)
        #expect(milestones.stateDown == 1_601_000)
        #expect(milestones.electionScheduled == 1_700_000)
        #expect(milestones.electionStarted == 2_500_000)
        #expect(milestones.promoted == 2_510_000)
        #expect(milestones.healed == 2_550_000)
        #expect(milestones.demoted == nil && milestones.resynchronised == nil)
        #expect(milestones.promotions == 1 && milestones.elections == 1)
    }

    @Test("What happened before the fault counts for nothing, but for the fault's own millisecond")
    func before() {
        #expect(progress([(-2, 1, .suspected(Self.victim))]).milestones.firstSuspected == nil)
        var progress = progress([])
        progress.read(LogEvent(time: Self.fault - 400, kind: .suspected(Self.victim)), of: 1)
        #expect(progress.milestones.firstSuspected == 0)
    }

    @Test("The victim's own opinions count only for its demotion and synchronisation")
    func victimsOwn() {
        var progress = progress(Self.failover + [(3000, 0, .stateOk), (2600, 0, .stateFail)])
        #expect(progress.milestones.healed == 2_550_000)
        progress.comeBack(0)
        progress.read(LogEvent(time: Self.fault + 4_000_000, kind: .follows(Self.other)), of: 0)
        progress.read(LogEvent(time: Self.fault + 5_000_000, kind: .synchronised), of: 0)
        #expect(progress.milestones.demoted == 4_000_000)
        #expect(progress.milestones.resynchronised == 5_000_000)
    }

    @Test("A failover is over when every state is ok and it has been quiet for 2 s")
    func settled() {
        let done = progress(Self.failover)
        #expect(!done.isSettled(at: 4_500_000, lastStep: 0))
        #expect(done.isSettled(at: 4_550_000, lastStep: 0))
        #expect(!done.isSettled(at: 4_550_000, lastStep: 3_000_000))
        let downStill = progress(Self.failover + [(2600, 2, .stateFail)])
        #expect(!downStill.isSettled(at: 5_000_000, lastStep: 0))
    }

    @Test("Who came back must be in sync")
    func returning() {
        var progress = progress(Self.failover)
        progress.comeBack(0)
        #expect(!progress.isSettled(at: 6_000_000, lastStep: 3_000_000))
        progress.read(LogEvent(time: Self.fault + 6_000_000, kind: .synchronised), of: 0)
        #expect(progress.isSettled(at: 8_000_000, lastStep: 3_000_000))
    }

    @Test("Where nobody is promoted, two node timeouts and 10 s must pass; after a lost election four and 5 s")
    func nothing() {
        let quiet = progress([])
        #expect(!quiet.isSettled(at: 11_999_000, lastStep: 0))
        #expect(quiet.isSettled(at: 12_000_000, lastStep: 0))
        let lost = progress([(1700, 3, .electionScheduled), (8000, 3, .electionStarted)])
        #expect(!lost.isSettled(at: 16_999_000, lastStep: 0))
        #expect(lost.isSettled(at: 17_000_000, lastStep: 0))
    }

    @Test("A line of trials.jsonl holds what is known, and leaves out what did not happen")
    func line() throws {
        var milestones = Milestones()
        // Masters of this version do not log it: the logs can't tell the first.
        milestones.firstSuspected = 5_000_000
        milestones.promoted = 6_832_400
        milestones.promotions = 1
        let kill = InflictedAction(
            action: "kill", moment: Moment(wall: Self.fault, monotonic: 5), processes: [2], names: [Self.victim])
        let start = InflictedAction(
            action: "start", moment: Moment(wall: Self.fault + 3_000_012, monotonic: 6), processes: [2],
            names: [Self.victim])
        let line = TrialLine(
            number: 7, seed: 1, scenario: "kill-master", parameters: ["for=10s"],
            binary: ServerBinary(path: "/x", product: "valkey", version: "9.1.2"), nodeTimeout: 5000, masters: 3,
            replicasPerMaster: 1, recording: "kill-master-007.jsonl",
            outcome: TrialOutcome(
                fault: Self.fault, end: 9_000_001, milestones: milestones, victims: [2], victimNames: [Self.victim],
                roles: ["master", "replica"], actions: [kill, start]))
        let id = Self.victim.text
        #expect(
            line.text == """
                {"trial":7,"seed":1,"scenario":"kill-master","parameters":["for=10s"],"product":"valkey",\
                "version":"9.1.2","nodeTimeout":5000,"masters":3,"replicasPerMaster":1,\
                "recording":"kill-master-007.jsonl","faultAt":1000000000000,"victims":[2],"victimIds":["\(id)"],\
                "roles":["master","replica"],"steps":["kill 2 at 0.000","start 2 at 3000.012"],"promotions":1,\
                "elections":0,"promoted":6832.400,"end":9000.001}
                """)
    }
}
