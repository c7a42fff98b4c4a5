import Kubernetes
import Testing

@Suite("Scores of the v1.17 scheduler")
struct UpstreamCaseTests {
    @Test("agree with upstream's own cases", arguments: try UpstreamCase.all())
    func score(testCase: UpstreamCase) throws {
        let pod = testCase.pod.object(name: "incoming")
        // Some cases overcommit their nodes: a score is defined over the nodes given to it, whatever a filter says of
        // them.
        let decision = testCase.scheduler.evaluate(pod: pod, in: testCase.objects, explainingAll: true)
        for verdict in decision.nodes {
            #expect(
                verdict.score(testCase.plugin) == testCase.expected[verdict.node], "\(testCase.id) on \(verdict.node)")
        }
        #expect(decision.nodes.count == testCase.expected.count)
    }

    @Test("all cases are there")
    func count() throws {
        #expect(try UpstreamCase.all().count == 38)
    }
}
