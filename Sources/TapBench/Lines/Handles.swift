// All unsafe calls of this module: files of sysfs, the C interface that drives lines, a sleep. It is sound because each
// handle owns its descriptor or C object alone, gives it back once, and every pointer lives as long as its call.
import CGpiodDrive
import Glibc
import TapCore

func isWritable(_ path: String) -> Bool { unsafe access(path, W_OK) == 0 }
func isThere(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

/// Sleeps until an absolute time of CLOCK_MONOTONIC, through signals (clock_nanosleep(2), TIMER_ABSTIME).
func sleep(until time: Timestamp) {
    var deadline = timespec(
        tv_sec: Int(time.nanoseconds / 1_000_000_000), tv_nsec: Int(time.nanoseconds % 1_000_000_000))
    while unsafe clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &deadline, nil) == EINTR {}
}
