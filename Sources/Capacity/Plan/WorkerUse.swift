import SystemModel

extension CapacityPlan {
    /// A worker's memory, threads and wire.
    package struct WorkerUse: Sendable {
        package let name: String
        package let memoryBytes: Double?
        package let cores: Double?
        /// With all workers there first; then, one after the other, with each other one lost that has servers.
        package let situations: [Situation]

        /// What a worker carries; bytes, bytes a second, and 1 for all of a thread.
        package struct Situation: Sendable {
            /// Nil with all workers there.
            package let lost: String?
            /// Of this worker's own pods that are left.
            package let pods: Int
            package let masters: Int
            /// Resident bytes at rest, and with every pod in its largest state.
            package let steady: Double
            package let largest: Double
            /// The latter with the lost worker's pods made anew here; the same where none is lost.
            package let largestWithAll: Double
            package let threads: Double
            /// To and from clients, other servers and the storage.
            package let sent: Double
            package let received: Double
            /// Shards of the whole cluster without a server.
            package let shardsLost: Int
        }
    }
}

extension CapacityModel {
    /// What every worker carries at an amount of the demand, by worker.
    ///
    /// - Parameters:
    ///   - now: every server's use with all workers there.
    ///   - lost: a worker that is gone; nil for none. What it would carry itself means nothing.
    func situations(_ amounts: Demand, _ now: [ServerUse], without lost: Int?) -> [CapacityPlan.WorkerUse.Situation] {
        var here = [[ServerUse]](repeating: [], count: site.workers.count)
        for use in lost == nil ? now : uses(amounts, without: lost) {
            if let worker = use.server.worker { here[worker].append(use) }
        }
        // The pods of the lost worker come back on the others in equal parts, if they come back.
        let moved = lost.map { lost in now.filter { $0.server.worker == lost } } ?? []
        let share = (Double(moved.count) / Double(max(1, site.workers.count - 1))).rounded(.up)
        let arriving = moved.prefix(Int(share)).reduce(0) { $0 + $1.largest.resident }
        let shardsLost = lost.map(site.shardsLost) ?? 0
        return here.map { servers in
            let largest = servers.reduce(0) { $0 + $1.largest.resident }
            let toStorage = site.onNFS ? servers.reduce(0) { $0 + $1.files.written } : 0
            return CapacityPlan.WorkerUse.Situation(
                lost: lost.map { site.workers[$0].name }, pods: servers.count,
                masters: servers.count(where: \.server.isMaster), steady: servers.reduce(0) { $0 + $1.steady },
                largest: largest, largestWithAll: largest + arriving, threads: servers.reduce(0) { $0 + $1.thread },
                sent: servers.reduce(0) { $0 + $1.network.sent } + toStorage,
                received: servers.reduce(0) { $0 + $1.network.received }, shardsLost: shardsLost)
        }
    }

    /// Workers that have a server.
    func usedWorkers(_ now: [ServerUse]) -> [Int] {
        var isUsed = [Bool](repeating: false, count: site.workers.count)
        for use in now { if let worker = use.server.worker { isUsed[worker] = true } }
        return isUsed.indices.filter { isUsed[$0] }
    }

    /// Every worker, with all there and with each other one lost.
    func workers(_ now: [ServerUse]) -> [CapacityPlan.WorkerUse] {
        let lost: [Int?] = [nil] + usedWorkers(now)
        let all = lost.map { (lost: $0, workers: situations(demand, now, without: $0)) }
        return site.workers.indices.map { index in
            CapacityPlan.WorkerUse(
                name: site.workers[index].name, memoryBytes: site.workers[index].memoryBytes,
                cores: site.workers[index].cores,
                situations: all.filter { $0.lost != index }.map { $0.workers[index] })
        }
    }
}
