import ArgumentParser
import TapCommand
import TapCore
import TapRecord
import TapSession

/// --site of the commands that run a session: whose claims are heard in it.
enum SiteArgument {
    static let help = ArgumentHelp(
        "A site file: claims of its sources that are heard on captured lines, or that files give, become records too.",
        valueName: "file")

    /// For the header of a session that is recorded with a site file: its digest, and whether the session before had another.
    ///
    /// - Parameters:
    ///   - text: all of the file.
    ///   - store: that it is recorded into.
    static func notes(_ text: String, into store: String) -> [String] {
        let bytes = Array(text.utf8)
        let change = RecordStore(store).newestSession().flatMap { SiteNote.change(bytes, since: $0) }
        return [SiteNote.text(bytes)] + (change.map { [$0] } ?? [])
    }

    static func hear(_ path: String?, in plan: inout SessionPlan) throws(TapError) {
        if let path { try plan.hear(CommandSite.load(path)) }
    }
}
