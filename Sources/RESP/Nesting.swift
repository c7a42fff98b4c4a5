/// The aggregates that were opened and not finished, outermost first. A list instead of recursion: depth is the peer's
/// to choose.
struct Nesting: Sendable {
    enum Kind: Sendable, Equatable {
        case array, set, push, map
        /// The pairs that precede a value.
        case attribute
        /// The value that follows such pairs.
        case attributed([RESPValue.Pair])
        /// A string that comes in pieces.
        case string
    }

    private struct Level: Sendable {
        var kind: Kind
        /// Elements to come, keys and values each counted; nil where an end will be sent.
        var missing: Int?
        var elements: [RESPValue] = []
        var bytes: [UInt8] = []
    }

    private var levels: [Level] = []
    /// Of the value in work: announced ones at once, streamed ones as they come.
    private var elements = 0
    private let limits: RESPLimits

    init(limits: RESPLimits) { self.limits = limits }

    var isEmpty: Bool { levels.isEmpty }
    var isInString: Bool { levels.last?.kind == .string }
    /// Of the streamed string's pieces so far.
    var stringBytes: Int { levels.last?.bytes.count ?? 0 }

    /// Begins an aggregate of `count` elements (or pairs), nil if it is streamed.
    ///
    /// - Returns: the value at once, where it has no elements.
    @discardableResult
    mutating func open(_ kind: Kind, count: Int?, at offset: Int) throws(RESPError) -> RESPValue? {
        guard levels.count < limits.depth else { throw RESPError(.tooDeep(limit: limits.depth), at: offset) }
        var missing = count
        if let count {
            let isPairs = kind == .map || kind == .attribute
            guard count <= (limits.elements - elements) / (isPairs ? 2 : 1) else {
                throw RESPError(.tooManyElements(limit: limits.elements), at: offset)
            }
            missing = isPairs ? 2 * count : count
            elements += missing ?? 0
        }
        levels.append(Level(kind: kind, missing: missing))
        return missing == 0 ? closeTop() : nil
    }

    mutating func append(_ piece: [UInt8]) { levels[levels.count - 1].bytes += piece }

    /// The streamed string, whole.
    mutating func endString() -> RESPValue { .bulkString(levels.removeLast().bytes) }

    /// The end of the innermost aggregate, which must be a streamed one.
    mutating func end(at offset: Int) throws(RESPError) -> RESPValue? {
        guard let top = levels.last, top.missing == nil else { throw RESPError(.misplacedEnd, at: offset) }
        guard top.kind != .map || top.elements.count % 2 == 0 else { throw RESPError(.keyWithoutValue, at: offset) }
        return closeTop()
    }

    /// Puts a whole value where it belongs.
    ///
    /// - Returns: the outermost value, if that is whole now.
    mutating func add(_ value: RESPValue, at offset: Int) throws(RESPError) -> RESPValue? {
        var value = value
        while !levels.isEmpty {
            let top = levels.count - 1
            if let missing = levels[top].missing {
                levels[top].missing = missing - 1
            } else {
                guard elements < limits.elements else {
                    throw RESPError(.tooManyElements(limit: limits.elements), at: offset)
                }
                elements += 1
            }
            levels[top].elements.append(value)
            guard levels[top].missing == 0, let closed = closeTop() else { return nil }
            value = closed
        }
        elements = 0
        return value
    }

    /// Takes the innermost level away. An attribute turns into the wait for its value instead.
    private mutating func closeTop() -> RESPValue? {
        let level = levels.removeLast()
        switch level.kind {
        case .array: return .array(level.elements)
        case .set: return .set(level.elements)
        case .push: return .push(level.elements)
        case .map: return .map(Nesting.pairs(level.elements))
        case .attribute:
            levels.append(Level(kind: .attributed(Nesting.pairs(level.elements)), missing: 1))
            return nil
        case .attributed(let pairs): return .attributed(pairs, level.elements[0])
        case .string: return .bulkString(level.bytes)
        }
    }

    private static func pairs(_ elements: [RESPValue]) -> [RESPValue.Pair] {
        stride(from: 0, to: elements.count - 1, by: 2).map {
            RESPValue.Pair(key: elements[$0], value: elements[$0 + 1])
        }
    }
}
