import ArgumentParser
import TapCore
import TapRecord

/// `--policy FILE`.
enum PolicyArgument {
    static let help = ArgumentHelp(
        "A file of C2SP tlog-policy: which witnesses there are, and how many of them have to have cosigned.",
        valueName: "file")

    static func read(_ path: String) throws(TapError) -> WitnessPolicy {
        guard let text = StoreFile.text(path) else {
            throw TapError(.configuration, printable(path), "cannot be read", remedy: "check its path")
        }
        do throws(WitnessPolicy.Mistake) { return try WitnessPolicy(parsing: Array(text.utf8)) } catch {
            let place = error.line > 0 ? "\(printable(path)):\(error.line)" : printable(path)
            throw TapError(
                .configuration, place, error.what,
                remedy: "docs/witness.md shows a policy; c2sp.org/tlog-policy has all")
        }
    }
}
