import LiveCluster
import Recording
import Synchronization

/// What a recorder tells, as it does: a test waits for what it wants to see.
final class EntryLog: Sendable {
    private let state = Mutex<(entries: [Recording.Entry], problems: [String])>(([], []))
    let stream: AsyncStream<Void>
    private let news: AsyncStream<Void>.Continuation

    struct NeverSeen: Error, CustomStringConvertible {
        var entries: [Recording.Entry]

        var description: String { "not in\n" + entries.map(\.line).joined() }
    }

    init() { (stream, news) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1)) }

    var observer: LiveObserver {
        LiveObserver(
            entries: { entries in
                self.state.withLock { $0.entries += entries }
                self.news.yield()
            },
            problem: { problem in self.state.withLock { $0.problems.append(problem) } })
    }

    var entries: [Recording.Entry] { state.withLock { $0.entries } }
    var problems: [String] { state.withLock { $0.problems } }

    /// Returns when `isThere` holds of all entries so far; throws after a minute.
    func wait(_ isThere: ([Recording.Entry]) -> Bool) async throws {
        let deadline = ContinuousClock.now + .seconds(60)
        while !isThere(entries) {
            guard ContinuousClock.now < deadline else { throw NeverSeen(entries: entries) }
            // A sign of life comes every second, so this does not wait for ever.
            var iterator = stream.makeAsyncIterator()
            await iterator.next()
        }
    }

    /// Returns when an entry is there of which `transform` makes something, with what it made.
    func first<Result>(_ transform: (Recording.Entry) -> Result?) async throws -> Result {
        var found: Result?
        try await wait { entries in
            found = entries.lazy.compactMap(transform).first
            return found != nil
        }
        guard let found else { throw NeverSeen(entries: entries) }
        return found
    }
}
