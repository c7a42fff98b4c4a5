package import ClusterModel
package import Recording
package import RedisCluster
package import SystemModel

/// Why a recording can't be replayed at all.
package struct ReplayError: Error, Sendable, Equatable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}

/// The cluster that a recording shows at its beginning, as the simulation can have it.
package struct Reconstruction: Sendable {
    /// The given model's environment and storage, with the recording's topology, epochs, slots and configuration.
    package let model: SystemModel
    /// Ids by the simulation's process numbers: masters in the order of their slots, then replicas by id.
    package let names: [NodeName]
    /// When the last of the first views was read, µs after the recording's start.
    package let begins: Int64
    /// What the recording says and the simulation can't have, in sentences.
    package let caveats: [String]
    /// The directives that came from the recording, with their values.
    package let directives: [ObservedServer.Setting]
    /// Wall clock, µs since the epoch.
    private let startedAt: Int64
    private let pongTimes: [Int64?]
    private let tickTimes: [Int64?]

    /// - Parameters:
    ///   - base: whose environment, storage and hosts' latencies apply, and whose configuration where the recording
    ///     says nothing.
    ///   - held: directives that stay as the base has them whatever the recording says (`--set`); `engine` likewise.
    package init(_ recording: Recording, base: SystemModel, held: Set<String> = []) throws(ReplayError) {
        var first = FirstViews(recording)
        let cast = try Cast(&first)
        var caveats = first.caveats
        names = cast.names
        begins = first.latest
        var model = base
        model.shape = ClusterShape(masters: cast.masters, attachments: cast.attachments)
        model.standing = cast.standing(first, &caveats)
        model.deployment = .processes(cast.deployment(first, base: base.deployment))
        var configuration = RecordedConfiguration(base: base, held: held)
        configuration.read(first.servers, &caveats)
        model.conf = configuration.conf
        model.engine = configuration.engine
        directives = configuration.applied
        self.model = model
        startedAt = recording.header.startedAt
        pongTimes = first.pongTimes(names, startedAt: recording.header.startedAt)
        tickTimes = first.tickTimes(names, startedAt: recording.header.startedAt)
        self.caveats = caveats
    }

    /// How to begin a replication whose first step comes `fault` µs after the recording's start, if what the first
    /// views say of pings still matters then: it does as long as it takes the phases of pings to fall in step.
    package func beginning(fault: Int64) -> Beginning? {
        let lead = fault.microsecondsLater(than: begins) * 1000
        let timeout = model.conf.nodeTimeout * 1_000_000
        guard lead > 0, lead <= timeout + ClusterSimulation.warmUp else { return nil }
        func age(_ time: Int64?) -> Int64? {
            guard let age = time.map({ begins.microsecondsLater(than: $0) }) else { return nil }
            return age >= 0 && age / 1000 <= model.conf.nodeTimeout ? age : nil
        }
        let ages = pongTimes.map { age($0).map { $0 / 1000 } }
        guard ages.contains(where: { $0 != nil }) else { return nil }
        let wallClock = startedAt.addingReportingOverflow(begins)
        // A clock before the epoch or beyond the year 2100 tells nothing.
        guard !wallClock.overflow, (0...4_102_444_800_000_000).contains(wallClock.partialValue) else { return nil }
        return Beginning(
            lead: lead, wallClock: wallClock.partialValue, pongAges: ages,
            tickAges: tickTimes.map { age($0).map { $0 * 1000 } })
    }
}

/// What is known when every observer has answered once.
struct FirstViews {
    private(set) var views: [(observer: NodeName, interval: ObservedInterval, view: ClusterView)] = []
    private(set) var servers: [ObservedServer] = []
    private(set) var currentEpoch: UInt64?
    private(set) var latest: Int64 = 0
    private(set) var caveats: [String] = []

    /// First views come within this time of the very first, µs; whoever answers later joined, or was away.
    private static let gathering: Int64 = 3_000_000

    init(_ recording: Recording) {
        var known = Set<NodeName>()
        var asked = Set<NodeName>()
        var told = Set<NodeName>()
        var start: Int64?
        for entry in recording.entries {
            switch entry {
            case .view(let seen):
                let begun = start ?? seen.interval.before
                start = begun
                guard seen.interval.before.microsecondsLater(than: begun) <= FirstViews.gathering,
                    known.insert(seen.observer).inserted
                else { continue }
                views.append((seen.observer, seen.interval, seen.view))
                latest = max(latest, seen.interval.before)
            case .server(let server):
                if asked.insert(server.id).inserted { servers.append(server) }
            case .status(let status):
                let epoch = status.fields.first { $0.name == "cluster_current_epoch" }.flatMap { UInt64($0.value) }
                if let epoch, told.insert(status.observer).inserted { currentEpoch = max(currentEpoch ?? 0, epoch) }
            case .change, .silence, .note: break
            }
        }
    }

    /// A node's line: as it says itself, or else as the first observer that knows it does.
    func line(of name: NodeName) -> ClusterView.Node? {
        if let own = views.first(where: { $0.observer == name })?.view[name] { return own }
        return views.lazy.compactMap { $0.view[name] }.first
    }

    /// Everybody known, in the order of their ids.
    var everybody: [NodeName] { Set(views.flatMap { $0.view.nodes.map(\.id) }).sorted() }

    func isDown(_ name: NodeName) -> Bool {
        if views.contains(where: { $0.observer == name }) { return false }
        return views.contains { $0.view[name]?.flags.has([.failing, .noAddress]) ?? false }
    }

    mutating func add(caveat: String) { caveats.append(caveat) }

    /// When each observer last heard each node's pong, µs after the recording's start, at observer * count + subject;
    /// nil where nobody says. Servers print it by their own wall clock.
    func pongTimes(_ names: [NodeName], startedAt: Int64) -> [Int64?] {
        var times = [Int64?](repeating: nil, count: names.count * names.count)
        for (o, observer) in names.enumerated() {
            guard let seen = views.first(where: { $0.observer == observer }) else { continue }
            for (s, subject) in names.enumerated() where s != o {
                guard let pong = seen.view[subject]?.pongReceived, pong > 0, pong < Int64.max / 2000 else { continue }
                times[o * names.count + s] = (pong * 1000).microsecondsLater(than: startedAt)
            }
        }
        return times
    }

    /// The last tick of each node that can be told, µs after the recording's start. Pings leave in ticks, and their
    /// pongs are back within a millisecond or so; what is a whole second was heard from others.
    func tickTimes(_ names: [NodeName], startedAt: Int64) -> [Int64?] {
        names.map { observer in
            let seen = views.first { $0.observer == observer }
            let pongs = seen?.view.nodes.map(\.pongReceived)
                .filter { $0 % 1000 != 0 && $0 > 0 && $0 < Int64.max / 2000 }
            return pongs?.max().map { ($0 * 1000).microsecondsLater(than: startedAt) }
        }
    }
}
