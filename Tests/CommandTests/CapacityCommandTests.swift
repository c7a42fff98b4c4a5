import Foundation
import Testing

@Suite("rehearse capacity")
struct CapacityCommandTests {
    static let command = ["capacity", "models/two-nodes-six-pods", "--replications", "2"]

    @Test("The page begins with the verdict; the JSON says the same, twice in the same bytes")
    func reference() throws {
        let page = try Tool.run(Self.command)
        #expect(page.status == 0, "\(page.errors)")
        let lines = page.output.split(separator: "\n")
        #expect(lines.first == "two-nodes-six-pods: capacity")
        #expect(lines.dropFirst().first?.hasPrefix("FITS") == true)
        let result = try Tool.run(Self.command + ["-o", "json"])
        let json = try result.object()
        #expect(json["format"] as? String == "rehearse.capacity/v1")
        #expect(json["fits"] as? Bool == true)
        let servers = try #require(json["servers"] as? [[String: Any]])
        #expect(servers.count == 6)
        for server in servers {
            let memory = try #require(server["memory"] as? [String: Any])
            for state in try #require(memory["states"] as? [[String: Any]]) {
                let parts = try #require(state["parts"] as? [[String: Any]]).compactMap { $0["bytes"] as? Double }
                let resident = try #require(state["resident"] as? Double)
                #expect((parts.reduce(0, +) - resident).magnitude < Double(parts.count))
            }
        }
        let assumptions = try #require(json["assumptions"] as? [[String: String]]).map { $0["kind"] == "guess" }
        #expect(assumptions.contains(true) && assumptions.contains(false))
        #expect(assumptions == assumptions.sorted { $0 && !$1 })
        #expect(try Tool.run(Self.command + ["-o", "json"]).output == result.output)
    }

    @Test("Markdown has a title and tables")
    func markdown() throws {
        let page = try Tool.run(Self.command + ["-o", "markdown"])
        #expect(page.status == 0)
        #expect(page.output.hasPrefix("## two-nodes-six-pods: capacity\n"))
        #expect(page.output.contains("\n| limit | used | of |"))
        #expect(page.output.contains("\n| --- | ---: |"))
    }

    @Test("What does not fit has a status of its own")
    func tooSmall() throws {
        let page = try Tool.run(Self.command + ["--set", "maxmemory=3mb", "--set", "demand.keys=1M"])
        #expect(page.status == 2)
        #expect(page.output.contains("DOES NOT FIT: the maxmemory of redis-app-"))
    }

    @Test("Without a demand, and with a wrong one, it says what to do")
    func wrong() throws {
        let missing = try Tool.run("capacity", "models/six-processes")
        #expect(missing.status == 1)
        #expect(missing.errors.contains("models/six-processes/demand.yaml:1:1: no demand"))
        let unknown = try Tool.run(Self.command + ["--set", "demand.kees=4"])
        #expect(unknown.status == 1)
        #expect(unknown.errors.contains("did you mean \"keys\"?"))
        #expect(try Tool.run(Self.command + ["--replications", "1"]).status == 64)
        #expect(try Tool.run(Self.command + ["-o", "csv"]).status == 64)
        let nobody = try Tool.run(Self.command + ["--from", "127.254.253.252:1"])
        #expect(nobody.status == 69)
        #expect(nobody.errors.contains("no server answers"))
    }
}
