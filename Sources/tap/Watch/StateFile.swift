import TapCommand
import TapCore
import TapWatch

/// A file in which a watch keeps what a next one is to know. It is put in place as a whole. On one thread.
final class StateFile {
    private let path: String
    /// The site's name.
    private let site: String
    private var hasFailed = false

    init(_ path: String, site: String) {
        self.path = path
        self.site = site
    }

    /// What it holds; nothing where it is not there yet.
    func read() throws(TapError) -> WatchState {
        let bytes: [UInt8]
        do throws(Errno) { bytes = try SystemFile.bytes(path, atMost: 1 << 24) } catch {
            if error == .notFound { return WatchState() }
            throw TapError(
                .configuration, printable(path), "cannot be read: \(error.words)",
                remedy: "name another file with --state")
        }
        guard let state = WatchState(String(decoding: bytes, as: UTF8.self), site: site) else {
            throw TapError(
                .configuration, printable(path), "is no state of a watch of site '\(site)'",
                remedy: "name another file with --state, or delete it: offsets, proofs and incidents begin anew then")
        }
        return state
    }

    /// A watch goes on where that fails, which is said once.
    func write(_ state: WatchState) {
        do throws(TapError) {
            let file = try OutputFile(path, mayReplace: true, appears: .whenWhole)
            try file.write(state.text(site: site))
            try file.commit()
        } catch {
            if !hasFailed {
                ExitStatus.say(
                    "\(printable(path)) \(error.what): a next watch will not know proofs, counters and incidents")
            }
            hasFailed = true
        }
    }
}
