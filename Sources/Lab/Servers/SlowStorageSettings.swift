import DiscreteEvent
import Glibc
import SystemModel

/// What the library SlowStorage is told by its environment: whose files wait, for what, and how long.
struct SlowStorageSettings: Sendable {
    private let library: String
    private let variables: [String]

    /// Takes the model's storage: NFS, where every request waits, or a local disk, where fsync does.
    init(_ environment: Environment, _ deployment: Deployment) throws(LabError) {
        let program = ServerBinary.withoutLinks("/proc/self/exe")
        let directory = program.lastIndex(of: "/").map { program[..<$0] } ?? "."
        library = "\(directory)/libSlowStorage.so"
        guard access(library, R_OK) == 0 else {
            throw LabError(
                "no slow storage", "there is no \(library)", instead: "build it: swift build --product SlowStorage")
        }
        let onNFS = if case .processes(let processes) = deployment { processes.storage == .nfs } else { false }
        if onNFS {
            let nfs = environment.nfs
            let commit = nfs.export == .sync ? nfs.commit : .constant(0)
            variables = [
                "REHEARSE_SLOW_KIND=nfs", "REHEARSE_SLOW_RTT=" + SlowStorageSettings.table(nfs.rtt),
                "REHEARSE_SLOW_SERVICE=" + SlowStorageSettings.table(nfs.service),
                "REHEARSE_SLOW_COMMIT=" + SlowStorageSettings.table(commit),
            ]
        } else {
            variables = [
                "REHEARSE_SLOW_KIND=disk", "REHEARSE_SLOW_COMMIT=" + SlowStorageSettings.table(environment.disk.sync),
            ]
        }
    }

    /// For one server whose files are below `root`.
    func environment(root: String, seed: UInt64) -> [String] {
        ["LD_PRELOAD=\(library)", "REHEARSE_SLOW_ROOT=\(root)", "REHEARSE_SLOW_SEED=\(seed)"] + variables
    }

    /// Probabilities and quantiles in ns, between which the library draws straight lines. Beyond 99.99 % it has
    /// nothing.
    static func table(_ distribution: Distribution) -> String {
        let body = (1...49).map { Double($0) / 50 }
        let points = [0.0001] + body + [0.99, 0.995, 0.998, 0.999, 0.9995, 0.9999]
        return points.map { "\($0):\(Int64(distribution.quantile($0).rounded()))" }.joined(separator: ",")
    }
}
