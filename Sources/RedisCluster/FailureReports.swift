/// Failure reports about all peers of one node, as linked lists in one flat pool (clusterNodeAddFailureReport and its
/// kin). A report is a master's word that a peer is PFAIL or FAIL; it expires 2 x node-timeout after its last refresh.
package struct FailureReports: ~Copyable, Sendable {
    /// Not private, because other modules destroy what holds a pool of them.
    package struct Report: Sendable, BitwiseCopyable {
        var reporter: PeerIndex
        var next: Int32
        var time: Milliseconds
    }

    private var pool = FlatArray<Report>()
    private var free: Int32 = -1

    package mutating func removeAll() {
        pool.removeAll()
        free = -1
    }

    /// True if the report is new, false if an existing one was refreshed.
    package mutating func add(_ head: inout Int32, from reporter: PeerIndex, at now: Milliseconds) -> Bool {
        var cursor = head
        while cursor >= 0 {
            if pool[Int(cursor)].reporter == reporter {
                pool[Int(cursor)].time = now
                return false
            }
            cursor = pool[Int(cursor)].next
        }
        let report = Report(reporter: reporter, next: head, time: now)
        if free >= 0 {
            head = free
            free = pool[Int(head)].next
            pool[Int(head)] = report
        } else {
            head = Int32(pool.count)
            pool.append(report)
        }
        return true
    }

    /// True if there was one.
    package mutating func remove(_ head: inout Int32, from reporter: PeerIndex) -> Bool {
        sweep(&head) { $0.reporter == reporter }
    }

    /// Reports not older than `validity` ms; older ones are forgotten.
    package mutating func count(_ head: inout Int32, at now: Milliseconds, validity: Milliseconds) -> Int {
        _ = sweep(&head) { now - $0.time > validity }
        return valid(head, at: now, validity: validity)
    }

    /// As `count`, and forgets nothing.
    package func valid(_ head: Int32, at now: Milliseconds, validity: Milliseconds) -> Int {
        var total = 0
        var cursor = head
        while cursor >= 0 {
            if now - pool[Int(cursor)].time <= validity { total += 1 }
            cursor = pool[Int(cursor)].next
        }
        return total
    }

    private mutating func sweep(_ head: inout Int32, _ condemned: (Report) -> Bool) -> Bool {
        var found = false
        var previous: Int32 = -1
        var cursor = head
        while cursor >= 0 {
            let next = pool[Int(cursor)].next
            if condemned(pool[Int(cursor)]) {
                found = true
                if previous < 0 { head = next } else { pool[Int(previous)].next = next }
                pool[Int(cursor)].next = free
                free = cursor
            } else {
                previous = cursor
            }
            cursor = next
        }
        return found
    }
}
