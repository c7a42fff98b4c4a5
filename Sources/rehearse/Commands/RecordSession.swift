import Foundation
import LiveCluster
import ModelFile
import Recording
import RedisClient
import Wording

/// One run of `record`, from its first question to its summary.
struct RecordSession: Sendable {
    private let seeds: [ServerAddress]
    private let options: RecordingOptions
    private let connection: ConnectionOptions
    private let destination: LiveRecorder.Destination
    private let duration: Duration?
    private let notes: [String]
    private let pods: KubernetesPods?
    private let screen: WatchScreen?

    init(_ command: RecordCommand, connection: ConnectionOptions) {
        seeds = command.nodes
        options = RecordingOptions(
            interval: .nanoseconds(command.interval.nanoseconds), redacts: command.redact)
        self.connection = connection
        destination = LiveRecorder.Destination(
            path: command.output, mode: command.append ? .append : command.force ? .replace : .create)
        duration = command.duration.map { .nanoseconds($0.nanoseconds) }
        notes = command.note
        pods = command.kubernetes.map { KubernetesPods(selector: $0, namespace: command.namespace) }
        screen = command.watch ? WatchScreen() : nil
    }

    private enum End {
        case over
        case failed(any Error)
    }

    /// Until the task is cancelled, the time is over or the file can't be written.
    func run() async throws {
        let observer = LiveObserver(
            entries: { [screen] in screen?.add($0) }, problem: { [screen] in screen?.say($0) ?? Console.error($0) })
        let start = ContinuousClock.now
        let recorder = try await LiveRecorder.start(
            seeds: seeds, options: options, connection: connection, to: destination, observer: observer)
        for note in notes { try await recorder.note(note) }
        screen?.open()
        if screen == nil { Console.error("recording to \(destination.path); a line typed is a note, Ctrl-C ends") }
        pods?.watch(pods: { recorder.show($0) }, problem: { recorder.report($0) })
        let typed = Task { await RecordSession.take(TypedNotes.lines(), to: recorder) }
        defer { typed.cancel() }

        let (ends, end) = AsyncStream.makeStream(of: End.self)
        let failure = Task {
            do { try await recorder.wait() } catch { end.yield(.failed(error)) }
        }
        let timer = Task {
            if let duration, (try? await Task.sleep(for: duration)) != nil { end.yield(.over) }
        }
        // nil where the task was cancelled.
        var iterator = ends.makeAsyncIterator()
        let reason = await iterator.next()
        timer.cancel()
        pods?.stop()
        screen?.close()
        defer { failure.cancel() }
        if case .failed(let error) = reason {
            _ = try? await recorder.stop()
            throw error
        }
        let summary = try await recorder.stop()
        Console.error(sentence(summary, after: ContinuousClock.now - start))
    }

    /// Notes one line after the other, in the order in which they were typed; says so where one can't be written.
    private static func take(_ lines: AsyncStream<String>, to recorder: LiveRecorder) async {
        for await line in lines {
            do { try await recorder.note(line) } catch { recorder.report("the note \"\(line)\" is lost: \(error)") }
        }
    }

    private func sentence(_ summary: RecordingSummary, after elapsed: Duration) -> String {
        let parts = [
            Phrase.count(summary.nodes.count, "node"), Phrase.count(summary.polls, "answer"),
            Phrase.count(summary.changes, "change"), Phrase.count(summary.notes, "note"),
        ]
        let time = Phrase.duration(elapsed / .nanoseconds(1))
        let size = Phrase.bytes(Double(summary.bytes))
        return "\(destination.path): \(parts.joined(separator: ", ")) in \(time); \(size)"
    }
}

/// Lines that are typed, or come from a pipe, while something is recorded.
enum TypedNotes {
    /// Longer ones are cut.
    private static let longest = 4096

    /// Each line that says something, as it comes; a thread of its own waits for them, and ends with the input.
    static func lines() -> AsyncStream<String> {
        let (lines, source) = AsyncStream.makeStream(of: String.self)
        // In the background a terminal's input would stop us; so it just ends.
        signal(SIGTTIN, SIG_IGN)
        Thread.detachNewThread {
            while let line = readLine() {
                let text = line.trimmingCharacters(in: .whitespacesAndNewlines)
                if !text.isEmpty { source.yield(String(text.prefix(longest))) }
            }
            source.finish()
        }
        return lines
    }
}
