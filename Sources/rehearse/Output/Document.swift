/// A result as a tree with ordered keys: what JSON and YAML are written from, so that both say the same and the same
/// input gives the same bytes.
enum Document {
    case null
    case boolean(Bool)
    case integer(Int)
    /// A number written with at most `decimals` digits after the point; not finite is null.
    case number(Double, decimals: Int)
    /// A number that may be tiny, with five significant digits; not finite is null.
    case scientific(Double)
    case text(String)
    case list([Document])
    case object([(key: String, value: Document)])
    /// Like a list, but each element is made when it is written: a million of them need no memory.
    case rows(count: Int, row: (Int) -> Document)

    /// Nanoseconds as milliseconds with microseconds behind the point.
    static func milliseconds(_ nanoseconds: Double) -> Document { .number(nanoseconds / 1e6, decimals: 3) }

    static func milliseconds(_ nanoseconds: Int64) -> Document { milliseconds(Double(nanoseconds)) }

    static func texts(_ texts: [String]) -> Document { .list(texts.map { .text($0) }) }

    /// True where it fits one line: no objects or lists inside.
    var isScalar: Bool {
        switch self {
        case .null, .boolean, .integer, .number, .scientific, .text: true
        case .list, .object, .rows: false
        }
    }

    var isEmpty: Bool {
        switch self {
        case .list(let elements): elements.isEmpty
        case .object(let entries): entries.isEmpty
        case .rows(let count, _): count == 0
        case .null, .boolean, .integer, .number, .scientific, .text: false
        }
    }
}

/// Rows are made when they are written, by whoever made the document. Said outright, because the compiler runs in
/// circles where it has to find out (Swift 6.3, "circular reference", depending on the order of the files).
@available(*, unavailable)
extension Document: Sendable {}
