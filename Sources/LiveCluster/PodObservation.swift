/// A pod as kubectl shows it.
package struct PodObservation: Sendable, Equatable {
    package var name: String
    /// nil until the scheduler has placed it.
    package var worker: String?
    /// `Pending`, `Running`, `Succeeded`, `Failed`, `Unknown`; `Terminating` once it is being deleted.
    package var phase: String
    /// None while it has none.
    package var addresses: [String]

    package init(name: String, worker: String?, phase: String, addresses: [String]) {
        self.name = name
        self.worker = worker
        self.phase = phase
        self.addresses = addresses
    }
}
