/// clusterUpdateState: whether this node serves keys.
extension ClusterNode {
    /// CLUSTER_WRITABLE_DELAY: a master that starts waits, so that news of its replacement can arrive first.
    package static let writableDelay: Milliseconds = 2000

    mutating func updateState(_ now: Milliseconds, _ effects: inout Effects) {
        todo.remove(.updateState)
        if firstStateCall == 0 { firstStateCall = now }
        isHeldBack = isMaster && !stateIsOk && now - firstStateCall < ClusterNode.writableDelay
        if isHeldBack { return }
        var ok = !conf.requireFullCoverage || allSlotsServed
        size = 0
        var reachable = 0
        for index in table.peers.indices where isSlotMaster(index) {
            size += 1
            if !table.peers[index].flags.has(.failing) { reachable += 1 }
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

    private func isSlotMaster(_ index: Int) -> Bool {
        table.peers[index].inUse && table.peers[index].isMaster && table.peers[index].ownsSlots
    }

    private var allSlotsServed: Bool {
        !owners.contains { $0 == noPeer || table.peers[Int($0)].flags.has(.fail) }
    }
}
