import Recording
import RedisCluster

/// A transition that no order of events of the protocol leads to, or that no replication produced.
package struct Violation: Sendable, Equatable {
    /// By when it was seen, ns after the fault.
    package let time: Int64
    /// What was seen, and what was expected instead.
    package let seen: String
    package let expected: String
}

/// What the protocol itself forbids, whatever the latencies are. The rules hold for everything that polling may have
/// missed: a state that was too short to be asked for counts as possible.
struct ProtocolOrder {
    private(set) var first: Violation?
    private let names: [NodeName]
    private let numbers: [NodeName: Int]
    private let masters: Set<Int>
    private let isOrdered: Bool
    private let seesEveryFailure: Bool
    private let fault: ObservedInterval
    /// The master that each node was last shown to follow.
    private var followed: [Int: Int] = [:]
    /// When each observer, by node, first showed it as fail? or fail (µs, the earliest it can have been).
    private var suspicions: [Int: [Int: Int64]] = [:]
    /// Since when a node can have been FAIL to anybody.
    private var failures: [Int: Int64] = [:]
    private var lines: [[ClusterView.Node?]]
    /// Who was first shown as the owner of a slot range in an epoch.
    private var owners: [Claim: Int] = [:]
    private let observers: Set<Int>
    /// Those that at some time did not answer.
    private var silent: Set<Int> = []

    private struct Claim: Hashable {
        var epoch: UInt64
        var slot: Int
    }

    /// `isOrdered`: a failover was ordered, which needs no failure.
    init(_ recording: Recording, names: [NodeName], masters: Int, fault: ObservedInterval, isOrdered: Bool) {
        self.names = names
        self.masters = Set(0..<masters)
        // An election waits for half a second at least: a recorder that asks less often may miss every fail before it.
        seesEveryFailure = recording.header.interval <= 500_000
        self.isOrdered = isOrdered
        self.fault = fault
        numbers = Dictionary(names.enumerated().map { ($0.element, $0.offset) }) { first, _ in first }
        lines = Array(repeating: Array(repeating: nil, count: names.count), count: names.count)
        observers = Set(recording.entries.compactMap(\.observer).compactMap { [numbers] in numbers[$0] })
        for case .silence(let silence) in recording.entries { numbers[silence.observer].map { _ = silent.insert($0) } }
        let shown = recording.shownLines.compactMap { observer, interval, line -> Shown? in
            guard let o = numbers[observer], let s = numbers[line.id], !line.flags.has(.handshake) else { return nil }
            return Shown(observer: o, subject: s, interval: interval, line: line)
        }
        // What is asked for later may have come about earlier: causes are gathered before effects are judged.
        for one in shown { gather(one) }
        for one in shown where first == nil {
            check(one)
            lines[one.observer][one.subject] = one.line
            if one.line.flags.has(.replica), let master = one.line.master.flatMap({ numbers[$0] }) {
                followed[one.subject] = master
            }
        }
    }

    private struct Shown {
        let observer: Int
        let subject: Int
        let interval: ObservedInterval
        let line: ClusterView.Node
    }

    private mutating func gather(_ one: Shown) {
        let since = one.interval.after
        if one.line.flags.has(.failing) {
            let known = suspicions[one.subject]?[one.observer]
            suspicions[one.subject, default: [:]][one.observer] = min(known ?? since, since)
        }
        if one.line.flags.has(.fail) { failures[one.subject] = min(failures[one.subject] ?? since, since) }
    }

    private mutating func check(_ one: Shown) {
        let (line, s, o, interval) = (one.line, one.subject, one.observer, one.interval)
        if let earlier = lines[o][s] {
            checkEpoch(line, earlier, s, o, interval)
            if line.flags.has(.fail), !earlier.flags.has(.fail), masters.contains(s) { checkMajority(s, o, interval) }
            if earlier.flags.has(.replica), line.flags.has(.master) { checkPromotion(s, o, interval) }
        }
        checkOwners(line, s, o, interval)
    }

    private mutating func fail(_ interval: ObservedInterval, _ seen: String, expected: String) {
        let time = interval.before.microsecondsLater(than: fault.after) * 1000
        first = Violation(time: time, seen: seen, expected: expected)
    }

    private func text(_ node: Int) -> String { names[node].shortText }

    /// A master's config epoch only grows in anybody's eyes.
    private mutating func checkEpoch(
        _ line: ClusterView.Node, _ earlier: ClusterView.Node, _ s: Int, _ o: Int, _ interval: ObservedInterval
    ) {
        guard line.flags.has(.master), earlier.flags.has(.master), line.configEpoch < earlier.configEpoch else {
            return
        }
        fail(
            interval,
            "\(text(o)) shows the config epoch of \(text(s)) fall from \(earlier.configEpoch) to \(line.configEpoch)",
            expected: "a master's config epoch only grows")
    }

    /// FAIL needs a majority of the masters that own slots to suspect; whoever was not asked may have.
    private mutating func checkMajority(_ s: Int, _ o: Int, _ interval: ObservedInterval) {
        let possible = masters.filter { master in
            if master == s { return false }
            if !observers.contains(master) || silent.contains(master) { return true }
            return suspicions[s]?[master].map { $0 <= interval.before } ?? false
        }
        let quorum = masters.count / 2 + 1
        guard possible.count < quorum else { return }
        fail(
            interval,
            "\(text(o)) shows \(text(s)) as fail while \(possible.count) of \(masters.count) masters "
                + "can have suspected it",
            expected: "a majority, \(quorum), suspects before anybody decides on fail")
    }

    /// A replica becomes a master when its master has failed, or when it is ordered to.
    private mutating func checkPromotion(_ s: Int, _ o: Int, _ interval: ObservedInterval) {
        guard !isOrdered, seesEveryFailure, let master = followed[s] else { return }
        if let since = failures[master], since <= interval.before { return }
        // Whoever was never asked may have shown it.
        guard observers.count == names.count else { return }
        fail(
            interval, "\(text(o)) shows \(text(s)) as master while nobody shows its master \(text(master)) as fail",
            expected: "fail, then an election, then a promotion; or an order to fail over")
    }

    /// In one epoch a slot has one owner.
    private mutating func checkOwners(_ line: ClusterView.Node, _ s: Int, _ o: Int, _ interval: ObservedInterval) {
        guard line.flags.has(.master), line.configEpoch > 0 else { return }
        for range in line.slots {
            let claim = Claim(epoch: line.configEpoch, slot: range.lowerBound)
            let owner = owners[claim, default: s]
            guard owner == s else {
                fail(
                    interval,
                    "\(text(o)) shows \(text(s)) as the owner of slot \(range.lowerBound) "
                        + "in config epoch \(line.configEpoch), which was \(text(owner))'s",
                    expected: "in one epoch a slot has one owner")
                return
            }
            owners[claim] = s
        }
    }
}
