import Recording
import RedisClient
import RedisCluster

/// Who is asked, and what of the answers is worth keeping: a cluster followed by the views of its own nodes.
///
/// A value without I/O: answers and failures go in with their times (µs after the start), entries and places to ask
/// come out. A place is an address; which node lives there its answers tell. A node is asked where it answers. One that
/// does not is looked for where it was last and wherever others say it is, so that it is followed to a new address.
struct ClusterFollower {
    typealias PlaceID = Int

    enum Action: Equatable {
        case start(PlaceID, ServerAddress)
        case stop(PlaceID)
    }

    struct Output: Equatable {
        var entries: [Recording.Entry] = []
        var actions: [Action] = []
        /// The view or role of the one who answered has changed: its other facts may have as well.
        var isNews = false
        /// What was not understood.
        var problem: String?
    }

    /// An address that is asked.
    struct Place {
        var address: ServerAddress
        var isSeed: Bool
        /// Who answered there last.
        var id: NodeName?
        var answers = false
        var identity: ServerIdentity?
        var configuration: [ObservedServer.Setting]?
    }

    let interval: Int64
    private(set) var places: [PlaceID: Place] = [:]
    private(set) var nodes: [NodeName: FollowedNode] = [:]
    private var pods: [PodObservation] = []
    private var nextPlace: PlaceID = 0
    /// When something was last recorded.
    private var lastEntry: Int64 = 0

    /// A sign of life where nothing changes: it tells how long nothing did.
    static let heartbeat: Int64 = 1_000_000

    /// A server that lives has answered by then, however busy its machine: µs.
    static let ampleAnswer: Int64 = 100_000

    init(interval: Int64) { self.interval = interval }

    mutating func begin(seeds: [ServerAddress]) -> Output {
        var output = Output()
        for seed in seeds where !places.values.contains(where: { $0.address == seed }) {
            start(seed, isSeed: true, &output)
        }
        return output
    }

    // MARK: Answers

    mutating func answered(_ place: PlaceID, _ answer: PollAnswer, sent: Int64, received: Int64) -> Output {
        var output = Output()
        guard places[place] != nil else { return output }
        switch answer {
        case .identity(let identity):
            places[place]?.identity = identity
            describeServer(at: place, received, &output)
        case .configuration(let settings):
            places[place]?.configuration = settings
            describeServer(at: place, received, &output)
        case .nodes(let bytes):
            take(bytes, from: place, ObservedInterval(after: sent, before: received), &output)
        case .status(let source, let fields):
            if let id = places[place]?.id, let interval = nodes[id]?.interval(of: source, sent, received) {
                record(nodes[id]?.changed(fields, from: source, interval, id), &output)
            }
        case .loading:
            places[place]?.answers = false
            fallSilent(place, .loading, ObservedInterval(after: sent, before: received), &output)
        }
        finish(&output)
        return output
    }

    private mutating func take(
        _ bytes: [UInt8], from place: PlaceID, _ poll: ObservedInterval, _ output: inout Output
    ) {
        if let id = places[place]?.id, places[place]?.answers == true, nodes[id]?.place == place,
            let known = nodes[id]?.reply, ClusterNodesReply.areSame(known, bytes)
        {
            nodes[id]?.lastPoll = poll
            if poll.before - lastEntry >= ClusterFollower.heartbeat {
                output.entries.append(.status(ObservedStatus(interval: poll, observer: id, fields: [])))
            }
            return
        }
        let view: ClusterView
        do {
            view = try ClusterView(parsing: String(decoding: bytes, as: UTF8.self))
        } catch {
            output.problem = "CLUSTER NODES: \(error)"
            return
        }
        guard let id = view.myself else {
            output.problem = "CLUSTER NODES: no line says myself"
            return
        }
        guard settle(id, at: place, &output) else { return }
        var node = nodes[id] ?? FollowedNode()
        if let silence = node.silence {
            let end = ObservedInterval(after: max(node.lastFailure, silence.before), before: poll.before)
            output.entries.append(.silence(ObservedSilence(interval: end.ordered, observer: id, kind: .answers)))
        }
        let since = ObservedInterval(after: node.lastPoll?.after ?? poll.after, before: poll.before)
        if node.silence != nil || node.view == nil {
            output.entries.append(.view(ObservedView(interval: since, observer: id, view: view)))
        } else if let change = node.view.flatMap({ view.change(since: $0) }) {
            output.entries.append(
                .change(ObservedChange(interval: since, observer: id, lines: change.lines, gone: change.gone)))
        }
        output.isNews = !output.entries.isEmpty
        node.view = view
        node.reply = bytes
        node.lastPoll = poll
        node.silence = nil
        nodes[id] = node
        describeServer(at: place, poll.before, &output)
        follow(&output)
    }

