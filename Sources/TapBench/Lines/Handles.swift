// All unsafe calls of this module: files of sysfs, the C interface that drives lines, a sleep. It is sound because each
// handle owns its descriptor or C object alone, gives it back once, and every pointer lives as long as its call.
import CGpiodDrive
import Glibc
import TapCore

/// A line of gpio-sim, driven by its pull (Documentation/admin-guide/gpio/gpio-sim.rst). `release` puts back the pull
/// that was there.
@safe
final class SimPull: DrivenLine {
    private let name: String
    private let path: String
    private let isInverted: Bool
    private var file: Int32 = -1
    private var before: [UInt8] = []

    private static let up = Array("pull-up".utf8)
    private static let down = Array("pull-down".utf8)

    /// - Parameter isInverted: high is the lower voltage.
    init(_ name: String, path: String, isInverted: Bool) {
        self.name = name
        self.path = path
        self.isInverted = isInverted
    }

    deinit { if file >= 0 { close(file) } }

    func begin(_ isHigh: Bool) throws(TapError) {
        file = unsafe open(path, O_RDWR | O_CLOEXEC)
        guard file >= 0 else { throw failure("cannot be opened", .last) }
        var bytes = [UInt8](repeating: 0, count: 32)
        let count = unsafe pread(file, &bytes, bytes.count, 0)
        guard count > 0 else { throw failure("cannot be read", .last) }
        before = Array(bytes[..<count].prefix { $0 > 0x20 })
        try set(isHigh)
    }

    func set(_ isHigh: Bool) throws(TapError) {
        guard write(isHigh != isInverted ? SimPull.up : SimPull.down) else { throw failure("cannot be written", .last) }
    }

    func release() {
        guard file >= 0 else { return }
        if !before.isEmpty { _ = write(before) }
        close(file)
        file = -1
    }

    private func write(_ word: [UInt8]) -> Bool { unsafe pwrite(file, word, word.count, 0) == word.count }

    private func failure(_ what: String, _ error: Errno) -> TapError {
        TapError(
            error.isPermission ? .permission : .device, "line '\(name)'",
            "its pull \(what): \(error.words) (\(path))",
            remedy: error == .denied ? "run it as root" : "check that the simulated chip still exists")
    }
}

/// An output line of a chip.
@safe
final class OutputLine: DrivenLine {
    private let name: String
    private let path: String
    private let offset: Int
    private let isActiveLow: Bool
    private let isInverted: Bool
    private var drive: OpaquePointer?

    /// - Parameters:
    ///   - path: of the chip, as /dev/gpiochip0.
    ///   - isActiveLow: of the output, as where its stage inverts.
    ///   - isInverted: at the other end high is the lower voltage.
    init(_ name: String, path: String, offset: Int, isActiveLow: Bool, isInverted: Bool) {
        self.name = name
        self.path = path
        self.offset = offset
        self.isActiveLow = isActiveLow
        self.isInverted = isInverted
        unsafe drive = nil
    }

    deinit { release() }

    /// Whether there is a library that can.
    static var isPossible: Bool { tap_drive_can() }

    func begin(_ isHigh: Bool) throws(TapError) {
        var requested: OpaquePointer?
        let status = unsafe tap_drive_request(path, UInt32(offset), isActiveLow, isHigh != isInverted, &requested)
        guard status == 0 else { throw refusal(Errno(-status)) }
        unsafe drive = requested
    }

    func set(_ isHigh: Bool) throws(TapError) {
        let status = unsafe drive.map { unsafe tap_drive_set($0, isHigh != isInverted) } ?? -ENODEV
        guard status == 0 else {
            throw TapError(
                .device, "line '\(name)'", "cannot be set: \(Errno(-status).words)", remedy: "see dmesg")
        }
    }

    func release() {
        if let held = unsafe drive { unsafe tap_drive_release(held) }
        unsafe drive = nil
    }

    private func refusal(_ error: Errno) -> TapError {
        let subject = "line '\(name)'"
        switch error {
        case .busy:
            return TapError(.busy, subject, "is in use by another program", remedy: "'gpioinfo' shows which; stop it")
        case .denied, .notPermitted:
            return TapError(.permission, path, "permission denied", remedy: "'tap doctor' gives the remedy")
        case .tooManyOpen, .tooManyOpenInSystem:
            return TapError(.device, subject, error.words, remedy: "raise the limit of open files ('ulimit -n')")
        default:
            return TapError(
                .unsupported, subject, "cannot be an output: \(error.words)",
                remedy: "its chip may have inputs only; name a line of another chip in the board file")
        }
    }
}

func isWritable(_ path: String) -> Bool { unsafe access(path, W_OK) == 0 }
func isThere(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

/// Sleeps until an absolute time of CLOCK_MONOTONIC, through signals (clock_nanosleep(2), TIMER_ABSTIME).
func sleep(until time: Timestamp) {
    var deadline = timespec(
        tv_sec: Int(time.nanoseconds / 1_000_000_000), tv_nsec: Int(time.nanoseconds % 1_000_000_000))
    while unsafe clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &deadline, nil) == EINTR {}
}
