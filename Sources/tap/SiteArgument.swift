import ArgumentParser
import TapCommand
import TapCore
import TapSession

/// --site of the commands that run a session: whose claims are heard in it.
enum SiteArgument {
    static let help = ArgumentHelp(
        "A site file: claims of its sources that are heard on captured lines, or that files give, become records too.",
        valueName: "file")

    static func hear(_ path: String?, in plan: inout SessionPlan) throws(TapError) {
        if let path { try plan.hear(CommandSite.load(path)) }
    }
}