    /// Node `id` answers at `place`. False if it is asked elsewhere already, under another of its addresses.
    private mutating func settle(_ id: NodeName, at place: PlaceID, _ output: inout Output) -> Bool {
        if let other = nodes[id]?.place, other != place, let there = places[other], there.answers, there.id == id {
            if there.identity?.runID == places[place]?.identity?.runID {
                stop(place, &output)
                return false
            }
            // The same id, another process: it was faster than the news of the first one's end.
            stop(other, &output)
        }
        if let before = places[place]?.id, before != id, nodes[before]?.place == place { nodes[before]?.place = nil }
        places[place]?.id = id
        places[place]?.answers = true
        nodes[id, default: FollowedNode()].place = place
        return true
    }

    /// Of everybody who answers, from the last answer.
    func signsOfLife() -> [Recording.Entry] {
        nodes.keys.sorted().compactMap { id in
            guard isAnswering(id), let poll = nodes[id]?.lastPoll else { return nil }
            return .status(ObservedStatus(interval: poll, observer: id, fields: []))
        }
    }

    // MARK: Failures

    /// - Parameters:
    ///   - asked: when the question was sent or the connection tried that failed.
    ///   - failed: when that was known.
    mutating func failed(_ place: PlaceID, _ failure: PollFailure, asked: Int64, failed: Int64) -> Output {
        var output = Output()
        guard let found = places[place] else { return output }
        places[place]?.answers = false
        // Whoever comes back may be another one.
        places[place]?.identity = nil
        places[place]?.configuration = nil
        if let id = found.id, nodes[id]?.place == place {
            let kind: ObservedSilence.Kind =
                switch failure {
                case .refused: .refused
                case .timeout, .unusable: .timeout
                case .unreachable: nodes[id]?.silenceKind ?? .timeout
                }
            fallSilent(place, kind, ObservedInterval(after: asked, before: failed), &output)
        }
        follow(&output)
        finish(&output)
        return output
    }

    /// A question that was sent at `asked` has not been answered for long, and may yet be.
    mutating func overdue(_ place: PlaceID, asked: Int64, at time: Int64) -> Output {
        var output = Output()
        guard places[place]?.answers == true else {
            if let id = places[place]?.id, nodes[id]?.place == place { nodes[id]?.lastFailure = time }
            return output
        }
        places[place]?.answers = false
        // What was asked first and not answered was asked too late.
        let lost = min(time, asked + max(interval, ClusterFollower.ampleAnswer))
        fallSilent(place, .timeout, ObservedInterval(after: asked, before: lost), &output)
        follow(&output)
        finish(&output)
        return output
    }

    private mutating func fallSilent(
        _ place: PlaceID, _ kind: ObservedSilence.Kind, _ attempt: ObservedInterval, _ output: inout Output
    ) {
        guard let id = places[place]?.id, var node = nodes[id], node.place == place else { return }
        if node.silenceKind != kind {
            let after = node.silence == nil ? node.lastPoll?.after ?? attempt.after : node.lastFailure
            let interval = ObservedInterval(after: after, before: attempt.before).ordered
            output.entries.append(.silence(ObservedSilence(interval: interval, observer: id, kind: kind)))
            node.silence = (kind, attempt.before)
        }
        node.lastFailure = attempt.after
        nodes[id] = node
    }

    // MARK: Pods

    /// What kubectl says now.
    mutating func show(_ pods: [PodObservation], at time: Int64) -> Output {
        var output = Output()
        self.pods = pods
        for id in nodes.keys.sorted() {
            guard var server = nodes[id]?.server else { continue }
            if let pod = pod(of: server) { server.run(in: pod) }
            record(server, of: id, time, &output)
        }
        finish(&output)
        return output
    }

