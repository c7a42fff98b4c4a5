import ArgumentParser
import Experiments

/// What the exit status says of expectations.
enum ExpectationStatus {
    static let missed: Int32 = 2
    static let undecided: Int32 = 3

    /// Ends the command where not all of them are met.
    static func check(_ verdicts: [Verdict]) throws {
        switch Verdict.joint(verdicts) {
        case .met, nil: return
        case .missed: throw ExitCode(missed)
        case .undecided: throw ExitCode(undecided)
        }
    }
}
