import Recording
import RedisCluster

/// What is known of one node, from its own answers.
struct FollowedNode {
    /// Where it answers, or answered last.
    var place: ClusterFollower.PlaceID?
    /// As recorded last.
    var view: ClusterView?
    /// The bytes that it came from.
    var reply: [UInt8] = []
    /// The last CLUSTER NODES that it answered: when it was sent, and answered.
    var lastPoll: ObservedInterval?
    /// Why and since when (at the latest) it does not answer; nil if it does.
    var silence: (kind: ObservedSilence.Kind, before: Int64)?
    /// When the last question was sent that it did not answer.
    var lastFailure: Int64 = 0
    /// As recorded last.
    var server: ObservedServer?
    /// Fields as recorded last.
    private(set) var status: [String: String] = [:]
    private var statusAnswered: [StatusSource: Int64] = [:]
    private var restlessRecorded: [StatusSource: Int64] = [:]

    var silenceKind: ObservedSilence.Kind? { silence?.kind }

    /// Between the last answer of that kind and this one; remembers this one.
    mutating func interval(of source: StatusSource, _ sent: Int64, _ received: Int64) -> ObservedInterval {
        let after = statusAnswered[source] ?? sent
        statusAnswered[source] = sent
        return ObservedInterval(after: min(after, received), before: received)
    }

    /// The fields that differ from what was recorded; nil if there are none worth a line.
    mutating func changed(
        _ fields: [ObservedServer.Setting], from source: StatusSource, _ interval: ObservedInterval, _ id: NodeName
    ) -> ObservedStatus? {
        let changed = fields.filter { status[$0.name] != $0.value }
        let isRestless = changed.allSatisfy { StatusFields.restless.contains($0.name) }
        let isDue = interval.before - restlessRecorded[source, default: .min / 2] >= StatusFields.restlessInterval
        guard !changed.isEmpty, !isRestless || isDue else { return nil }
        restlessRecorded[source] = interval.before
        for field in changed { status[field.name] = field.value }
        return ObservedStatus(interval: interval, observer: id, fields: changed)
    }
}
