import Experiments
import Foundation
import Statistics
import SystemModel
import Testing

/// What was observed of real incidents, held against what is forecast of them.
@Suite("Incidents")
struct IncidentTests {
    /// What the model and the incident disagree about; models/incidents/README.md says what is known of each.
    static let disagreeing: Set = [
        "freeze-15s: milestones.demoted", "freeze-15s: milestones.resynchronised",
        "lab-nt-15s: milestones.failed", "lab-nt-15s: outage.anySlot", "prestop-race: milestones.promoted > 5s",
    ]

    /// Enough to place an observation, and few enough for a test; what is not here has the usual number.
    static let replications = [
        // 120 servers: half a minute for one.
        "mass-failover": 1,
        // Found in one of forty.
        "epoch-tie": 80,
        "nfs-lock": 10, "prestop-race": 30, "restart-all-new-ips": 6, "two-node-poc": 60, "worker-poweroff": 6,
        "lab-nt-1s": 20, "no-voters": 15,
    ]

    static func table(_ incident: Incidents.Incident) throws -> (table: OutcomeTable, observed: ObservedCase?) {
        let (model, scenario) = try incident.load()
        let table = Runner(model: model, scenario: scenario, seed: 1)
            .run(replications: replications[incident.scenario] ?? 40, workers: 2)
        return (table, scenario.observed)
    }

    /// As the check has it; and of an event that it is likely enough at the forecast's own probability, whose interval
    /// is wide with few replications.
    static func agrees(_ check: ObservedCheck, replications: Int) -> Bool {
        guard check.isPossible else { return false }
        guard replications > 1, case .counted(_, let times, let trials) = check.fact.finding,
            case .probability(let estimate) = check.prediction,
            let tails = Proportion(times, of: trials)?.tails(probability: estimate.value)
        else { return true }
        return min(tails.atMost, tails.atLeast) >= 0.01
    }

    @Test("What was observed could be one of the forecast's cases", arguments: Incidents.all)
    func agrees(incident: Incidents.Incident) throws {
        let (table, observed) = try Self.table(incident)
        let checks = ObservedCheck.all(observed, in: table)
        #expect(!checks.isEmpty && checks.count == observed?.facts.count)
        for check in checks {
            let name = "\(incident.scenario): \(check.fact)"
            #expect(
                Self.agrees(check, replications: table.count) == !Self.disagreeing.contains(name),
                "\(name): \(check.fact.finding), forecast \(check.prediction)")
        }
    }

    @Test("Every incident of the recommended set has a scenario, or a reason why not")
    func coverage() throws {
        #expect(Incidents.all.count >= 22)
        let page = try String(contentsOf: Incidents.root.appending(path: "README.md"), encoding: .utf8)
        for number in 1...32 { #expect(page.contains("| F\(number) |"), "F\(number)") }
        for incident in Incidents.all { #expect(page.contains("`\(incident.scenario)`"), "\(incident.scenario)") }
    }

    @Test("Observations outside of the forecast are told from those inside")
    func tells() throws {
        let incident = try #require(Incidents.all.first { $0.scenario == "nt-sweep-5s" })
        let (table, _) = try Self.table(incident)
        func check(_ finding: ObservedFact.Finding) throws -> Bool {
            try #require(ObservedCheck(ObservedFact(finding, note: ""), in: table)).isPossible
        }
        // A node timeout of 5 s: the failure is known after 5 to 8 s, half of them around 7 s.
        #expect(try check(.measured(.failed, seen: 7e9, low: 6.9e9, high: 7.1e9, trials: 1)))
        #expect(try !check(.measured(.failed, seen: 4e9, low: 3.9e9, high: 4.1e9, trials: 1)))
        #expect(try !check(.measured(.failed, seen: 9e9, low: 8.9e9, high: 9.1e9, trials: 1)))
        // One of them may well take 7.9 s; that half of a hundred do can't be.
        #expect(try check(.measured(.failed, seen: 7.9e9, low: 7.9e9, high: 7.9e9, trials: 1)))
        #expect(try !check(.measured(.failed, seen: 7.9e9, low: 7.9e9, high: 7.9e9, trials: 100)))
        let promoted = ReplicationEvent(.promoted, .holds(true))
        #expect(try check(.counted(promoted, times: 5, trials: 5)))
        #expect(try !check(.counted(promoted, times: 0, trials: 5)))
        // What never happens in the forecast is endless there.
        #expect(try !check(.measured(.resynchronised, seen: 20e9, low: 19e9, high: 21e9, trials: 1)))
    }
}
