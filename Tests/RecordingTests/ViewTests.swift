import RedisCluster
import Testing

@testable import Recording

@Suite("What a recording says of views")
struct ViewTests {
    @Test("Transitions carry observer and interval; first views are none")
    func transitions() throws {
        let recording = try SampleRecording.whole()
        let id = SampleRecording.id
        #expect(
            recording.transitions == [
                ObservedTransition(
                    interval: ObservedInterval(after: 150, before: 201),
                    transition: Transition(
                        observer: id(1), subject: id(3), change: .flags(from: .replica, to: [.replica, .fail]))),
                ObservedTransition(
                    interval: ObservedInterval(after: 150, before: 201),
                    transition: Transition(observer: id(1), subject: id(3), change: .link(from: true, to: false))),
                ObservedTransition(
                    interval: ObservedInterval(after: 202, before: 301),
                    transition: Transition(observer: id(2), subject: id(3), change: .vanished)),
            ])
    }

    @Test("A view at a time is what was known then")
    func viewAt() throws {
        let recording = try SampleRecording.whole()
        let id = SampleRecording.id
        #expect(recording.view(of: id(1), at: 4) == nil)
        #expect(recording.view(of: id(1), at: 5) == (try SampleRecording.view()))
        #expect(recording.view(of: id(1), at: 200)?[id(3)]?.flags == .replica)
        #expect(recording.view(of: id(1), at: 201)?[id(3)]?.flags == [.replica, .fail])
        #expect(recording.view(of: id(2), at: 301)?.nodes.map(\.id) == [id(1), id(2)])
        #expect(recording.view(of: id(3), at: 301) == nil)
        #expect(recording.observers == [id(1), id(2), id(3)])
        #expect(recording.end == 301)
    }

    @Test("Pings and pongs alone are no change; a slot on its way is one")
    func changes() throws {
        let view = try SampleRecording.view()
        var pinged = view
        pinged.nodes[1].pingSent = 99
        pinged.nodes[2].pongReceived = 98
        #expect(pinged.change(since: view) == nil)
        pinged.nodes[0].moves = []
        let change = try #require(pinged.change(since: view))
        #expect(change.lines == [pinged.nodes[0]] && change.gone.isEmpty)
        let gone = try #require(ClusterView(nodes: [view.nodes[1]]).change(since: view))
        #expect(gone.lines.isEmpty && gone.gone == [SampleRecording.id(1), SampleRecording.id(3)])
    }
}
