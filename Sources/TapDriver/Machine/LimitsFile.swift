/// The file that gives a user's logins more.
package enum LimitsFile {
    package static let path = "/etc/security/limits.d/tap.conf"

    /// A line to paste into a shell.
    package static func line(_ user: String, _ item: String, _ value: String) -> String {
        "echo '\(user) - \(item) \(value)' | sudo tee -a \(path)"
    }
}
