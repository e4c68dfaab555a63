import CGpiodDrive
import Glibc
import TapCore

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
