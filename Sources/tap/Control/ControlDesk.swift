import TapCommand
import TapConfig
import TapCore
import TapDriver
import TapRecord
import TapServe
import TapWatch

/// Takes what people ask of a watch that runs, over its socket: into the session's notes, and as a whole into its store.
final class ControlDesk: Sendable {
    let inbox = ControlInbox()
    private let site: Site
    /// nil: nothing is recorded.
    private let store: String?

    /// - Parameter store: its folder.
    init(_ site: Site, store: String?) {
        self.site = site
        self.store = store
    }

    /// Listens until `stop` is called on what it returns.
    func serve(at path: String) throws(TapError) -> ControlServer {
        let server = ControlServer(path: path) { [self] in answer($0, $1) }
        do throws(TapError) { try server.start() } catch {
            server.stop()
            throw error
        }
        return server
    }

    /// - Returns: `done: ` or `refused: `, and what.
    func answer(_ line: String, _ user: ControlUser) -> String {
        guard let asked = WatchRequest(line) else {
            return "refused: not a request, as 'permit calibration for 2h: REASON'"
        }
        do throws(TapError) { try asked.check(site) } catch { return "refused: \(error)" }
        // The reason is cut where it has no room; the store has it whole.
        guard inbox.put(author: user.name, text: asked.text) else { return "refused: too many requests wait" }
        let what = "\(asked.verb.rawValue) \(asked.subject)"
        let done =
            asked.time == .zero ? "done: \(what) ended" : "done: \(what) for \(DurationText.exact(asked.time)) from now"
        guard let store else { return done }
        let readings = ClockFixSource.Readings.system
        let clock = StoreClock { .init(monotonic: readings.monotonic(), utcNanoseconds: readings.utc_ns()) }
        do throws(TapError) {
            _ = try RecordStore(store).enter(StoreRequest(.remark(line), author: user.name), clock: clock)
        } catch { return "\(done); but the log did not take the reason: \(error)" }
        return done
    }
}
