import DiscreteEvent
import Randomness
import RedisCluster
package import SystemModel

/// The world: processes, network, storage and faults of one replication at a time, in simulated time.
///
/// One instance belongs to one worker and is used for many replications; its storage is reused, so that a replication
/// in steady state allocates nothing. Everything a run depends on is in the model, the scenario and the seed.
package final class ClusterSimulation {
    package let model: SystemModel
    package let scenario: Scenario?
    package let seed: UInt64
    let shape: ClusterShape
    let count: Int
    let costs: Costs
    let rules: EngineRules
    /// False looks at every tick by itself: slower, with the same outcome, as a test shows.
    package var makesUpForQuietTicks = true
    /// Writes flow: offsets grow and AOFs are written.
    let underLoad: Bool

    var events: EventList<Event>
    /// When each process's serverCron may have something to do.
    var alarms: Alarms
    var wire: Wire
    let nodes: UnsafeMutablePointer<ClusterNode>
    let nodeDice: UnsafeMutablePointer<NodeDice>
    let processes: UnsafeMutablePointer<RedisProcess>
    let dice: UnsafeMutablePointer<ProcessDice>
    let links: UnsafeMutablePointer<ReplicaLink>
    /// Outbound connection of process p to its peer i, at p * peerStride + i; -1 if none.
    var outbound: UnsafeMutablePointer<ConnectionID>
    var peerStride: Int
    var connections = ConnectionPool()
    /// Messages that wait on the opener's side of a connection: for the connect, or for an acknowledgement (Nagle).
    var held = Queues<MessageRef>()
    /// Refused connects that nobody has looked at yet.
    var refusals = Queues<Refusal>()
    /// What waits in the processes' socket buffers.
    var inboxes = Queues<InboxItem>()
    /// The process that lives at an address, or -1; by Address.
    var residents = FlatArray<Int16>()
    /// Addresses of hosts that lost power, until something lives there again.
    var vanished: [Address] = []
    /// nodes.conf of each process's volume.
    var disks: [SavedConfig]
    var reachability = Reachability()
    var storage: Storage
    var effects = Effects(minimumCapacity: 64)
    var outgoing = FlatArray<Outgoing>()
    var serving = Serving()
    var pods: PodWorld?
    var creation = Creation()
    package var recorder: Recorder
    package internal(set) var watch = Watch()
    /// Nil begins at a random moment of the cluster's life.
    package var beginning: Beginning?
    var outcome = Outcome(replication: 0)
    var faultDice = RandomStream(key: 0)
    /// Processes each step of the timeline hit.
    var stepTargets: [[Int]] = []
    /// Simulated instant of the fault's first step, and the wall clock's at time 0 (ns since the epoch).
    var faultTime: Int64 = 0
    /// Simulated instant at which this replication ends.
    package internal(set) var horizon: Int64 = 0
    var wallOffset: Int64 = 0
    var nextHistory: UInt32 = 1
    var eventCount = 0

    package init(model: SystemModel, scenario: Scenario?, seed: UInt64) {
        self.model = model
        self.scenario = scenario
        self.seed = seed
        shape = model.shape
        count = model.shape.nodes
        underLoad = model.environment.load > 0
        costs = Costs(model.environment)
        rules = model.engine.rules
        events = EventList(minimumCapacity: 1024)
        alarms = Alarms(count: count)
        wire = Wire(layout: model.standing.layout(model.shape), nodes: count)
        nodes = .allocate(capacity: count)
        nodeDice = .allocate(capacity: count)
        processes = .allocate(capacity: count)
        dice = .allocate(capacity: count)
        links = .allocate(capacity: count)
        peerStride = count + 8
        outbound = .allocate(capacity: count * peerStride)
        disks = Array(repeating: SavedConfig(), count: count)
        storage = Storage(model: model)
        recorder = Recorder()
        let empty = RandomStream(key: 0)
        for p in 0..<count {
            (nodes + p).initialize(to: ClusterNode(conf: model.conf, rules: model.engine.rules))
            (nodeDice + p).initialize(to: NodeDice(gossip: empty, election: empty, table: empty))
            (processes + p).initialize(to: RedisProcess())
            (dice + p).initialize(to: ProcessDice(loop: empty, network: empty, storage: empty, replication: empty))
            (links + p).initialize(to: ReplicaLink())
        }
        pods = PodWorld(model: model)
    }

    deinit {
        nodes.deinitialize(count: count)
        nodes.deallocate()
        nodeDice.deallocate()
        processes.deallocate()
        dice.deallocate()
        links.deallocate()
        outbound.deallocate()
    }

    // MARK: Time

    package var now: Int64 { events.now }

    /// The wall clock that Redis reads, in ms. One clock for all hosts: NTP's error is below a tick.
    @inline(__always)
    func wall(_ time: Int64) -> Milliseconds { (time + wallOffset) / 1_000_000 }

    func stream(_ purpose: StreamPurpose, _ entity: Int) -> RandomStream {
        RandomStream(seed: seed, replication: UInt64(outcome.replication), purpose: purpose, entity: UInt64(entity))
    }

    // MARK: A replication

    /// Runs one replication to the scenario's horizon.
    package func replicate(_ index: Int) -> Outcome {
        prepare(index)
        run(until: horizon)
        finish(at: horizon)
        return outcome
    }

    /// Runs all events and ticks up to and including `horizon`; of those at one instant, the events first.
    package func run(until horizon: Int64) {
        while true {
            let alarm = alarms.earliest
            if let event = events.next(notAfter: min(alarm, horizon)) {
                eventCount &+= 1
                dispatch(event)
            } else if alarm <= horizon {
                tickDue(alarms.owner)
            } else {
                break
            }
        }
        for p in 0..<count { passRefusals(p, until: horizon) }
    }

    @inline(__always)
    private func dispatch(_ event: Event) {
        switch event {
        case .arrive(let connection, let generation, let message, let toAcceptor):
            arrive(
                InboxItem(
                    connection: connection, generation: generation, message: message, toAcceptor: toAcceptor))
        case .wake(let p, let generation):
            if processes[Int(p)].generation == generation { wake(Int(p)) }
        default:
            dispatchRare(event)
        }
    }

    @inline(never)
    private func dispatchRare(_ event: Event) {
        switch event {
        case .arrive, .wake: break
        case .connectDone(let connection, let generation, let succeeded):
            connectDone(connection, generation, succeeded: succeeded)
        case .closed(let connection, let generation, let atAcceptor):
            arrive(InboxItem(connection: connection, generation: generation, message: -1, toAcceptor: atAcceptor))
        case .acknowledged(let connection, let generation):
            if connections[connection].generation == generation { releaseHeld(connection, at: now) }
        case .replication(let p, let generation, let step):
            if processes[Int(p)].generation == generation, links[Int(p)].step == step { replicationStep(Int(p)) }
        case .fault(let step): inflict(Int(step))
        case .faultEnds(let step): relent(Int(step))
        case .start(let p, let generation):
            if processes[Int(p)].generation == generation { startProcess(Int(p)) }
        case .loaded(let p, let generation):
            if processes[Int(p)].generation == generation { beginLoop(Int(p)) }
        case .resume(let p, let generation):
            if processes[Int(p)].generation == generation { resume(Int(p)) }
        case .exit(let p, let generation):
            if processes[Int(p)].generation == generation { exit(Int(p)) }
        case .portClosed(let p, let generation):
            if processes[Int(p)].generation == generation { closePort(Int(p)) }
        case .thaw(let p, let generation):
            if processes[Int(p)].generation == generation { thaw(Int(p)) }
        case .kubernetes(let entity, let step): kubernetesStep(Int(entity), Int(step))
        case .creation: continueCreation()
        case .asked(let p): ask(Int(p))
        case .handOver(let p, let generation):
            if processes[Int(p)].generation == generation { takeOver(Int(p)) }
        }
    }

    /// Events dispatched and ticks passed since this instance was made.
    package var eventsDispatched: Int { eventCount }
}

/// The environment's numbers that every event asks for, beside each other.
struct Costs {
    let withinHost: Distribution
    let betweenHosts: Distribution
    let packet: Distribution
    let tick: Distribution
    let wakeUp: Distribution
    let delayedAcknowledgements: Bool

    init(_ environment: Environment) {
        withinHost = environment.network.withinHost
        betweenHosts = environment.network.betweenHosts
        packet = environment.process.packetCost
        tick = environment.process.tickCost
        wakeUp = environment.process.wakeUp
        delayedAcknowledgements = environment.network.delayedAcknowledgements
    }
}

/// A message that leaves when the present loop iteration is over.
struct Outgoing: BitwiseCopyable {
    var connection: ConnectionID
    var generation: UInt32
    var message: MessageRef
    var toAcceptor: Bool
}
