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
