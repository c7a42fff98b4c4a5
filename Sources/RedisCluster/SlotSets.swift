/// The 16384 hash slots, cut into the parts that ever move together.
///
/// Nothing that is simulated splits a part (there is no resharding), so a set of slots is a set of parts, and two equal
/// bitmaps are two equal numbers. What costs Redis a `memcmp` of 2048 bytes a packet costs one comparison here.
package struct SlotLayout: Sendable, Equatable {
    /// First and last slot of each part, ascending.
    package let parts: [ClosedRange<Int>]

    package init(parts: [ClosedRange<Int>]) { self.parts = parts }

    package static let slotCount = 16384

    /// `redis-cli --cluster create`: `lround` of multiples of 16384 / masters (clusterManagerCommandCreate).
    package static func evenly(masters: Int) -> SlotLayout {
        var parts: [ClosedRange<Int>] = []
        let share = Double(slotCount) / Double(masters)
        var first = 0
        var cursor = 0.0
        for master in 0..<masters {
            let last = master == masters - 1 ? slotCount - 1 : Int((cursor + share - 1).rounded())
            parts.append(first...max(first, last))
            first = last + 1
            cursor += share
        }
        return SlotLayout(parts: parts)
    }
}

/// A set of slots as an index into `SlotSets`; 0 is the empty set.
package typealias SlotSetID = UInt32

/// Interned sets of slot parts: append-only, shared by all nodes of a simulation. Equal sets have equal ids.
package struct SlotSets: Sendable {
    package let layout: SlotLayout
    private var members: [[Bool]]

    package init(layout: SlotLayout) {
        self.layout = layout
        members = [[Bool](repeating: false, count: layout.parts.count)]
    }

    package static let empty: SlotSetID = 0

    package func contains(_ set: SlotSetID, _ part: Int) -> Bool { members[Int(set)][part] }

    /// The parts of a set, ascending.
    package func parts(of set: SlotSetID) -> [Int] { members[Int(set)].indices.filter { members[Int(set)][$0] } }

    package func slotCount(of set: SlotSetID) -> Int {
        parts(of: set).reduce(0) { $0 + layout.parts[$1].count }
    }

    /// The set with `part` put in or taken out. Rare: ownership changes only in failovers.
    package mutating func changing(_ set: SlotSetID, part: Int, to present: Bool) -> SlotSetID {
        if let known = members.indices.first(where: { isChanged(set, part: part, to: present, $0) }) {
            return SlotSetID(known)
        }
        var changed = members[Int(set)]
        changed[part] = present
        members.append(changed)
        return SlotSetID(members.count - 1)
    }

    /// True where a known set is `set` but for `part`.
    private func isChanged(_ set: SlotSetID, part: Int, to present: Bool, _ known: Int) -> Bool {
        guard members[known][part] == present else { return false }
        for other in members[known].indices where other != part && members[known][other] != members[Int(set)][other] {
            return false
        }
        return true
    }

    package mutating func single(_ part: Int) -> SlotSetID { changing(SlotSets.empty, part: part, to: true) }

    /// Forgets all but the empty set; for the next replication.
    package mutating func removeAll() { members.removeSubrange(1...) }
}
