import TapCore

/// Reads scenario files: YAML that says what simulated wires do. docs/scenarios.md says what each key means. The file of
/// a simulated board is one too.
///
/// Every function may be called from any thread. The same text gives the same scenario or the same errors everywhere.
/// No input makes them trap. A profile that a file names is read with it.
public enum ScenarioFile {
    /// Reads a scenario file. Blocks for as long as the file system does.
    ///
    /// - Parameter path: stands at the beginning of each error as it is given here.
    /// - Throws: every mistake in the file; or one without a position, if the file cannot be read.
    public static func load(path: String) throws(ConfigurationErrors) -> Scenario {
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
        return try parse(ConfigurationFile.read(path, .scenario), file: path, folder: folder)
    }

    /// Reads the text of a scenario file, which can name no other file.
    ///
    /// - Parameter file: the name of it in errors.
    /// - Throws: every mistake in the text.
    public static func parse(_ text: String, file: String) throws(ConfigurationErrors) -> Scenario {
        try parse(Array(text.utf8), file: file)
    }

    /// Reads the bytes of a scenario file, which are to be UTF-8.
    ///
    /// - Parameter file: the name of it in errors.
    /// - Throws: every mistake in the bytes.
    public static func parse(_ bytes: [UInt8], file: String) throws(ConfigurationErrors) -> Scenario {
        try parse(bytes, file: file, folder: nil)
    }

    private static func parse(
        _ bytes: [UInt8], file: String, folder: String?
    ) throws(ConfigurationErrors) -> Scenario {
        try ConfigurationFile.parse(bytes, .scenario, file: file) { mistakes, root in
            var reader = ScenarioReader(mistakes: mistakes, folder: folder)
            return reader.scenario(root)
        }
    }
}
