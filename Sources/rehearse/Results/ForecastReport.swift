import ClusterModel
import Experiments
import SystemModel

/// A forecast with everything that repeats it.
struct ForecastReport {
    let model: SystemModel
    let modelPath: String
    let scenario: Scenario
    /// As given on the command line.
    let overrides: [String]
    let seed: Int
    /// Numbers of the environment whose source is a guess.
    let guesses: Int
    let forecast: Forecast
    let table: OutcomeTable
    /// Of the expectations, those of the command line first.
    var verdicts: [Verdict] = []
    /// What was seen of a real case like the scenario's, where its file says.
    var observed: ObservedReport? {
        ObservedReport(scenario, in: table, isChanged: !overrides.isEmpty)
    }
    /// Nil where the number of replications was given.
    var precision: ReplicationPlan.Reached?
    let envelope: ResultEnvelope
    /// Where it was asked for.
    let sensitivity: Sensitivity?
}
