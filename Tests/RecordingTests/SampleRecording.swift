import RedisCluster

@testable import Recording

/// A small cluster seen by two of its nodes while the third dies.
enum SampleRecording {
    static func id(_ number: Int) -> NodeName { NodeName(high: UInt64(number) << 60 | 0xABC, middle: 7, low: 9) }

    static let nodes = """
        \(id(1).text) 10.1.1.1:7000@17000,redis-0,shard-id=\(id(7).text) myself,master - 0 0 1 connected \
        0-8191 [5->-\(id(2).text)]
        \(id(2).text) ::1:7001@17001 master - 0 1700000000123 2 connected 8192-16383
        \(id(3).text) 10.1.1.3:7002@17002 slave \(id(1).text) 1700000000001 1700000000000 1 connected

        """

    static func view() throws -> ClusterView { try ClusterView(parsing: nodes) }

    /// Every kind of entry.
    static func whole() throws -> Recording {
        let view = try view()
        var failed = view.nodes[2]
        failed.flags = [.replica, .fail]
        failed.isConnected = false
        let settings = [
            ObservedServer.Setting(name: "cluster-node-timeout", value: "5000"),
            ObservedServer.Setting(name: "save", value: "3600 1 \"300\" \\ \u{1F9EA} \u{7} \u{7f}\n"),
        ]
        return Recording(
            header: Recording.Header(startedAt: 1_780_000_000_000_000, interval: 50_000),
            entries: [
                .server(
                    ObservedServer(
                        at: 3, id: id(1), address: view.nodes[0].address, runID: String(repeating: "f", count: 40),
                        product: "valkey", version: "8.1.1", configuration: settings, pod: "redis-app-0",
                        worker: "node1", podPhase: "Running")),
                .server(
                    ObservedServer(
                        at: 4, id: id(2), address: NodeAddress(ip: "::1", port: 7001, busPort: nil), runID: "",
                        product: "redis",
                        version: "3.0.0", configuration: [])),
                .view(ObservedView(interval: ObservedInterval(after: 4, before: 5), observer: id(1), view: view)),
                .view(ObservedView(interval: ObservedInterval(after: 4, before: 6), observer: id(2), view: view)),
                .note(Note(at: 100, text: "killed «3»", action: "kill", targets: [id(3)])),
                .note(Note(at: 101, text: "")),
                .silence(
                    ObservedSilence(interval: ObservedInterval(after: 50, before: 150), observer: id(3), kind: .refused)
                ),
                .change(
                    ObservedChange(
                        interval: ObservedInterval(after: 150, before: 201), observer: id(1), lines: [failed], gone: [])
                ),
                .status(
                    ObservedStatus(
                        interval: ObservedInterval(after: 200, before: 202), observer: id(1),
                        fields: [ObservedServer.Setting(name: "cluster_state", value: "fail")])),
                .change(
                    ObservedChange(
                        interval: ObservedInterval(after: 202, before: 301), observer: id(2), lines: [],
                        gone: [id(3)])),
            ])
    }
}
