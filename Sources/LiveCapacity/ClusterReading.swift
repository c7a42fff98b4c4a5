import Foundation
import RESP
package import RedisClient
import RedisCluster

/// What a live cluster's servers said. Reading it changes nothing there.
package struct ClusterReading: Sendable {
    package var servers: [ServerReading]
    /// What could not be had, in words.
    package var problems: [String]

    package var masters: [ServerReading] { servers.filter(\.isMaster) }

    package enum Failure: Error, CustomStringConvertible {
        case noAnswer([String])

        package var description: String {
            switch self {
            case .noAnswer(let reasons): "no server answers: \(reasons.joined(separator: "; "))"
            }
        }
    }

    /// Asks every node that the first seed to answer knows, looks again after `watch`, and samples the masters' keys.
    ///
    /// - Parameter sample: random keys of each master, bounded by the caller.
    package static func read(
        _ seeds: [ServerAddress], options: ConnectionOptions, watch: Duration, sample: Int
    ) async throws -> ClusterReading {
        var reading = ClusterReading(servers: [], problems: [])
        var open: [Opened] = []
        for address in try await reading.nodes(seeds, options) {
            do {
                let questions = ServerQuestions(
                    connection: try await RedisConnection.connect(to: address, options: options))
                open.append(
                    Opened(address: address, questions: questions, before: try await questions.info(), start: .now))
            } catch {
                reading.problems.append("\(address): \(error)")
            }
        }
        guard !open.isEmpty else { throw Failure.noAnswer(reading.problems) }
        try await Task.sleep(for: watch)
        for entry in open {
            do {
                // Counted before the sample, which would count itself.
                let after = try await entry.questions.info()
                let seconds = (ContinuousClock.now - entry.start) / .seconds(1)
                var server = ServerReading(
                    address: entry.address, before: entry.before, after: after, seconds: seconds,
                    configuration: try await entry.questions.configuration(), keys: [])
                if server.configuration.isEmpty {
                    reading.problems.append("\(entry.address): CONFIG GET is not allowed")
                }
                if server.isMaster, sample > 0 {
                    let (keys, refusal) = try await entry.questions.sample(sample)
                    server.keys = keys
                    if let refusal { reading.problems.append("\(entry.address): \(refusal)") }
                }
                reading.servers.append(server)
            } catch {
                reading.problems.append("\(entry.address): \(error)")
            }
            await entry.questions.connection.close()
        }
        guard !reading.servers.isEmpty else { throw Failure.noAnswer(reading.problems) }
        return reading
    }

    /// A server after the first look.
    private struct Opened {
        var address: ServerAddress
        var questions: ServerQuestions
        var before: InfoReading
        var start: ContinuousClock.Instant
    }

    /// The addresses of all nodes that are not gone, sorted; a server without a cluster is its own only one.
    private mutating func nodes(_ seeds: [ServerAddress], _ options: ConnectionOptions) async throws -> [ServerAddress]
    {
        for seed in seeds {
            do {
                let connection = try await RedisConnection.connect(to: seed, options: options)
                let reply: RESPValue
                do { reply = try await connection.send(["CLUSTER", "NODES"]) } catch {
                    await connection.close()
                    if case .server(let code, let message) = error, code != "NOAUTH" {
                        problems.append("\(seed): CLUSTER NODES: \(message); asked alone")
                        return [seed]
                    }
                    throw error
                }
                await connection.close()
                let view = try ClusterView(parsing: reply.text ?? "")
                let gone: [NodeFlags] = [.handshake, .noAddress, .fail]
                let known = view.nodes.filter { node in
                    // A server that has met nobody does not know its own address.
                    !gone.contains { node.flags.has($0) } && (node.flags.has(.myself) || !node.address.ip.isEmpty)
                }
                let addresses = known.map { node in
                    node.flags.has(.myself) ? seed : ServerAddress(host: node.address.ip, port: node.address.port)
                }
                return addresses.sorted { ($0.host, $0.port) < ($1.host, $1.port) }
            } catch {
                problems.append("\(seed): \(error)")
            }
        }
        throw Failure.noAnswer(problems)
    }
}
