import Glibc
package import Randomness
import RedisCluster
package import SystemModel

/// One scenario, once, on a cluster that is well.
package actor Trial {
    private let cluster: LabCluster
    private let scenario: Scenario
    private var dice: RandomStream
    /// Called with everything that is done to the cluster, right after it was done.
    private let onAction: @Sendable (InflictedAction) async throws -> Void
    private var agenda: Agenda
    private var progress: TrialProgress
    private var tails: [LogTail] = []
    private var roles: [LabCluster.Role] = []
    private var struck: [[Int]] = []
    /// Servers that were asked to end and are started again this many ns after they have.
    private var returning: [(process: Int, delay: Int64, newAddress: Bool)] = []
    private var actions: [InflictedAction] = []
    private var start = ContinuousClock.now
    private var fault: Int64 = 0

    /// Between two looks at the logs, whose lines have their own times.
    private static let look = Duration.milliseconds(100)
    /// A step that strikes later than this behind its time makes another scenario of it, ns.
    private static let tolerance: Int64 = 100_000_000

    package init(
        _ scenario: Scenario, on cluster: LabCluster, dice: RandomStream,
        onAction: @escaping @Sendable (InflictedAction) async throws -> Void = { _ in }
    ) {
        self.cluster = cluster
        self.scenario = scenario
        self.dice = dice
        self.onAction = onAction
        agenda = Agenda(scenario)
        progress = TrialProgress(fault: 0, nodeTimeout: 0)
    }

    /// Inflicts the steps and watches until nothing more is to be expected, or to the scenario's horizon.
    package func run() async throws -> TrialOutcome {
        let before = try await cluster.currentRoles()
        for server in await cluster.servers {
            var tail = LogTail(path: server.logPath)
            tail.skipToEnd()
            tails.append(tail)
        }
        var lastDone: Int64 = 0
        while true {
            try Task.checkCancellation()
            while let (entry, due) = agenda.take(dueAt: elapsed) {
                let done = actions.count
                try await carryOut(entry)
                try checkPunctuality(of: actions[done...], due)
                lastDone = elapsed
            }
            await startThoseThatEnded()
            readLogs()
            let now = elapsed
            let isDone = agenda.isEmpty && returning.isEmpty
            if isDone, progress.isSettled(at: now / 1000, lastStep: lastDone / 1000) { break }
            if fault != 0, now >= scenario.horizon { break }
            let wake = min(now + Trial.look.nanoseconds, agenda.next ?? .max, scenario.horizon)
            try await Task.sleep(until: start + .nanoseconds(wake), tolerance: .zero)
        }
        readLogs()
        let victims = await names(progress.victims)
        return TrialOutcome(
            fault: fault, end: elapsed / 1000, milestones: progress.milestones, victims: progress.victims,
            victimNames: victims, roles: before.map(\.isMaster).map { $0 ? "master" : "replica" }, actions: actions)
    }

    /// ns after the fault; 0 before it.
    private var elapsed: Int64 { fault == 0 ? 0 : (ContinuousClock.now - start).nanoseconds }

    private func checkPunctuality(of actions: ArraySlice<InflictedAction>, _ due: Int64) throws(LabError) {
        guard let action = actions.first, let first = self.actions.first else { return }
        let late = Int64(clamping: action.moment.monotonic - first.moment.monotonic) - due
        guard late > Trial.tolerance else { return }
        throw LabError(
            "\(action.spoken) came \(late / 1_000_000) ms late", "this machine is too busy for it",
            instead: "give the lab a priority (nice -n -10) or fewer --jobs")
    }

    private func readLogs() {
        for index in tails.indices {
            for event in tails[index].read() { progress.read(event, of: index) }
        }
    }

    // MARK: Steps

    private func carryOut(_ entry: Agenda.Entry) async throws {
        switch entry {
        case .step(let index): try await inflict(index)
        case .thaw(let processes):
            let time = await cluster.signal(processes, SIGCONT)
            for process in processes { progress.comeBack(process) }
            try await tell("thaw", processes, time)
        case .start(let process, let newAddress):
            guard await cluster.hasEnded(process) else {
                returning.append((process, 0, newAddress))
                return
            }
            let time = Moment.now
            try await cluster.restart(process, newAddress: newAddress)
            progress.comeBack(process)
            try await tell("start", [process], time)
        case .heal:
            let time = Moment.now
            try await cluster.setLink(isCut: false)
            for process in progress.victims { progress.comeBack(process) }
            try await tell("heal", progress.victims, time)
        }
    }

    private func inflict(_ index: Int) async throws {
        let step = scenario.timeline[index]
        let present = try await cluster.targets(struck: struck)
        roles = present.roles
        let targets = present.resolve(step.action.target, &dice)
        while struck.count <= index { struck.append([]) }
        struck[index] = targets
        if fault == 0 { begin() }
        switch step.action {
        case .kill(_, let restart, let newAddress):
            await hit(targets)
            try await strike("kill", targets, SIGKILL)
            if let restart { for p in targets { agenda.add(.start(p, newAddress: newAddress), at: step.at + restart) } }
        case .terminate(_, let restart, let newAddress):
            await hit(targets)
            try await strike("terminate", targets, SIGTERM)
            if let restart { returning += targets.map { ($0, restart, newAddress) } }
        case .freeze(_, let duration):
            await hit(targets)
            try await strike("freeze", targets, SIGSTOP)
            if let duration { agenda.add(.thaw(targets), at: step.at + duration) }
        case .loseVolume(_, let restart):
            await hit(targets)
            try await strike("loseVolume", targets, SIGKILL)
            for process in targets { await loseFiles(process) }
            for p in targets { agenda.add(.start(p, newAddress: false), at: step.at + (restart ?? 0)) }
        case .failover(_, let mode):
            let time = await cluster.failOver(targets, mode)
            align(time)
            try await tell("failover", targets, time)
        case .cutNode(_, let duration), .partition(_, let duration):
            if case .cutNode = step.action { await hit(targets) }
            let time = Moment.now
            align(time)
            try await cluster.setLink(isCut: true)
            try await tell("cut", targets, time)
            if let duration { agenda.add(.heal, at: step.at + duration) }
        case .deletePod, .crashNode, .nfs, .link, .rollingRestart, .drain, .handOverBeforeStop, .create: break
        }
    }

    private func strike(_ action: String, _ targets: [Int], _ number: Int32) async throws {
        let time = await cluster.signal(targets, number)
        align(time)
        try await tell(action, targets, time)
    }

    private func hit(_ targets: [Int]) async {
        for process in targets {
            progress.hit(
                process, await cluster.name(process), isMaster: roles[process].isMaster && roles[process].ownsSlots)
        }
    }

    /// The trial's clock starts when its first step is about to strike.
    private func begin() {
        start = .now
        fault = Moment.now.wall
        progress = TrialProgress(fault: fault, nodeTimeout: cluster.conf.nodeTimeout)
    }

    /// The first step's own instant is the fault.
    private func align(_ time: Moment) {
        guard actions.isEmpty else { return }
        start += .microseconds(time.wall - fault)
        fault = time.wall
        progress.setFault(time.wall)
    }

    private func loseFiles(_ process: Int) async {
        while await !cluster.hasEnded(process) { await pause(.milliseconds(1)) }
        await cluster.loseFiles(of: process)
    }

    private func startThoseThatEnded() async {
        for entry in returning where await cluster.hasEnded(entry.process) {
            agenda.add(.start(entry.process, newAddress: entry.newAddress), at: elapsed + entry.delay)
            returning.removeAll { $0.process == entry.process }
        }
        await cluster.reap()
    }

    private func tell(_ action: String, _ processes: [Int], _ time: Moment) async throws {
        let inflicted = InflictedAction(
            action: action, moment: time, processes: processes, names: await names(processes))
        actions.append(inflicted)
        try await onAction(inflicted)
    }

    private func names(_ processes: [Int]) async -> [NodeName] {
        var names: [NodeName] = []
        for process in processes { if let name = await cluster.name(process) { names.append(name) } }
        return names
    }
}

extension Duration {
    var nanoseconds: Int64 { components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000 }
}

extension Action {
    /// Whom it hits; nobody where it is not about processes.
    var target: Target {
        switch self {
        case .deletePod(let target, _), .kill(let target, _, _), .terminate(let target, _, _), .freeze(let target, _),
            .crashNode(let target, _), .cutNode(let target, _), .nfs(_, let target, _), .failover(let target, _),
            .loseVolume(let target, _), .drain(let target):
            target
        case .partition(let groups, _): .union(groups)
        case .link(let a, let b, _, _): .union([a, b])
        case .rollingRestart, .handOverBeforeStop, .create: .union([])
        }
    }
}
