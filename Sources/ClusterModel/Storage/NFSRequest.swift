/// What one round trip to the NFS server asks for.
struct NFSRequest {
    /// The reply waits for stable storage, where the export is `sync`.
    var commits = false
    /// An open or a lock: after the server's restart it waits for the grace period.
    var opens = false
    /// Data carried to the server.
    var bytes = 0

    /// OPEN, or in version 3 the LOOKUP and ACCESS that an open costs.
    static let open = NFSRequest(opens: true)
    /// The CLOSE of a file's last descriptor.
    static let close = NFSRequest()
    static let lock = NFSRequest(opens: true)
    static let read = NFSRequest()
    /// SETATTR of a new size: a change of metadata, stable before the reply.
    static let truncate = NFSRequest(commits: true)
    static let commit = NFSRequest(commits: true)
    /// RENAME: like every change of a directory stable before the reply.
    static let rename = NFSRequest(commits: true)

    /// A WRITE that the server makes stable at once (FILE_SYNC).
    static func stableWrite(_ bytes: Int) -> NFSRequest { NFSRequest(commits: true, bytes: bytes) }
    /// A WRITE whose COMMIT follows.
    static func unstableWrite(_ bytes: Int) -> NFSRequest { NFSRequest(bytes: bytes) }
}
