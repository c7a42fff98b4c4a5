/// From one stage to a later one. What delays the first delays both, so that their distance says more of what lies
/// between than either alone: an election that waits a second too long hides in the spread of when it could begin.
package struct Span: Sendable, Equatable {
    package let from: Stage
    package let to: Stage

    package static let all = [
        Span(from: .firstSuspected, to: .failed), Span(from: .failed, to: .promoted),
        Span(from: .promoted, to: .healed),
    ]

    package var words: String { "from \"\(from.words)\" to \"\(to.words)\"" }

    /// ns; nil where one of them was not reached. The moment of the fault does not matter to it.
    func length(in seen: [Seen], victims: Set<Int>) -> Int64? {
        guard let start = from.time(in: seen, victims: victims), let end = to.time(in: seen, victims: victims) else {
            return nil
        }
        return end.before - start.before
    }
}
