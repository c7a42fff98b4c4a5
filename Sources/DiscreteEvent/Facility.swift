/// One server before which work waits in order of arrival.
///
/// Offers are made in the order of their arrivals, as a simulation meets them. Where nothing interrupts the work, its
/// whole future is known on arrival, so that waiting costs no events.
public struct Facility: Sendable, Equatable {
    /// When the server has done all work offered so far, in ns.
    public private(set) var freeAt: Int64 = 0
    /// The latest arrival so far, in ns.
    private var lastArrival: Int64 = 0

    public init() {}

    /// Start and end, in ns, of work of `service` ns that arrives at `arrival`.
    ///
    /// An arrival earlier than one before it waits behind it all the same; negative service counts as none.
    public mutating func offer(arrival: Int64, service: Int64) -> (start: Int64, finish: Int64) {
        lastArrival = max(lastArrival, arrival)
        let service = max(service, 0)
        let start = max(lastArrival, freeAt)
        freeAt = start + service
        return (start, freeAt)
    }

    /// Nothing is served before `time`: the server stands still, and the work offered later waits.
    public mutating func hold(until time: Int64) { freeAt = max(freeAt, time) }
}
