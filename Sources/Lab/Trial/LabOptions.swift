/// How a lab runs its trials.
package struct LabOptions: Sendable {
    package var trials = 1
    /// Clusters side by side.
    package var jobs = 1
    package var seed: UInt64 = 1
    /// From a cluster that is well to its fault, ns; a random part of the node timeout comes on top.
    package var settle: Int64 = 30_000_000_000
    /// Between two polls of one node by the recorder, ns.
    package var interval: Int64 = 50_000_000
    /// 1, or 2 network namespaces joined by a link.
    package var hosts = 1
    /// The servers' files wait as the environment says.
    package var slowStorage = false
    /// Where recordings and trials.jsonl are written.
    package var output: String

    package init(output: String) { self.output = output }
}
