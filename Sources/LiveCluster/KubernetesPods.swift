import Foundation
import Synchronization

/// Asks kubectl for the pods of a selector, once a second, on a thread of its own.
///
/// kubectl rather than the API itself: it knows the user's contexts, credentials and plugins.
package final class KubernetesPods: Sendable {
    private let arguments: [String]
    private let state = Mutex<(isStopped: Bool, kubectl: Process?)>((false, nil))

    /// Between two questions.
    private static let interval: TimeInterval = 1

    /// - Parameter kubectl: its path, or its name along PATH.
    package init(selector: String, namespace: String?, kubectl: String = "kubectl") {
        var arguments = [
            kubectl, "get", "pods", "--selector", selector, "--output", "json", "--request-timeout", "5s",
        ]
        if let namespace { arguments += ["--namespace", namespace] }
        self.arguments = arguments
    }

    /// Both are called on a thread of this object's. A kubectl that fails is asked again.
    package func watch(
        pods: @escaping @Sendable ([PodObservation]) -> Void, problem: @escaping @Sendable (String) -> Void
    ) {
        Thread.detachNewThread { [self] in
            while !isStopped {
                let due = Date(timeIntervalSinceNow: KubernetesPods.interval)
                do {
                    pods(try ask())
                } catch {
                    // One that was stopped has failed of course.
                    guard !isStopped else { return }
                    problem("kubectl: \((error as? Failure)?.words ?? "its answer is no list of pods")")
                }
                Thread.sleep(until: due)
            }
        }
    }

    private var isStopped: Bool { state.withLock { $0.isStopped } }

    private struct Failure: Error { var words: String }

    /// One run of kubectl to its end.
    private func ask() throws -> [PodObservation] {
        let kubectl = Process()
        let output = Pipe()
        let errors = Pipe()
        kubectl.executableURL = URL(filePath: "/usr/bin/env")
        kubectl.arguments = arguments
        kubectl.standardInput = FileHandle.nullDevice
        kubectl.standardOutput = output
        kubectl.standardError = errors
        do {
            try state.withLock { state in
                guard !state.isStopped else { throw Failure(words: "stopped") }
                try kubectl.run()
                state.kubectl = kubectl
            }
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(words: "can't be started: \(error)")
        }
        // Errors are few and fit their pipe; the answer may be long and is read while it comes.
        let answer = output.fileHandleForReading.readDataToEndOfFile()
        let words = errors.fileHandleForReading.readDataToEndOfFile()
        kubectl.waitUntilExit()
        state.withLock { $0.kubectl = nil }
        guard kubectl.terminationStatus == 0 else {
            let text = String(decoding: words, as: UTF8.self).split(whereSeparator: \.isNewline).first.map(String.init)
            throw Failure(words: text ?? "it failed with status \(kubectl.terminationStatus)")
        }
        return try PodList.observations(answer)
    }

    /// Asks no more, and ends a kubectl that runs.
    package func stop() {
        state.withLock { state in
            state.isStopped = true
            if let kubectl = state.kubectl, kubectl.isRunning { kubectl.terminate() }
        }
    }
}
