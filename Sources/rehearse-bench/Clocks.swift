import Glibc

/// CPU time of the calling thread in seconds: other work on the machine does not count.
func threadCPUSeconds() -> Double { seconds(CLOCK_THREAD_CPUTIME_ID) }

/// CPU time of all threads of this process, in seconds.
func processCPUSeconds() -> Double { seconds(CLOCK_PROCESS_CPUTIME_ID) }

/// Seconds since some moment in the past, by a clock that nobody sets.
func wallSeconds() -> Double { seconds(CLOCK_MONOTONIC) }

private func seconds(_ clock: clockid_t) -> Double {
    var time = timespec()
    clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}
