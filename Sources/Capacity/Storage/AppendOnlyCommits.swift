import Glibc

/// How often a server makes its AOF stable: commits a second.
package enum AppendOnlyCommits {
    /// Under `everysec`, of so many writes a second that come at random (Poisson).
    ///
    /// The first write in a second is made stable at once, if nothing was in that second. What is written after it
    /// waits for the first turn of the loop in the next second, whether anything is written then or not (aof.c,
    /// flushAppendOnlyFile). So what a second does depends on whether the one before it left something over.
    package static func everySecond(atRandom writes: Double) -> Double {
        let none = exp(-writes)
        let one = writes * none
        // Something is left over by a second that began so and has a write, and by another that has two.
        let leftOver = (1 - none - one) / (1 - one)
        return leftOver + (1 - leftOver) * (1 - none)
    }

    /// The same of writes that come at even distances: each second that has one has one commit.
    package static func everySecond(evenly writes: Double) -> Double { min(1, writes) }

    /// Under `always`: a turn of the loop waits for the commit of its own writes, and what comes meanwhile shares the
    /// next one.
    ///
    /// - Parameters:
    ///   - groups: arrivals a second that hold a write; those of a pipeline come together.
    ///   - seconds: how long a commit takes.
    package static func always(groups: Double, seconds: Double) -> Double {
        groups > 0 ? 1 / (seconds + exp(-groups * seconds) / groups) : 0
    }
}
