import Glibc
import TapCommand
import TapConfig
import TapCore
import TapDriver
import TapRecord
import TapServe
import TapWatch

/// Takes what people ask of a watch that runs, over its socket: into the session's notes, and as a whole into its store.
final class ControlDesk: Sendable {
    /// Of what is said of an incident: it is split into notes.
    private static let mostWords = 1_000
    let inbox = ControlInbox()
    let incidents = IncidentBoard()
    private let site: Site
    /// nil: nothing is recorded.
    private let store: String?
    private let say: @Sendable (String) -> Void
    /// Who says what comes through a window: the user of this process.
    private let own = ControlUser(id: geteuid())

    /// - Parameters:
    ///   - store: its folder.
    ///   - say: takes a line for each statement that comes through a window, on any thread.
    init(_ site: Site, store: String?, say: @escaping @Sendable (String) -> Void = { _ in }) {
        self.site = site
        self.say = say
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
        if let said = IncidentRequest(line) { return answer(said, user) }
        guard let asked = WatchRequest(line) else {
            return "refused: not a request, as 'permit calibration for 2h: REASON'"
        }
        do throws(TapError) { try asked.check(site) } catch { return "refused: \(error)" }
        // The reason is cut where it has no room; the store has it whole.
        guard inbox.put(author: user.name, texts: [asked.text]) else { return "refused: too many requests wait" }
        let what = "\(asked.verb.rawValue) \(asked.subject)"
        let span = DurationText.exact(asked.time)
        let done =
            switch asked.verb {
            case .approve:
                "done: \(what) as \(asked.value) from now; the value before may be claimed for \(span) more at most"
            case .trust: "done: \(what) from now"
            case .permit, .shelve: asked.time == .zero ? "done: \(what) ended" : "done: \(what) for \(span) from now"
            }
        return enter(line, user, done)
    }

    /// Said through a window: the user is that of this process, and the token's name stands as who they say they are.
    func answer(_ said: IncidentRequest, token name: String) -> String {
        let answer = answer(said, own, from: "through the window, token \(name): ")
        say("through the window, token \(name): \(answer)")
        return answer
    }

    private func answer(_ said: IncidentRequest, _ user: ControlUser, from place: String = "") -> String {
        if let refusal = incidents.refusal(of: said.incident) { return "refused: \(refusal)" }
        guard said.verb != .more, said.words.utf8.count <= ControlDesk.mostWords else {
            return "refused: the words have more than \(ControlDesk.mostWords) bytes"
        }
        let before = said.verb == .acknowledge ? incidents.acknowledger(of: said.incident) : nil
        guard inbox.put(author: user.name, texts: said.notes) else { return "refused: too many requests wait" }
        let done =
            said.verb == .note
            ? "done: noted of incident \(said.incident)"
            : "done: incident \(said.incident) acknowledged" + (before.map { "; \($0) did so before" } ?? "")
        return enter(place + said.text, user, done)
    }

    /// Into the log of the store, as a whole.
    private func enter(_ line: String, _ user: ControlUser, _ done: String) -> String {
        guard let store else { return done }
        do throws(TapError) {
            _ = try RecordStore(store).enter(StoreRequest(.remark(line), author: user.name), clock: .system)
        } catch { return "\(done); but the log did not take the reason: \(error)" }
        return done
    }
}
