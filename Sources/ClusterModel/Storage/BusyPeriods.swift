/// One server that works on one request at a time, in the order of arrival.
///
/// Requests are offered as the simulation meets them, which is not quite the order of their arrivals: a process that is
/// held up until an outage's end asks for its next request long before that instant. So the server keeps the periods in
/// which it is busy, and a request takes the first gap after its arrival that is long enough.
struct BusyPeriods {
    private struct Period {
        var start: Int64
        var end: Int64
    }

    /// Ascending and disjoint. What lies before the present is dropped, so there are rarely more than a few.
    private var periods: [Period] = []

    mutating func removeAll() { periods.removeAll(keepingCapacity: true) }

    /// When work of `service` ns that arrives at `arrival` is done. Nothing is offered that arrives before `now`.
    mutating func serve(arrival: Int64, service: Int64, now: Int64) -> Int64 {
        guard service > 0 else { return arrival }
        periods.removeAll { $0.end <= now }
        var start = arrival
        var position = 0
        while position < periods.count, periods[position].start < start + service {
            start = max(start, periods[position].end)
            position += 1
        }
        let end = start + service
        if position > 0, periods[position - 1].end == start {
            periods[position - 1].end = end
        } else {
            periods.insert(Period(start: start, end: end), at: position)
        }
        return end
    }
}
