/// What a peer may make us hold. Nothing is ever reserved by a length that a peer only claims.
package struct RESPLimits: Sendable, Equatable {
    /// Aggregates within aggregates, 1 to 512: values are compared, printed and released by recursion.
    package let depth: Int
    /// Elements of one reply, all levels together; a map's pair counts twice.
    package let elements: Int
    /// Bytes of one bulk string, or of a streamed one's pieces together.
    package let bulkBytes: Int
    /// Bytes of one line: a simple string, an error, a number or a header.
    package let lineBytes: Int
    /// Bytes of one reply on the wire, and so of what is buffered for it. In memory elements cost up to some 20 times
    /// as much.
    package let valueBytes: Int

    /// The defaults are far above what a cluster of 1,000 nodes answers to the commands that are sent here.
    package init(
        depth: Int = 64, elements: Int = 1 << 20, bulkBytes: Int = 32 << 20, lineBytes: Int = 64 << 10,
        valueBytes: Int = 64 << 20
    ) {
        self.depth = min(max(depth, 1), 512)
        self.elements = min(max(elements, 0), 1 << 32)
        self.bulkBytes = min(max(bulkBytes, 0), 1 << 40)
        self.lineBytes = min(max(lineBytes, 1), 1 << 30)
        self.valueBytes = min(max(valueBytes, 1), 1 << 40)
    }
}
