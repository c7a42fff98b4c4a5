import Foundation
import Synchronization
import Testing

@testable import LiveCluster

@Suite("Pods through kubectl")
struct PodTests {
    static let list = """
        {"apiVersion": "v1", "kind": "List", "items": [
          {"metadata": {"name": "redis-0", "labels": {}}, "spec": {"nodeName": "node1"},
           "status": {"phase": "Running", "podIP": "10.1.0.7", "podIPs": [{"ip": "10.1.0.7"}, {"ip": "fd00::7"}]}},
          {"metadata": {"name": "redis-1", "deletionTimestamp": "2026-11-02T10:00:00Z"}, "spec": {"nodeName": "node2"},
           "status": {"phase": "Running", "podIP": "10.1.1.9"}},
          {"metadata": {"name": "redis-2"}, "spec": {}, "status": {"phase": "Pending"}}
        ]}
        """

    @Test("Names, workers, phases and addresses are read")
    func reading() throws {
        #expect(
            try PodList.observations(Data(PodTests.list.utf8)) == [
                PodObservation(name: "redis-0", worker: "node1", phase: "Running", addresses: ["10.1.0.7", "fd00::7"]),
                PodObservation(name: "redis-1", worker: "node2", phase: "Terminating", addresses: ["10.1.1.9"]),
                PodObservation(name: "redis-2", worker: nil, phase: "Pending", addresses: []),
            ])
        #expect(throws: (any Error).self) { try PodList.observations(Data("[]".utf8)) }
    }

    /// What a watch tells, as it does.
    private final class Told: Sendable {
        let pods: AsyncStream<[PodObservation]>
        let problems: AsyncStream<String>
        private let continuations: (AsyncStream<[PodObservation]>.Continuation, AsyncStream<String>.Continuation)

        init() {
            let (pods, first) = AsyncStream.makeStream(of: [PodObservation].self)
            let (problems, second) = AsyncStream.makeStream(of: String.self)
            (self.pods, self.problems) = (pods, problems)
            continuations = (first, second)
        }

        func begin(_ watch: KubernetesPods) {
            watch.watch(pods: { self.continuations.0.yield($0) }, problem: { self.continuations.1.yield($0) })
        }
    }

    /// A kubectl of the test's own.
    private func kubectl(_ script: String, in directory: borrowing ScratchDirectory) throws -> String {
        let path = directory.path(of: "kubectl")
        try "#!/bin/sh\n\(script)\n".write(toFile: path, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        return path
    }

    @Test("kubectl is asked for the selector in the namespace, again and again")
    func asking() async throws {
        let directory = try ScratchDirectory()
        let script = """
            echo "$@" >> "\(directory.path(of: "calls"))"
            cat "\(directory.path(of: "list"))"
            """
        try PodTests.list.write(toFile: directory.path(of: "list"), atomically: true, encoding: .utf8)
        let watch = KubernetesPods(
            selector: "app=redis,tier in (cache)", namespace: "prod", kubectl: try kubectl(script, in: directory))
        let told = Told()
        told.begin(watch)
        var answers = told.pods.makeAsyncIterator()
        #expect(await answers.next()?.count == 3)
        #expect(await answers.next()?.first?.name == "redis-0")
        watch.stop()
        let calls = try String(contentsOfFile: directory.path(of: "calls"), encoding: .utf8).split(separator: "\n")
        #expect(calls.count >= 2)
        #expect(
            calls[0]
                == "get pods --selector app=redis,tier in (cache) --output json --request-timeout 5s --namespace prod")
    }

    @Test("A kubectl that fails is told of with its own words, one that is not there by name")
    func failing() async throws {
        let directory = try ScratchDirectory()
        let script = "echo 'error: You must be logged in' >&2; exit 1"
        for (program, words) in [
            (try kubectl(script, in: directory), "kubectl: error: You must be logged in"),
            (directory.path(of: "none"), "none"),
        ] {
            let watch = KubernetesPods(selector: "app=redis", namespace: nil, kubectl: program)
            let told = Told()
            told.begin(watch)
            var problems = told.problems.makeAsyncIterator()
            #expect(await problems.next()?.contains(words) == true)
            watch.stop()
        }
    }
}
