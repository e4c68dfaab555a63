public import TapCore

/// Reads profiles: JSON, which is YAML. docs/formats/profile.md says what each key means.
public enum ProfileFile {
    /// Where the profile of a board is looked for unless named: beside its file, with another ending.
    public static func path(besideBoard path: String) -> String {
        let stem = path.hasSuffix(".yaml") ? String(path.dropLast(5)) : path
        return stem + ".profile.json"
    }

    /// Reads a profile. Blocks for as long as the file system does.
    ///
    /// - Returns: nil if there is no such file.
    /// - Throws: every mistake in it, or why it cannot be read.
    public static func load(path: String) throws(ConfigurationErrors) -> Profile? {
        let bytes: [UInt8]
        do throws(FileProblem) { bytes = try readFile(path, longest: ConfigurationFile.longest) } catch {
            if case .system(.notFound) = error { return nil }
            throw ConfigurationErrors([ConfigurationFile.unreadable(path, .profile, error)])
        }
        return try parse(bytes, file: path)
    }

    /// - Parameter file: the name of it in errors.
    public static func parse(_ bytes: [UInt8], file: String) throws(ConfigurationErrors) -> Profile {
        try ConfigurationFile.parse(bytes, .profile, file: file) { mistakes, root in
            ProfileReader(mistakes: mistakes).profile(root)
        }
    }
}
