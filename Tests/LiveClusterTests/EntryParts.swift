import Foundation
import Recording
import RedisCluster

extension Recording.Entry {
    var server: ObservedServer? { if case .server(let server) = self { server } else { nil } }
    var view: ObservedView? { if case .view(let view) = self { view } else { nil } }
    var change: ObservedChange? { if case .change(let change) = self { change } else { nil } }
    var status: ObservedStatus? { if case .status(let status) = self { status } else { nil } }
    var silence: ObservedSilence? { if case .silence(let silence) = self { silence } else { nil } }
}

extension Transition.Change {
    /// Flags that are new.
    var added: NodeFlags { if case .flags(let from, let to) = self { to.subtracting(from) } else { [] } }
    var isPromotion: Bool { added.has(.master) }
}

enum Monotonic {
    /// Of CLOCK_MONOTONIC, in ns.
    static var now: UInt64 {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        return UInt64(now.tv_sec) * 1_000_000_000 + UInt64(now.tv_nsec)
    }
}

/// Removed with its content when the test ends.
struct ScratchDirectory: ~Copyable {
    private let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "rehearse-live-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func path(of name: String) -> String { url.appending(path: name).path }
}

/// The ACL line that the README prints.
enum DocumentedPermissions {
    struct Missing: Error {}

    /// What follows ACL SETUSER.
    static var words: [String] {
        get throws {
            let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
                .deletingLastPathComponent()
            let text = try String(contentsOf: package.appending(path: "README.md"), encoding: .utf8)
            guard let line = text.split(separator: "\n").first(where: { $0.contains("ACL SETUSER") }) else {
                throw Missing()
            }
            return line.split(separator: " ").drop { $0 != "SETUSER" }.dropFirst().map {
                $0.hasPrefix(">") ? ">secret" : String($0)
            }
        }
    }
}
