/// A kind of file that tap reads. Of its keys only the first is known here.
package struct FileKind: Sendable {
    let noun: String
    /// The key that says what the file is, and of which version.
    let key: String
    /// Where its keys are described.
    let document: String
    /// What to do with one that was given in place of another kind.
    let use: String

    /// Keys by what tap 0.1.0 wrote for them, which is read too.
    var older: [String: String] = [:]

    var head: String { "\(key): 1" }

    package static let board = FileKind(
        noun: "board", key: "tap-board", document: "docs/boards.md", use: "give it with --board")
    package static let scenario = FileKind(
        noun: "scenario", key: "tap-scenario", document: "docs/scenarios.md",
        use: "give it with --sim, or to 'tap sim'")
    package static let profile = FileKind(
        noun: "profile", key: "tap_profile", document: "docs/formats/profile.md", use: "give it with --profile",
        older: ["tap-profile": "tap_profile"])

    /// The value of its first key; nil: it is not of this kind.
    func mark(of root: Node) -> Node? {
        root.value(of: key) ?? older.first { $0.value == key }.flatMap { root.value(of: $0.key) }
    }

    package static let site = FileKind(
        noun: "site", key: "tap-site", document: "docs/sites.md", use: "give it to 'tap site check'")

    static let all = [board, scenario, profile, site]
}
