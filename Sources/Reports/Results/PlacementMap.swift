import Wording

/// Which server is on which worker: a column for each worker, a colour and a number for each shard, masters framed by
/// their letter M and replicas by R.
struct PlacementMap {
    private let workers: [(name: String, servers: [Server])]
    private let probability: Double?

    /// More would not be read.
    private static let mostWorkers = 12
    private static let mostServers = 40

    private struct Server {
        var name: String
        var shard: Int
        var isMaster: Bool
    }

    /// A forecast's placement: machines with their servers.
    init(placement: ResultValue) {
        workers = (placement["workers"]?.elements ?? []).map { worker in
            let servers = (worker["servers"]?.elements ?? []).map { server in
                Server(
                    name: server["name"]?.text ?? "?", shard: server["shard"]?.integer ?? 0,
                    isMaster: server["role"]?.text == "master")
            }
            return (worker["name"]?.text ?? "?", servers)
        }
        probability = placement["probability"]?.number
    }

    /// An advice's placement: servers with their machines, shards from 0.
    init(servers placement: ResultValue) {
        var workers: [(name: String, servers: [Server])] = []
        for entry in placement["servers"]?.elements ?? [] {
            guard let machine = entry["machine"]?.text else { continue }
            let server = Server(
                name: entry["server"]?.text ?? "?", shard: (entry["shard"]?.integer ?? -1) &+ 1,
                isMaster: entry["master"]?.boolean == true)
            if let index = workers.firstIndex(where: { $0.name == machine }) {
                workers[index].servers.append(server)
            } else {
                workers.append((machine, [server]))
            }
        }
        self.workers = workers
        probability = placement["known"]?.boolean == true ? nil : placement["probability"]?.number
    }

    var figure: Report.Figure? {
        let tallest = workers.map(\.servers.count).max() ?? 0
        guard !workers.isEmpty, workers.count <= PlacementMap.mostWorkers, (1...PlacementMap.mostServers) ~= tallest
        else { return nil }
        var boxes: [Int: [Chart.Box]] = [:]
        var marks: [Chart.Mark] = []
        for (column, worker) in workers.enumerated() {
            for (row, server) in worker.servers.enumerated() {
                let (x, y) = (Double(column), Double(row))
                boxes[server.shard, default: []].append(
                    Chart.Box(x: (x - 0.45)...(x + 0.45), y: (y - 0.42)...(y + 0.42)))
                let role = server.isMaster ? "M" : "R"
                marks.append(.text("\(role)\(server.shard)  \(server.name)", at: Chart.Point(x, y), .center, .text))
            }
        }
        let shards = boxes.keys.sorted()
        marks =
            shards.map { .boxes(boxes[$0] ?? [], .series(max($0, 1) - 1), faint: true, name: "shard \($0)") } + marks
        let ticks = workers.enumerated().map { Chart.Tick(Double($0), $1.name) }
        return Report.Figure(
            title: title,
            description: "One column for each machine; M is a master, R a replica, the number its shard. \(remarks)",
            chart: Chart(
                height: 100 + 34 * tallest,
                x: Chart.Axis("", low: -0.6, high: Double(workers.count) - 0.4, ticks: ticks),
                y: Chart.Axis("", low: -0.7, high: Double(tallest) - 0.3, ticks: []), marks: marks),
            numbers: Report.Table(
                header: ["Machine", "Server", "Role", "Shard"],
                rows: workers.flatMap { worker in
                    worker.servers.map { [worker.name, $0.name, $0.isMaster ? "master" : "replica", "\($0.shard)"] }
                }, left: [0, 1, 2]))
    }

    private var title: String {
        guard let probability = probability, probability < 1 else { return "Machines and shards" }
        return "Machines and shards: the likeliest placement, \(Phrase.percent(probability)) of the cases"
    }

    /// What a reader should see.
    private var remarks: String {
        let masters = workers.reduce(0) { $0 + $1.servers.count(where: \.isMaster) }
        var remarks: [String] = []
        for worker in workers {
            let here = worker.servers.filter(\.isMaster)
            if masters > 0, here.count > masters / 2 {
                remarks.append(
                    "\(worker.name) holds \(here.count) of \(masters) masters: without it nobody is elected.")
            }
            for master in here where worker.servers.contains(where: { !$0.isMaster && $0.shard == master.shard }) {
                remarks.append("Shard \(master.shard) has its master and a replica on \(worker.name).")
            }
        }
        return remarks.joined(separator: " ")
    }
}
