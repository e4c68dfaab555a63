/// A key that files of before have, and which means nothing any more.
package struct FormerKey: Sendable {
    /// The key that has taken its place.
    package var now: String
    /// What to write instead.
    package var fix: String

    package init(now: String, fix: String) {
        self.now = now
        self.fix = fix
    }
}
