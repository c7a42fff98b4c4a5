package import RedisCluster

/// The cluster as it stands when a rehearsal begins. Where a field is nil it is as `redis-cli --cluster create` leaves
/// it: slots in equal ranges, epochs 1, 2, 3... for the masters, the current epoch being the number of nodes.
package struct StandingCluster: Sendable, Equatable {
    /// By process; nil has each drawn.
    package var nodeIDs: [NodeName]?
    /// By pod. One that is not of its worker's range is passed over.
    package var addresses: [String]?
    /// The pod address that each of these workers gave out last.
    package var lastAddresses: [WorkerAddress] = []
    /// By master, all different.
    package var configEpochs: [UInt64]?
    package var currentEpoch: UInt64?
    /// By master: one range each, all 16384 slots together; nil for a master that owns none, and so has no vote.
    package var slots: [ClosedRange<Int>?]?

    package init() {}

    package struct WorkerAddress: Sendable, Equatable {
        package var worker: String
        package var address: String

        package init(worker: String, address: String) {
            self.worker = worker
            self.address = address
        }
    }

    /// The ranges that masters own, ascending, as the slots' parts.
    package func layout(_ shape: ClusterShape) -> SlotLayout {
        guard let slots else { return .evenly(masters: shape.masters) }
        return SlotLayout(parts: slots.compactMap { $0 }.sorted { $0.lowerBound < $1.lowerBound })
    }

    /// The part of the layout that master `index` owns; nil where it owns none.
    package func part(ofMaster index: Int) -> Int? {
        guard let slots, slots.indices.contains(index) else { return index }
        guard let own = slots[index] else { return nil }
        return slots.count { ($0?.lowerBound ?? .max) < own.lowerBound }
    }

    package func configEpoch(ofMaster index: Int) -> UInt64 {
        configEpochs.flatMap { $0.indices.contains(index) ? $0[index] : nil } ?? UInt64(index + 1)
    }

    package func currentEpoch(_ shape: ClusterShape) -> UInt64 {
        currentEpoch ?? max(UInt64(shape.nodes), configEpochs?.max() ?? 0)
    }
}
