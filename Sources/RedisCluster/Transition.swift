/// One change in one observer's view of one node: what a recorder of a real cluster and a simulated run both tell.
package struct Transition: Sendable, Equatable {
    /// Who saw it; nil where the view does not say whose it is.
    package var observer: NodeName?
    package var subject: NodeName
    package var change: Change

    package init(observer: NodeName?, subject: NodeName, change: Change) {
        self.observer = observer
        self.subject = subject
        self.change = change
    }

    package enum Change: Sendable, Equatable {
        case appeared
        case vanished
        case flags(from: NodeFlags, to: NodeFlags)
        case master(from: NodeName?, to: NodeName?)
        case address(from: NodeAddress, to: NodeAddress)
        case configEpoch(from: UInt64, to: UInt64)
        case slots(from: [ClosedRange<Int>], to: [ClosedRange<Int>])
        case link(from: Bool, to: Bool)
    }
}

extension ClusterView {
    /// What changed since `earlier`, in this view's order, then what is gone in the order of the earlier one.
    ///
    /// Pings and pongs come and go all the time and are not reported.
    package func transitions(since earlier: ClusterView) -> [Transition] {
        let observer = myself ?? earlier.myself
        let before = Dictionary(earlier.nodes.map { ($0.id, $0) }) { first, _ in first }
        let present = Set(nodes.map(\.id))
        var found: [Transition] = []
        for node in nodes {
            let changes = before[node.id].map(node.changes) ?? [.appeared]
            found += changes.map { Transition(observer: observer, subject: node.id, change: $0) }
        }
        for node in earlier.nodes where !present.contains(node.id) {
            found.append(Transition(observer: observer, subject: node.id, change: .vanished))
        }
        return found
    }
}

extension ClusterView.Node {
    fileprivate func changes(since earlier: ClusterView.Node) -> [Transition.Change] {
        var changes: [Transition.Change] = []
        if flags != earlier.flags { changes.append(.flags(from: earlier.flags, to: flags)) }
        if master != earlier.master { changes.append(.master(from: earlier.master, to: master)) }
        if address != earlier.address { changes.append(.address(from: earlier.address, to: address)) }
        if configEpoch != earlier.configEpoch {
            changes.append(.configEpoch(from: earlier.configEpoch, to: configEpoch))
        }
        if slots != earlier.slots { changes.append(.slots(from: earlier.slots, to: slots)) }
        if isConnected != earlier.isConnected { changes.append(.link(from: earlier.isConnected, to: isConnected)) }
        return changes
    }
}