    private func pod(of server: ObservedServer) -> PodObservation? {
        pods.first { $0.addresses.contains(server.address.ip) } ?? pods.first { $0.name == server.pod }
    }

    // MARK: Servers

    private mutating func describeServer(at place: PlaceID, _ time: Int64, _ output: inout Output) {
        guard let found = places[place], let id = found.id, found.answers, let identity = found.identity,
            let configuration = found.configuration
        else { return }
        let announced = nodes[id]?.view?[id]?.address
        let address = NodeAddress(
            ip: found.address.host, port: found.address.port, busPort: announced?.busPort,
            hostname: announced?.hostname)
        var server = ObservedServer(
            at: time, id: id, address: address, runID: identity.runID, product: identity.product,
            version: identity.version, configuration: configuration, pod: nodes[id]?.server?.pod,
            worker: nodes[id]?.server?.worker, podPhase: nodes[id]?.server?.podPhase)
        let reached = pod(of: server) ?? pods.first { $0.addresses.contains(announced?.ip ?? "") }
        if let reached { server.run(in: reached) }
        record(server, of: id, time, &output)
    }

    /// If there is anything new about it.
    private mutating func record(_ server: ObservedServer, of id: NodeName, _ time: Int64, _ output: inout Output) {
        var server = server
        server.at = nodes[id]?.server?.at ?? time
        guard server != nodes[id]?.server else { return }
        server.at = time
        nodes[id]?.server = server
        output.entries.append(.server(server))
    }

    private func record(_ status: ObservedStatus?, _ output: inout Output) {
        if let status { output.entries.append(.status(status)) }
    }

    // MARK: Places

    /// Starts and stops asking, after something has changed.
    private mutating func follow(_ output: inout Output) {
        var wanted: Set<ServerAddress> = []
        var known: Set<NodeName> = []
        for id in nodes.keys.sorted() {
            guard let node = nodes[id], let place = node.place, places[place]?.answers == true else { continue }
            for line in node.view?.nodes ?? [] where !line.flags.has([.handshake, .noAddress]) {
                known.insert(line.id)
                guard line.id != id, !isAnswering(line.id), !line.address.ip.isEmpty, line.address.port > 0 else {
                    continue
                }
                let address = ServerAddress(host: line.address.ip, port: line.address.port)
                if wanted.insert(address).inserted { start(address, isSeed: false, &output) }
            }
        }
        // Without anybody to say who belongs to the cluster, everybody is looked for where they were.
        guard !known.isEmpty else { return }
        for place in places.keys.sorted() {
            guard let found = places[place], !found.answers, !wanted.contains(found.address) else { continue }
            let isLast = found.id.map { known.contains($0) && nodes[$0]?.place == place } ?? found.isSeed
            if !isLast { stop(place, &output) }
        }
        for id in nodes.keys.sorted() where !known.contains(id) && nodes[id]?.place.flatMap({ places[$0] }) == nil {
            nodes[id] = nil
        }
    }

    private func isAnswering(_ id: NodeName) -> Bool {
        guard let place = nodes[id]?.place, let found = places[place] else { return false }
        return found.answers && found.id == id
    }

    private mutating func start(_ address: ServerAddress, isSeed: Bool, _ output: inout Output) {
        guard !places.values.contains(where: { $0.address == address }) else { return }
        places[nextPlace] = Place(address: address, isSeed: isSeed)
        output.actions.append(.start(nextPlace, address))
        nextPlace += 1
    }

    private mutating func stop(_ place: PlaceID, _ output: inout Output) {
        places[place] = nil
        output.actions.append(.stop(place))
    }

    private mutating func finish(_ output: inout Output) {
        if let last = output.entries.last { lastEntry = max(lastEntry, last.time) }
    }
}

extension ObservedInterval {
    /// Clocks of different calls may cross by a µs.
    fileprivate var ordered: ObservedInterval { ObservedInterval(after: min(after, before), before: before) }
}

extension ObservedServer {
    fileprivate mutating func run(in pod: PodObservation) {
        self.pod = pod.name
        worker = pod.worker
        podPhase = pod.phase
    }
}
