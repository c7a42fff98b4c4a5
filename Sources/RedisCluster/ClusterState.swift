/// clusterUpdateState: whether this node serves keys.
extension ClusterNode {
    /// CLUSTER_WRITABLE_DELAY: a master that starts waits, so that news of its replacement can arrive first.
    package static let writableDelay: Milliseconds = 2000

    mutating func updateState(_ now: Milliseconds, _ effects: inout [Effect]) {
        todo.remove(.updateState)
        if firstStateCall == 0 { firstStateCall = now }
        if isMaster, !stateIsOk, now - firstStateCall < ClusterNode.writableDelay { return }
        var ok = !conf.requireFullCoverage || allSlotsServed
        size = 0
        var reachable = 0
        for peer in table.peers where peer.inUse && peer.isMaster && peer.ownsSlots {
            size += 1
            if !peer.flags.has(.failing) { reachable += 1 }
        }
        if reachable < quorum {
            ok = false
            amongMinorityTime = now
        }
        guard ok != stateIsOk else { return }
        // A master back from a minority waits, for the same reason as one that starts.
        let rejoinDelay = min(max(conf.nodeTimeout, 500), 5000)
        if ok, isMaster, now - amongMinorityTime < rejoinDelay { return }
        stateIsOk = ok
        wakeCron()
        effects.append(.observed(Observation(ok ? .stateOk : .stateFail)))
    }

    private var allSlotsServed: Bool {
        for owner in owners where owner == noPeer || table.peers[Int(owner)].flags.has(.fail) { return false }
        return true
    }
}
