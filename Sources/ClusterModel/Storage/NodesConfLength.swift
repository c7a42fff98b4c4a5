import RedisCluster

/// How long nodes.conf is: a save that leaves the file shorter pays for an ftruncate.
extension ClusterSimulation {
    /// Bytes that clusterSaveConfig writes, without padding (clusterGenNodesDescription and the vars line).
    func configLength(_ p: Int) -> Int {
        // `vars currentEpoch N lastVoteEpoch N` and a newline.
        var length = 34 + digits(nodes[p].currentEpoch) + digits(nodes[p].lastVoteEpoch)
        for index in nodes[p].table.peers.indices {
            let peer = nodes[p].table.peers[index]
            guard peer.inUse, !peer.flags.has(.handshake) else { continue }
            length += lineLength(peer, p)
        }
        return length
    }

    /// id, ip:port@cport, flags, master, ping-sent, pong-received, epoch, link state, slots; blanks and a newline.
    private func lineLength(_ peer: Peer, _ p: Int) -> Int {
        let address = wire.addresses[Int(peer.address)]
        var length = 40 + address.ip.utf8.count + digits(address.port) + digits(address.port + 10_000) + 10
        length += flagsLength(peer.flags) + (peer.master == noPeer ? 1 : 40)
        length += digits(peer.pingSent) + digits(peer.pongReceived)
        let source = peer.isReplica && peer.master != noPeer ? nodes[p].table.peers[Int(peer.master)] : peer
        length += digits(source.configEpoch)
        length += peer.link == .none && !peer.flags.has(.myself) ? "disconnected".utf8.count : "connected".utf8.count
        return length + slotsLength(peer.slots)
    }

    private func flagsLength(_ flags: NodeFlags) -> Int {
        var length = 0
        for printed in NodeFlags.printed where flags.has(printed.flag) { length += printed.word.utf8.count + 1 }
        return length == 0 ? "noflags".utf8.count : length - 1
    }

    /// Neighbouring parts are printed as one range.
    private func slotsLength(_ set: SlotSetID) -> Int {
        let parts = wire.slots.layout.parts
        var length = 0
        var inside = false
        for part in parts.indices {
            let owned = wire.slots.contains(set, part)
            if owned, !inside { length += 1 + digits(parts[part].lowerBound) }
            let ends = owned && (part + 1 == parts.count || !wire.slots.contains(set, part + 1))
            if ends { length += 1 + digits(parts[part].upperBound) }
            inside = owned
        }
        return length
    }

    private func digits(_ value: some BinaryInteger) -> Int {
        var rest = value / 10
        var count = 1
        while rest != 0 {
            rest /= 10
            count += 1
        }
        return count
    }
}
