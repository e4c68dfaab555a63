import TapCore

/// Reads site files: YAML that says what an installation's wires carry, what is said of them, and what must hold.
/// docs/sites.md says what each key means.
///
/// Every function may be called from any thread. The same text gives the same site or the same errors everywhere.
/// No input makes them trap.
///
/// ```swift
/// let site = try SiteFile.parse(
///     """
///     tap-site: 1
///     name: door
///     title: A door
///     signals:
///       DOOR: {role: feedback, high: closed}
///     """, file: "door.yaml")
/// ```
public enum SiteFile {
    /// Reads a site file, and the board or scenario file that it names. Blocks for as long as the file system does.
    ///
    /// - Parameters:
    ///   - path: stands at the beginning of each error as it is given here.
    ///   - plants: the kinds of plants that a scenario may have.
    /// - Throws: every mistake in the file; or one without a position, if the file cannot be read.
    public static func load(path: String, plants: [PlantKind] = []) throws(ConfigurationErrors) -> Site {
        try parse(
            ConfigurationFile.read(path, .site), file: path, folder: ConfigurationFile.folder(of: path),
            plants: plants)
    }

    /// Reads the text of a site file, whose board is not looked at.
    ///
    /// - Parameter file: the name of it in errors.
    /// - Throws: every mistake in the text.
    public static func parse(_ text: String, file: String) throws(ConfigurationErrors) -> Site {
        try parse(Array(text.utf8), file: file, folder: nil, plants: [])
    }

    /// Reads the bytes of a site file, which are to be UTF-8.
    ///
    /// - Parameter file: the name of it in errors.
    /// - Throws: every mistake in the bytes.
    public static func parse(_ bytes: [UInt8], file: String) throws(ConfigurationErrors) -> Site {
        try parse(bytes, file: file, folder: nil, plants: [])
    }

    private static func parse(
        _ bytes: [UInt8], file: String, folder: String?, plants: [PlantKind]
    ) throws(ConfigurationErrors) -> Site {
        try ConfigurationFile.parse(bytes, .site, file: file) { mistakes, root in
            var reader = SiteReader(bytes, mistakes: mistakes, folder: folder, plants: plants)
            return reader.site(root)
        }
    }
}
