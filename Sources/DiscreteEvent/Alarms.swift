/// One alarm for each of a fixed number of owners, beside an `EventList`: for what every owner waits for again and
/// again, and puts off or brings forward while it waits.
///
/// Moving an alarm costs some two square roots of the number of owners in comparisons without a branch, where an event
/// list would take one entry out and file another: less, up to hundreds of owners. The earliest alarm is always at
/// hand; of equal ones it is that of the first owner. Nothing is allocated after `init`.
@frozen
public struct Alarms: ~Copyable {
    /// By owner, ns; `.max` is silent.
    @usableFromInline let times: UnsafeMutablePointer<Int64>
    /// The owner of the earliest alarm of each group of 2^groupBits owners in a row.
    @usableFromInline let firsts: UnsafeMutablePointer<Int>
    @usableFromInline let count: Int
    @usableFromInline let groups: Int
    @usableFromInline let groupBits: Int

    /// The earliest alarm's time, `.max` where all are silent, and whose it is.
    public private(set) var earliest = Int64.max
    public private(set) var owner = 0

    /// Silent alarms of owners 0 ..< `count`, at least one.
    public init(count: Int) {
        var bits = 3
        while 1 << (2 * bits) < count { bits += 1 }
        groupBits = bits
        groups = (count + (1 << bits) - 1) >> bits
        self.count = count
        times = .allocate(capacity: count)
        firsts = .allocate(capacity: groups)
        silenceAll()
    }

    deinit {
        times.deallocate()
        firsts.deallocate()
    }

    /// When an owner's alarm rings; `.max` where it is silent.
    @inlinable
    public subscript(_ owner: Int) -> Int64 { @inline(__always) get { times[owner] } }

    /// Sets an owner's alarm, in place of the one it had; `.max` silences it.
    public mutating func set(_ owner: Int, at time: Int64) {
        times[owner] = time
        let group = owner &>> groupBits
        var index = group &<< groupBits
        let end = min(index &+ 1 &<< groupBits, count)
        // Another of the group came before and still does: nothing else changes.
        if firsts[group] != owner, times[firsts[group]] < time { return }
        var (first, earliest) = (index, times[index])
        index &+= 1
        while index < end {
            let candidate = times[index]
            first = candidate < earliest ? index : first
            earliest = min(earliest, candidate)
            index &+= 1
        }
        firsts[group] = first
        if groups > 1 {
            compareGroups()
        } else {
            (self.owner, self.earliest) = (first, earliest)
        }
    }

    private mutating func compareGroups() {
        var (first, earliest) = (firsts[0], times[firsts[0]])
        var group = 1
        while group < groups {
            let candidate = firsts[group]
            first = times[candidate] < earliest ? candidate : first
            earliest = min(earliest, times[candidate])
            group &+= 1
        }
        (self.owner, self.earliest) = (first, earliest)
    }

    public mutating func silenceAll() {
        times.initialize(repeating: .max, count: count)
        for group in 0..<groups { (firsts + group).initialize(to: group << groupBits) }
        owner = 0
        earliest = .max
    }
}
