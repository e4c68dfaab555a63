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

    /// For the header of a session that is recorded with a site file.
    static func note(_ path: String) -> [String] { StoreFile.text(path).map { [SiteNote.text(Array($0.utf8))] } ?? [] }

    static func hear(_ path: String?, in plan: inout SessionPlan) throws(TapError) {
        if let path { try plan.hear(CommandSite.load(path)) }
    }
}
