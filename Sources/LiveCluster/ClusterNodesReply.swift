/// The bytes of a CLUSTER NODES reply, compared without parsing: almost all replies differ from the one before in
/// nothing but pings and pongs, and at 5 ms there are 200 a second from each node.
enum ClusterNodesReply {
    /// Whether two replies are the same but for the fifth and sixth word of each line (ping sent, pong received).
    static func areSame(_ a: [UInt8], _ b: [UInt8]) -> Bool {
        a.withUnsafeBufferPointer { a in
            b.withUnsafeBufferPointer { b in
                var i = 0
                var j = 0
                var word = 1
                while i < a.count, j < b.count {
                    if word == 5 || word == 6 {
                        while i < a.count, a[i] != blank, a[i] != newline { i += 1 }
                        while j < b.count, b[j] != blank, b[j] != newline { j += 1 }
                        if i == a.count || j == b.count { break }
                    }
                    guard a[i] == b[j] else { return false }
                    if a[i] == newline { word = 1 } else if a[i] == blank { word += 1 }
                    i += 1
                    j += 1
                }
                return i == a.count && j == b.count
            }
        }
    }

    private static let blank = UInt8(ascii: " ")
    private static let newline = UInt8(ascii: "\n")
}
