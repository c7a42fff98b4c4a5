import Capacity
import Foundation
import LiveCapacity

// Measures what the formulas of sizing predict on real servers, and prints the Swift file that keeps it:
// `measure-capacity [REDIS-SERVER]`, or `make capacity-checks`.

func say(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }

let binary = CommandLine.arguments.dropFirst().first ?? MeasuredServer.binary
let campaign = FormulaCampaign(FormulaMeasurements(binary: binary)) { measured in
    let check = measured.check
    say("\(check.name), \(check.setting): \((check.error * 1000).rounded() / 10) %")
}
do {
    let (version, cases) = try await campaign.run()
    let lines = cases.map { "        \($0.source)," }
    print(
        """
        // Written by `make capacity-checks`; measure again instead of editing.

        /// What a real server did.
        enum MeasuredOn {
            static let server = "redis \(version)"
            static let cases: [MeasuredCase] = [
        \(lines.joined(separator: "\n"))
            ]
        }
        """)
} catch {
    say("measure-capacity: \(error)")
    exit(1)
}
