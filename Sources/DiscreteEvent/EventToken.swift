/// Names one scheduled event, so that it can be cancelled.
///
/// A token stays harmless after its event was taken or cancelled, also when its slot serves another event by then. It
/// dies with `EventList.removeAll()`, which restarts the numbering: keep none across replications.
@frozen
public struct EventToken: Sendable, Equatable, BitwiseCopyable {
    /// Sequence number above, slot below; 0 is no event. The lower half of the event's key.
    @usableFromInline let stamp: UInt64

    /// A token of no event: cancelling it returns false.
    @inlinable @inline(__always)
    public static var none: EventToken { EventToken(stamp: 0) }

    @inlinable @inline(__always)
    init(stamp: UInt64) { self.stamp = stamp }
}
