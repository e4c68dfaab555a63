import Glibc
public import TapCore
import TapDriver

/// Whether a board file describes this machine, and its signals have the provenance it states.
public enum BoardMatch {
    public static func check(_ board: Board) throws(TapError) {
        guard !board.compatible.isEmpty else { return }
        let here = Machine.current.deviceTreeNames
        guard !here.contains(where: board.compatible.contains) else { return }
        throw TapError(
            .wrongMachine, "board '\(board.name)'",
            here.isEmpty
                ? "is \(board.compatible.joined(separator: " or ")), but this machine has no device tree that says so"
                : "is \(board.compatible.joined(separator: " or ")), but this machine is \(here.joined(separator: ", "))",
            remedy: "use the board file of this machine; 'tap doctor' shows which machine it is")
    }

    /// Hardware must be hardware, and what is emulated must not pass for it. A board says nothing of remote ADCs: they
    /// are stamped with what their context says.
    public static func checkProvenance(_ board: Board, _ sources: [SourceInfo]) throws(TapError) {
        for source in sources where !source.lines.isEmpty || !source.devices.isEmpty {
            let isRemote = source.devices.contains { $0.context != "local:" }
            guard source.provenance != board.provenance, !isRemote else { continue }
            throw TapError(
                .wrongMachine, "board '\(board.name)'",
                "says its signals are \(board.provenance.rawValue), but source '\(source.name)' is \(source.provenance.rawValue)",
                remedy: "use a board file with the right provenance")
        }
    }

    /// The kernel's release.
    public static func kernel() -> String {
        var names = utsname()
        guard unsafe uname(&names) == 0 else { return "" }
        return unsafe withUnsafeBytes(of: names.release) {
            unsafe String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
        }
    }
}
