import ClusterModel
import Foundation
import ModelFile
import Recording
import RedisCluster
import SystemModel

/// Records a simulated cluster as a recorder records a real one: by asking each node at an interval, from a phase of
/// its own, and writing down what differs.
struct SimulatedRecorder {
    /// ns.
    var interval: Int64 = 50_000_000
    var statusInterval: Int64 = 1_000_000_000
    /// Recorded before the fault, ns.
    var lead: Int64 = 1_000_000_000
    var writesNotes = true
    var version = "7.0.15"

    let simulation: ClusterSimulation

    init(_ model: SystemModel, _ scenario: Scenario, seed: UInt64) {
        simulation = ClusterSimulation(model: model, scenario: scenario, seed: seed)
    }

    func record(_ index: Int) -> Recording {
        let outcome = simulation.watch(index, lead: lead, askedEvery: interval)
        let watch = simulation.watch
        let startedAt = simulation.wallClockAtFault * 1000 - lead / 1000
        var recording = Recording(header: Recording.Header(startedAt: startedAt, interval: interval / 1000))
        let horizon = simulation.scenario?.horizon ?? 0
        var entries: [Recording.Entry] = watch.beginning.compactMap(server)
        for observer in watch.beginning.indices {
            entries += views(of: observer, watch, until: horizon, phase: phase(observer, index))
            entries += states(of: observer, watch, until: horizon, phase: phase(observer, index + 1000))
        }
        if writesNotes { entries += notes(watch) }
        recording.entries = entries.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }
            .map(\.element)
        precondition(outcome.replication == index)
        return recording
    }

    /// µs after the recording's start.
    private func recorded(_ time: Int64) -> Int64 { (time + lead) / 1000 }

    /// Spread without a generator: any irrational step does.
    private func phase(_ observer: Int, _ index: Int) -> Double {
        (Double(index * 31 + observer) * 0.618_033_988_749).truncatingRemainder(dividingBy: 1)
    }

    private func server(_ view: ClusterView) -> Recording.Entry? {
        guard let own = view.nodes.first(where: { $0.flags.has(.myself) }) else { return nil }
        let conf = simulation.model.conf
        let settings = [
            ObservedServer.Setting(name: "cluster-node-timeout", value: String(conf.nodeTimeout)),
            ObservedServer.Setting(name: "appendonly", value: conf.appendOnly ? "yes" : "no"),
            ObservedServer.Setting(name: "save", value: conf.savePoints ? "3600 1" : ""),
        ]
        return .server(
            ObservedServer(
                at: 0, id: own.id, address: own.address, runID: "1", product: "redis", version: version,
                configuration: settings))
    }

    private func notes(_ watch: Watch) -> [Recording.Entry] {
        zip(simulation.scenario?.timeline ?? [], watch.targets).flatMap { step, targets -> [Recording.Entry] in
            let names = targets.compactMap { watch.beginning[$0].myself }
            var notes: [Note] = []
            func note(_ action: String, after: Int64 = 0) {
                notes.append(Note(at: recorded(step.at + after), text: action, action: action, targets: names))
            }
            switch step.action {
            case .kill(_, let restart, _):
                note("kill")
                if let restart { note("start", after: restart) }
            case .freeze(_, let duration):
                note("freeze")
                if let duration { note("thaw", after: duration) }
            case .failover: note("failover")
            case .terminate: note("terminate")
            default: break
            }
            return notes.map { .note($0) }
        }
    }

    /// Whether a process answers at a time, and how it refuses if not.
    private func answer(_ observer: Int, _ watch: Watch, at time: Int64) -> ObservedSilence.Kind {
        switch watch.answers.last(where: { $0.process == observer && $0.time <= time })?.kind {
        case nil, .answers: .answers
        case .refuses: .refused
        case .silent: .timeout
        case .loading: .loading
        }
    }

    private func views(
        of observer: Int, _ watch: Watch, until horizon: Int64, phase: Double
    ) -> [Recording.Entry] {
        guard let name = watch.beginning[observer].myself else { return [] }
        var entries: [Recording.Entry] = []
        var lines = watch.beginning[observer].nodes
        let sights = watch.sights.filter { $0.observer == observer }
        var next = 0
        var changed: [NodeName] = []
        var previous: Int64?
        var isSilent = false
        var time = -lead + Int64(phase * Double(interval))
        while time <= horizon {
            while next < sights.count, sights[next].time <= time {
                let line = sights[next].line
                lines.removeAll { $0.id == line.id }
                lines.append(line)
                if !changed.contains(line.id) { changed.append(line.id) }
                next += 1
            }
            let span = ObservedInterval(after: recorded(previous ?? time), before: recorded(time))
            let kind = answer(observer, watch, at: time)
            if kind != .answers {
                if !isSilent { entries.append(.silence(ObservedSilence(interval: span, observer: name, kind: kind))) }
                isSilent = true
            } else if previous == nil || isSilent {
                if isSilent {
                    entries.append(.silence(ObservedSilence(interval: span, observer: name, kind: .answers)))
                }
                entries.append(.view(ObservedView(interval: span, observer: name, view: ClusterView(nodes: lines))))
                isSilent = false
                changed = []
            } else if !changed.isEmpty {
                let shown = changed.compactMap { id in lines.first { $0.id == id } }
                entries.append(.change(ObservedChange(interval: span, observer: name, lines: shown, gone: [])))
                changed = []
            }
            previous = time
            time += interval
        }
        return entries
    }

    private func states(
        of observer: Int, _ watch: Watch, until horizon: Int64, phase: Double
    ) -> [Recording.Entry] {
        guard let name = watch.beginning[observer].myself else { return [] }
        var entries: [Recording.Entry] = []
        var shown: Bool?
        var previous: Int64?
        var time = -lead + Int64(phase * Double(statusInterval))
        while time <= horizon {
            defer { time += statusInterval }
            guard answer(observer, watch, at: time) == .answers else { continue }
            let isOk = watch.states.last { $0.observer == observer && $0.time <= time }?.isOk ?? true
            if shown != isOk {
                entries.append(
                    .status(
                        ObservedStatus(
                            interval: ObservedInterval(after: recorded(previous ?? time), before: recorded(time)),
                            observer: name,
                            fields: [ObservedServer.Setting(name: "cluster_state", value: isOk ? "ok" : "fail")])))
            }
            shown = isOk
            previous = time
        }
        // A recorder's last word: it asked to the end, though nothing had changed.
        if let previous, answer(observer, watch, at: horizon) == .answers {
            let span = ObservedInterval(after: recorded(previous), before: recorded(horizon))
            entries.append(.status(ObservedStatus(interval: span, observer: name, fields: [])))
        }
        return entries
    }
}

/// The shipped model that recordings are made of and held against.
enum Rehearsed {
    static func path(_ name: String) -> String {
        URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../models/\(name)").path
    }

    static func model(
        _ overrides: [String] = ["cluster-node-timeout=1000"], named name: String = "six-processes"
    ) throws -> SystemModel {
        try ModelReader.read(directory: path(name), overrides: overrides).model
    }

    static func scenario(
        _ name: String, horizon: Int64 = 12_000_000_000, _ overrides: [String] = []
    ) throws -> Scenario {
        let loaded = try ModelReader.read(directory: path("six-processes"))
        var scenario = try loaded.scenario(named: name, overrides: overrides)
        scenario.horizon = horizon
        return scenario
    }
}
