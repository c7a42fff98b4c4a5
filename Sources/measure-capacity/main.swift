import Capacity
import CapacityChecks
import Foundation
import Lab

// Measures what the formulas of sizing predict on real servers, and prints the Swift file that keeps it:
// `measure-capacity [REDIS-SERVER]`, or `make capacity-checks`.

func say(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }

do {
    let binary = try ServerBinary(finding: CommandLine.arguments.dropFirst().first ?? MeasuredServer.binary)
    // Whatever ends this program, its keeper takes the servers and their files down.
    let home = try LabDirectory(for: binary)
    let measurements = FormulaMeasurements(binary: binary.path, parent: URL(filePath: home.path))
    let campaign = FormulaCampaign(measurements) { measured in
        let check = measured.check
        say("\(check.name), \(check.setting): \((check.error * 1000).rounded() / 10) %")
    }
    let (version, cases) = try await campaign.run()
    await home.close()
    print(
        """
        // Written by `make capacity-checks`; measure again instead of editing.

        import SystemModel

        /// What a real server did.
        enum MeasuredOn {
            static let server = "redis \(version)"
            static let cases: [MeasuredCase] = [
        \(cases.map(\.source).joined(separator: "\n"))
            ]
        }
        """)
} catch {
    say("measure-capacity: \(error)")
    exit(1)
}
