import Recording

extension Int64 {
    /// The difference of two of a recording's times, µs, within ±2^43 (100 days), so that it can be reckoned with in ns
    /// whatever a file says.
    func microsecondsLater(than other: Int64) -> Int64 {
        let (difference, overflows) = subtractingReportingOverflow(other)
        let limit: Int64 = 1 << 43
        if overflows { return self < other ? -limit : limit }
        return Swift.min(Swift.max(difference, -limit), limit)
    }
}

extension ObservedInterval {
    var middle: Int64 { after + before.microsecondsLater(than: after) / 2 }
}
