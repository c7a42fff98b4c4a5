import Dispatch
import Foundation
import Synchronization

/// Replications on several threads: the one place where threads of simulations begin and end.
///
/// Every worker has means of its own, which it alone uses, and takes the next number from a counter. Workers share
/// nothing else that is written, so that what a number gives does not depend on how many of them there are.
package enum Replications {
    /// Simulations recurse deeper than the half megabyte that a thread has by default.
    private static let stackBytes = 8 << 20

    /// Does `body` for every number of a range, or for the first ones, without a gap, where `shouldStop` turned true: a
    /// worker finishes what it has taken.
    ///
    /// - Parameters:
    ///   - workers: threads, at least 1; no more than there are numbers are started.
    ///   - shouldStop: asked by every worker before each number.
    ///   - onProgress: called on the calling thread about ten times a second with how many are done.
    ///   - means: makes what a worker needs, on its thread.
    ///   - body: called at the same time for different numbers, with the means of its worker.
    /// - Returns: how many are done.
    package static func forEach<Means>(
        _ range: Range<Int>, workers: Int, shouldStop: @escaping @Sendable () -> Bool = { false },
        onProgress: (Int) -> Void = { _ in }, means: @escaping @Sendable () -> Means,
        body: @escaping @Sendable (Means, Int) -> Void
    ) -> Int {
        guard !range.isEmpty else { return 0 }
        let count = Counters(next: range.lowerBound)
        let group = DispatchGroup()
        for _ in 0..<max(1, min(workers, range.count)) {
            group.enter()
            let thread = Thread {
                let own = means()
                while !shouldStop() {
                    let number = count.next.wrappingAdd(1, ordering: .relaxed).oldValue
                    guard number < range.upperBound else { break }
                    body(own, number)
                    count.done.wrappingAdd(1, ordering: .releasing)
                }
                group.leave()
            }
            thread.stackSize = stackBytes
            thread.start()
        }
        while group.wait(timeout: .now() + .milliseconds(100)) == .timedOut {
            onProgress(count.done.load(ordering: .acquiring))
        }
        return count.done.load(ordering: .acquiring)
    }

    /// What `body` says of every number of a range, in their order; of the first ones where `shouldStop` turned true.
    /// Otherwise as `forEach`.
    package static func map<Means, Result: Sendable>(
        _ range: Range<Int>, workers: Int, shouldStop: @escaping @Sendable () -> Bool = { false },
        onProgress: (Int) -> Void = { _ in }, means: @escaping @Sendable () -> Means,
        body: @escaping @Sendable (Means, Int) -> Result
    ) -> [Result] {
        let results = Results<Result>(count: range.count)
        _ = forEach(range, workers: workers, shouldStop: shouldStop, onProgress: onProgress, means: means) {
            let result = body($0, $1)
            results.set($1 - range.lowerBound, result)
        }
        return results.all
    }

    private final class Counters: Sendable {
        let next: Atomic<Int>
        let done = Atomic<Int>(0)

        init(next first: Int) { next = Atomic(first) }
    }

    private final class Results<Result: Sendable>: Sendable {
        private let found: Mutex<[Result?]>

        init(count: Int) { found = Mutex([Result?](repeating: nil, count: count)) }

        func set(_ index: Int, _ result: Result) { found.withLock { $0[index] = result } }

        var all: [Result] { found.withLock { $0.compactMap(\.self) } }
    }
}
