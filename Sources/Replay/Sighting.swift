import RedisCluster

/// Something that an observer's CLUSTER NODES (or CLUSTER INFO) began to show of a node: what is looked for both in a
/// recording and in a replication. Nodes are numbered as the simulation's processes are.
package struct Sighting: Sendable, Hashable, Comparable {
    package var kind: Kind
    package var observer: Int
    /// The observer itself for `stateDown` and `stateUp`.
    package var subject: Int
    /// How often this observer had shown the same of this subject before; from 0.
    package var occurrence: Int

    package enum Kind: Int, Sendable, CaseIterable {
        /// `fail?`
        case suspected
        /// `fail`
        case failed
        /// Neither any more.
        case cleared
        /// A replica has become a master.
        case promoted
        /// A master has become a replica.
        case demoted
        /// A replica follows another master.
        case follows
        /// The address is another one.
        case moved
        /// The observer's cluster_state turned fail, or ok again.
        case stateDown, stateUp

        package var name: String { String(describing: self) }

        /// What an observer begins to say.
        package var words: String {
            switch self {
            case .suspected: "suspects (fail?)"
            case .failed: "counts as failed (fail)"
            case .cleared: "no longer suspects"
            case .promoted: "sees as master"
            case .demoted: "sees as replica"
            case .follows: "sees following another master"
            case .moved: "knows a new address of"
            case .stateDown: "turns to cluster_state:fail"
            case .stateUp: "turns to cluster_state:ok"
            }
        }
    }

    package static func < (a: Sighting, b: Sighting) -> Bool {
        (a.kind.rawValue, a.subject, a.observer, a.occurrence) < (b.kind.rawValue, b.subject, b.observer, b.occurrence)
    }
}

/// A sighting and when it came about: after `after` and no later than `before`, both ns after the fault. A replication
/// knows the instant, so that both are the same.
package struct Seen: Sendable, Equatable {
    package var sighting: Sighting
    package var after: Int64
    package var before: Int64
    /// When the answer came that first showed it, ns after the fault: between these, as the fault's own moment may be
    /// known as an interval only. Always later than `after`.
    package var shownAfter: Int64
    package var shownBefore: Int64

    package var middle: Int64 { after + (before - after) / 2 }
}

/// Something between two instants, ns after the fault.
typealias SightingTime = (after: Int64, before: Int64)

/// What of a line a sighting can be about.
enum Aspect: CaseIterable {
    case failure, role, master, address

    /// What a change from one line to another shows in this respect.
    func kind(from earlier: ClusterView.Node, to later: ClusterView.Node) -> Sighting.Kind? {
        switch self {
        case .failure:
            let (was, is_) = (earlier.flags.intersection(.failing), later.flags.intersection(.failing))
            if was == is_ { return nil }
            if is_.has(.fail) { return was.has(.fail) ? nil : .failed }
            if is_.has(.pfail) { return was.isEmpty ? .suspected : nil }
            return .cleared
        case .role:
            if earlier.flags.has(.replica), later.flags.has(.master) { return .promoted }
            return earlier.flags.has(.master) && later.flags.has(.replica) ? .demoted : nil
        case .master:
            guard earlier.flags.has(.replica), later.flags.has(.replica), let was = earlier.master,
                let now = later.master
            else { return nil }
            return was == now ? nil : .follows
        case .address:
            guard !earlier.address.ip.isEmpty, !later.address.ip.isEmpty else { return nil }
            let isSame = earlier.address.ip == later.address.ip && earlier.address.port == later.address.port
            return isSame ? nil : .moved
        }
    }

    /// Whether two lines say the same in this respect.
    func isSame(_ one: ClusterView.Node, _ other: ClusterView.Node) -> Bool {
        switch self {
        case .failure: one.flags.intersection(.failing) == other.flags.intersection(.failing)
        case .role:
            one.flags.intersection([.master, .replica]) == other.flags.intersection([.master, .replica])
        case .master: one.master == other.master
        case .address: one.address.ip == other.address.ip && one.address.port == other.address.port
        }
    }
}

/// Turns the lines that observers showed, one after another, into sightings.
struct SightingCollector {
    private(set) var seen: [Seen] = []
    private var last: [ClusterView.Node?]
    private var counts: [Sighting: Int] = [:]
    private let numbers: [NodeName: Int]
    private let count: Int

    /// `names` are the nodes' ids by number.
    init(names: [NodeName]) {
        count = names.count
        last = Array(repeating: nil, count: count * count)
        numbers = Dictionary(names.enumerated().map { ($0.element, $0.offset) }) { first, _ in first }
    }

    func number(of name: NodeName) -> Int? { numbers[name] }

    /// The line that an observer showed last of a subject.
    func line(_ observer: Int, of subject: Int) -> ClusterView.Node? { last[observer * count + subject] }

    /// Takes a line. `interval` says when a change in the given respect came about.
    mutating func take(
        _ line: ClusterView.Node, by observer: Int, shown: SightingTime, at time: (Aspect) -> SightingTime
    ) {
        guard let subject = numbers[line.id], !line.flags.has(.handshake) else { return }
        defer { last[observer * count + subject] = line }
        guard let earlier = last[observer * count + subject] else { return }
        for aspect in Aspect.allCases {
            guard let kind = aspect.kind(from: earlier, to: line) else { continue }
            add(kind, observer, subject, time(aspect), shown: shown)
        }
    }

    mutating func add(
        _ kind: Sighting.Kind, _ observer: Int, _ subject: Int, _ time: SightingTime, shown: SightingTime
    ) {
        var sighting = Sighting(kind: kind, observer: observer, subject: subject, occurrence: 0)
        let occurrence = counts[sighting, default: 0]
        counts[sighting] = occurrence + 1
        sighting.occurrence = occurrence
        seen.append(
            Seen(
                sighting: sighting, after: time.after, before: time.before, shownAfter: shown.after,
                shownBefore: shown.before))
    }
}
